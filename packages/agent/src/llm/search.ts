/** The model's search. The surface is fixed by its caller and in the type of what comes back; no argument of a call names one. */
import type { Hit, Knowledge, KnowledgeError, OrgId, Surface } from "@opencx/core"
import { Effect } from "effect"
import type { ToolCall } from "./model/call.ts"
import type { Fence } from "./prompts/fence.ts"
import type { TurnLog } from "./TurnLog.ts"

const limit = 5
const longestQuery = 500
/** Characters of one passage. */
const longestPassage = 2500

const isLanguage = (value: string): boolean => /^[a-z]{2,3}(?:[-_][a-z0-9]{2,8}){0,3}$/i.test(value)

const described = (hit: Hit<Surface>, label: string, fence: Fence): string =>
  fence.wrap(
    label,
    [
      `id: ${hit.articleId}`,
      `title: ${[hit.title, ...hit.headings].join(" › ")}`,
      ...(hit.url === null ? [] : [`address: ${hit.url}`]),
      "",
      hit.passage.slice(0, longestPassage),
    ].join("\n"),
  )

export interface Searching<S extends Surface> {
  readonly knowledge: Knowledge["Service"]
  readonly orgId: OrgId
  readonly surface: S
  /** The customer's language, where the model names none. */
  readonly language: string | null
  readonly fence: Fence
  readonly log: TurnLog<S>
}

/** What the model asked for. */
export interface SearchInput {
  readonly query: string
  readonly language: string | null
}

/** As it is searched: short, on one line, in a language that may be one. */
export const searchOf = (input: SearchInput, language: string | null) => ({
  text: input.query.replace(/\s+/g, " ").trim().slice(0, longestQuery),
  locale: input.language !== null && isLanguage(input.language) ? input.language : language,
})

/** What the model reads of a search. `labelOf`: what an article is called before it. */
export const searchArticles = <S extends Surface>(
  part: ToolCall,
  input: SearchInput,
  { fence, knowledge, language, log, orgId, surface }: Searching<S>,
  labelOf: (hits: ReadonlyArray<Hit<S>>) => Effect.Effect<(hit: Hit<S>) => string, KnowledgeError>,
): Effect.Effect<string, KnowledgeError> =>
  Effect.gen(function* () {
    const { locale, text } = searchOf(input, language)
    const hits = text === "" ? [] : yield* knowledge.search({ orgId, text, surface, locale, limit })
    log.found(text, hits)
    const label = yield* labelOf(hits)
    const told =
      hits.length === 0
        ? "Nothing was found. Try other words, or end the turn without an answer."
        : hits.map((hit) => described(hit, label(hit), fence)).join("\n")
    log.tool(part, `${hits.length} found`, told)
    return told
  })
