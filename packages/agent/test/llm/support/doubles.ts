/** Model doubles that read what they are given: no answer in them is written beforehand. */
import type { Asked } from "./Asked.ts"
import type { Reply, Script } from "./ModelServer.ts"

export const lastWords = (asked: Asked): string =>
  asked.blocks.findLast((block) => block.label.includes("customer"))?.text ?? ""

/** The question without the politeness around it. */
const telling = (text: string): ReadonlyArray<string> =>
  (text.toLowerCase().match(/[\p{L}\p{N}]{4,}/gu) ?? []).filter(
    (one) => !/^(?:what|which|does|your|with)$/.test(one),
  )

export interface FoundArticle {
  readonly id: string
  readonly title: string
  readonly url: string | null
  readonly passage: string
}

export const foundIn = (asked: Asked): ReadonlyArray<FoundArticle> =>
  asked.found.map(({ text }) => {
    const [head = "", ...rest] = text.split("\n\n")
    return {
      id: /^id: (.*)$/m.exec(head)?.[1] ?? "",
      title: /^title: (.*)$/m.exec(head)?.[1] ?? "",
      url: /^address: (.*)$/m.exec(head)?.[1] ?? null,
      passage: rest.join("\n\n"),
    }
  })

export const search = (query: string): Reply => ({
  calls: [{ name: "searchHelpCenter", args: { query: query.slice(0, 480), language: null } }],
})

export const answer = (articleIds: ReadonlyArray<string>, text: string, confidence = 0.9): Reply => ({
  calls: [{ name: "answer", args: { articleIds, text, confidence } }],
})

export const handoff = (reason: string): Reply => ({ calls: [{ name: "handoff", args: { reason } }] })

const brief = (asked: Asked): Reply => ({
  text: JSON.stringify({
    summary: `The customer writes: ${lastWords(asked).split(/\s+/).slice(0, 60).join(" ")}`,
    sentiment: "neutral",
    language: null,
  }),
})

/** Searches for the customer's words and answers with the first passage that shares one of them; gives up when none does. */
export const honest: Script = (asked) => {
  if (asked.tools.length === 0) return brief(asked)
  const question = lastWords(asked)
  const hasSearched = asked.toolResults.some((one) => /^(?:<<<|Nothing was found)/.test(one))
  if (!hasSearched) return search(question)
  const wanted = telling(question)
  const best = foundIn(asked).find(({ passage, title }) =>
    wanted.some((one) => `${title}\n${passage}`.toLowerCase().includes(one)),
  )
  return best === undefined
    ? handoff("no_answer")
    : answer([best.id], best.passage.replace(/^#+ .*\n+/gm, ""))
}
