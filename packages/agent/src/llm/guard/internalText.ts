/**
 * The last net: a reply that repeats an internal article is not shown, wherever the words came from (a model that was trained
 * on them, a customer's guess). The search on the agents' surface happens here, after the model; what it finds goes nowhere:
 * the answer is yes or no.
 */
import type { Hit, Knowledge, KnowledgeError, OrgId } from "@opencx/core"
import { Effect } from "effect"
import { unsupportedFacts } from "./facts.ts"
import { type Material, squeeze } from "./material.ts"
import { runsOf } from "./runs.ts"

const agentHits = 5
const publicHits = 30

/** An article may be public in one language and internal in another. */
export const versionOf = ({ articleId, locale }: Pick<Hit<"agent">, "articleId" | "locale">): string =>
  `${articleId}:${locale}`

/** Sentences and lines; a search for a whole reply finds what most of it is about, and not the one sentence that matters. */
const sentencesOf = (text: string): ReadonlyArray<string> =>
  text.split(/(?<=[.!?。！？؟।])\s+|(?<=[。！？])|\n+/u).filter((one) => /[\p{L}\p{N}]/u.test(one))

/** Replies are cut at the channel's limit; what is longer is no reply. */
const mostSentences = 60

interface Suspect {
  readonly text: string
  /** Words in a row that the material does not have. */
  readonly runs: ReadonlySet<string>
}

/** What a sentence says in words of its own. A sentence that repeats what was found needs no look. */
const suspectsIn = (text: string, material: Material): ReadonlyArray<Suspect> => {
  const known = runsOf(material.all)
  return sentencesOf(text)
    .slice(0, mostSentences)
    .map((one) => ({ text: one, runs: new Set([...runsOf(one)].filter((part) => !known.has(part))) }))
    .filter((one) => one.runs.size > 0)
}

/** Whether the sentence has words in a row, or a code, of the passage. */
const isFrom = (suspect: Suspect, hit: Hit<"agent">, material: Material): boolean => {
  const passage = [hit.title, ...hit.headings, hit.passage].join("\n")
  const theirs = runsOf(passage)
  for (const one of suspect.runs) if (theirs.has(one)) return true
  const said = squeeze(suspect.text)
  return unsupportedFacts(passage, material).some((code) => said.includes(squeeze(code)))
}

/** `text`: the whole reply, or the part of it that is about to be shown. */
export const repeatsInternalText = Effect.fnUntraced(function* (
  knowledge: Knowledge["Service"],
  orgId: OrgId,
  text: string,
  material: Material,
): Effect.fn.Return<boolean, KnowledgeError> {
  for (const suspect of suspectsIn(text, material)) {
    const query = { orgId, text: suspect.text.slice(0, 1000), locale: null }
    const all = yield* knowledge.search({ ...query, surface: "agent", limit: agentHits })
    if (!all.some((hit) => isFrom(suspect, hit, material))) continue
    const open = yield* knowledge.search({ ...query, surface: "customer", limit: publicHits })
    const known = new Set(open.map(versionOf))
    if (all.some((hit) => !known.has(versionOf(hit)) && isFrom(suspect, hit, material))) return true
  }
  return false
})

/** Passages that a text repeats though the material does not have them: what it rests on, whatever it says it rests on. */
export const repeatedOf = (
  text: string,
  hits: ReadonlyArray<Hit<"agent">>,
  material: Material,
): ReadonlyArray<Hit<"agent">> => {
  const suspects = suspectsIn(text, material)
  return hits.filter((hit) => suspects.some((one) => isFrom(one, hit, material)))
}
