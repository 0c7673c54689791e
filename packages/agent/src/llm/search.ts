/** The model's search. The surface is fixed here and in the type of what comes back: public articles only. */
import type { Hit, Knowledge, KnowledgeError, OrgId } from "@opencx/core"
import { Effect } from "effect"
import type { Fence } from "./prompts/fence.ts"
import type { TurnLog } from "./TurnLog.ts"

const limit = 5
const longestQuery = 500
/** Characters of one passage. */
const longestPassage = 2500

const isLanguage = (value: string): boolean => /^[a-z]{2,3}(?:[-_][a-z0-9]{2,8}){0,3}$/i.test(value)

const described = (hit: Hit<"customer">, fence: Fence): string =>
  fence.wrap(
    "article of the Help Center",
    [
      `id: ${hit.articleId}`,
      `title: ${[hit.title, ...hit.headings].join(" › ")}`,
      ...(hit.url === null ? [] : [`address: ${hit.url}`]),
      "",
      hit.passage.slice(0, longestPassage),
    ].join("\n"),
  )

export interface Searching {
  readonly knowledge: Knowledge["Service"]
  readonly orgId: OrgId
  /** The customer's language, where the model names none. */
  readonly language: string | null
  readonly fence: Fence
  readonly log: TurnLog
}

/** What the model reads of a search. */
export const searchHelpCenter = Effect.fnUntraced(function* (
  input: { readonly query: string; readonly language: string | null },
  { fence, knowledge, language, log, orgId }: Searching,
): Effect.fn.Return<string, KnowledgeError> {
  const text = input.query.replace(/\s+/g, " ").trim().slice(0, longestQuery)
  const asked = input.language !== null && isLanguage(input.language) ? input.language : language
  const hits =
    text === "" ? [] : yield* knowledge.search({ orgId, text, surface: "customer", locale: asked, limit })
  log.found(text, hits)
  log.event(`searchHelpCenter “${text}”: ${hits.length} found`)
  return hits.length === 0
    ? "Nothing was found. Try other words, or hand over."
    : hits.map((hit) => described(hit, fence)).join("\n")
})
