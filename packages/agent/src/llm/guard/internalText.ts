/**
 * The last net: a reply that repeats an internal article is not shown, wherever the words came from (a model that was trained
 * on them, a customer's guess). The search on the agents' surface happens here, after the model; what it finds goes nowhere:
 * the answer is yes or no.
 */
import type { Hit, Knowledge, KnowledgeError, OrgId } from "@opencx/core"
import { Effect } from "effect"
import { fold } from "../../text/fold.ts"
import { unsupportedFacts } from "./facts.ts"
import type { Material } from "./material.ts"

/** Words in a row. Shorter runs are phrases that everybody writes. */
const run = 7
const agentHits = 5
const publicHits = 30

const wordsOf = (text: string): ReadonlyArray<string> => fold(text).match(/[\p{L}\p{N}]+/gu) ?? []

/** Scripts without spaces: letters in a row stand for words. */
const pieces = (text: string): ReadonlyArray<string> => {
  const words = wordsOf(text)
  const cjk = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u
  return words.flatMap((one) => (cjk.test(one) ? [...one] : [one]))
}

const runsOf = (text: string): ReadonlySet<string> => {
  const all = pieces(text)
  return new Set(
    all.slice(0, Math.max(0, all.length - run + 1)).map((_, at) => all.slice(at, at + run).join(" ")),
  )
}

/** Whether the reply has words in a row, or a code, of the passage that it cannot have from its material. */
const isFrom = (text: string, hit: Hit<"agent">, material: Material): boolean => {
  const passage = [hit.title, ...hit.headings, hit.passage].join("\n")
  const own = runsOf(material.all)
  const theirs = runsOf(passage)
  for (const one of runsOf(text)) if (theirs.has(one) && !own.has(one)) return true
  const codes = unsupportedFacts(passage, material).map(fold)
  const said = fold(text)
  return codes.some((code) => said.includes(code))
}

/** An article may be public in one language and internal in another. */
const keyOf = ({ articleId, locale }: Pick<Hit<"agent">, "articleId" | "locale">): string =>
  `${articleId}:${locale}`

/** `text`: the whole reply, or the part of it that is about to be shown. */
export const repeatsInternalText = Effect.fnUntraced(function* (
  knowledge: Knowledge["Service"],
  orgId: OrgId,
  text: string,
  material: Material,
): Effect.fn.Return<boolean, KnowledgeError> {
  const query = { orgId, text: text.slice(0, 2000), locale: null }
  const all = yield* knowledge.search({ ...query, surface: "agent", limit: agentHits })
  if (all.length === 0) return false
  const open = yield* knowledge.search({ ...query, surface: "customer", limit: publicHits })
  const known = new Set(open.map(keyOf))
  return all.some((hit) => !known.has(keyOf(hit)) && isFrom(text, hit, material))
})
