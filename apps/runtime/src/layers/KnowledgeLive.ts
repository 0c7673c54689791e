/** Search over the articles of every organization, as the configuration wants it. */
import { HybridKnowledge, LexicalKnowledge } from "@opencx/agent"
import { Effect, Layer } from "effect"
import { join } from "node:path"
import { Settings } from "./Settings.ts"

export const KnowledgeLive = Layer.unwrap(
  Effect.gen(function* () {
    const { dataDir, search } = (yield* Settings).config
    const folder = search.keep ? join(dataDir, "search") : null
    const byWords = folder === null ? LexicalKnowledge.layer : LexicalKnowledge.layerIn(folder)
    if (search.embedding === undefined) return byWords
    return HybridKnowledge.layer({ settings: search.embedding, vectorsIn: folder }).pipe(
      Layer.provide(byWords),
    )
  }),
)
