/** Model doubles that read what they are given: no answer in them is written beforehand. */
import type { Trace } from "@opencx/core"
import type { Asked } from "./Asked.ts"
import type { Reply, Script } from "./ModelServer.ts"

/** The calls of tools in a trace, one a line: `searchHelpCenter: 2 found`. */
export const toolsIn = ({ model }: Trace): string =>
  (model?.tools ?? []).map(({ name, result }) => `${name}: ${result}`).join("\n")

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

/** Options whose label the customer says word for word; nothing else is certain to it. */
const fields = (asked: Asked): Reply => {
  const evidence = lastWords(asked)
  const said = evidence.toLowerCase()
  const filled = asked.blocks
    .filter(({ label }) => label === "ticket field")
    .flatMap(({ text }) => {
      const values = [...text.matchAll(/^- (\S+) = (?:.*::)?(.+)$/gm)]
        .filter(([, , label = ""]) => said.includes(label.toLowerCase()))
        .map(([, value = ""]) => value)
      const id = /^id: (.*)$/m.exec(text)?.[1] ?? ""
      return values.length === 0 ? [] : [{ id, values, evidence, confidence: 0.9 }]
    })
  return { text: JSON.stringify({ fields: filled }) }
}

/** A draft of the first passage that shares a word with what is asked; gives up when none does. */
const assistant: Script = (asked) => {
  const question = asked.blocks.findLast(({ label }) => /customer|question of/.test(label))?.text ?? ""
  const hasSearched = asked.toolResults.some((one) => /^(?:<<<|Nothing was found)/.test(one))
  if (!hasSearched)
    return { calls: [{ name: "searchKnowledge", args: { query: question.slice(0, 480), language: null } }] }
  const wanted = telling(question)
  const best = foundIn(asked).find(({ passage, title }) =>
    wanted.some((one) => `${title}\n${passage}`.toLowerCase().includes(one)),
  )
  if (best === undefined) return { calls: [{ name: "skip", args: { reason: "not_helpful_answer" } }] }
  const text = best.passage.replace(/^#+ .*\n+/gm, "")
  return { calls: [{ name: "draft", args: { articleIds: [best.id], text, confidence: 0.9 } }] }
}

/** Searches for the customer's words and answers with the first passage that shares one of them; gives up when none does. */
export const honest: Script = (asked) => {
  if (asked.tools.includes("draft")) return assistant(asked, 1)
  // Anthropic has its structured output as a tool.
  if (asked.tools.every((tool) => tool === "json"))
    return asked.user.includes("The fields:") ? fields(asked) : brief(asked)
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
