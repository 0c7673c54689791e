/** The AI of OpenCX: search over synced articles, and the embedded agent that answers from them without a network. */
export * as EmbeddedAgent from "./agent/EmbeddedAgent.ts"
export { chunkMarkdown, type Chunk } from "./knowledge/chunk.ts"
export { LexicalKnowledge } from "./knowledge/LexicalKnowledge.ts"
export type { IndexQuery, RankedHit } from "./knowledge/OrgIndex.ts"
export type { Evidence } from "./knowledge/rank.ts"
export { detectLanguage } from "./language/detect.ts"
export { sentimentOf } from "./sentiment/sentiment.ts"
