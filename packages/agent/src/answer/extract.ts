/** Picks what to show of a passage: whole when it is short, else the blocks that fit the question, in their order. */
import { type Block, blocksOf } from "../knowledge/blocks.ts"
import { plainText } from "../text/clean.ts"
import { analyze } from "../text/analyze.ts"
import { wordCount } from "../text/segment.ts"

/** In words; a table row or list step more is worth less than an answer that is read. */
const longest = 120

interface Part {
  readonly at: number
  readonly text: string
  readonly words: number
  readonly score: number
}

const sentencesOf = (text: string, language: string): ReadonlyArray<string> =>
  [
    ...new Intl.Segmenter(language === "" ? "en" : language, { granularity: "sentence" }).segment(text),
  ].flatMap(({ segment }) => (segment.trim() === "" ? [] : [segment.trim()]))

const overlap = (text: string, wanted: ReadonlySet<string>, language: string): number => {
  const found = new Set(analyze(plainText(text), language).filter((term) => wanted.has(term)))
  return found.size
}

/** A long table keeps its head and the rows that fit; without a fitting row, its first ones. */
const cutTable = (table: string, wanted: ReadonlySet<string>, language: string, room: number): string => {
  const [head = "", rule = "", ...rows] = table.split("\n")
  const ranked = rows
    .map((row, at) => ({ row, at, score: overlap(row, wanted, language) }))
    .sort((a, b) => b.score - a.score || a.at - b.at)
  const kept: Array<(typeof ranked)[number]> = []
  let words = wordCount(head)
  for (const one of ranked) {
    const more = wordCount(one.row)
    if (kept.length > 0 && words + more > room) break
    kept.push(one)
    words += more
  }
  return [head, rule, ...kept.sort((a, b) => a.at - b.at).map((one) => one.row)].join("\n")
}

/** Steps belong together from the first on: a long list is cut at its end, never in its middle. */
const cutList = (list: string, room: number): string => {
  const kept: Array<string> = []
  let words = 0
  for (const line of list.split("\n")) {
    const more = wordCount(line)
    if (kept.length > 0 && words + more > room) return [...kept, "…"].join("\n")
    kept.push(line)
    words += more
  }
  return kept.join("\n")
}

const partsOf = (
  blocks: ReadonlyArray<Block>,
  wanted: ReadonlySet<string>,
  language: string,
): ReadonlyArray<Part> => {
  let at = 0
  return blocks.flatMap((block) => {
    const texts = block.kind === "paragraph" ? sentencesOf(block.text, language) : [block.text]
    return texts.map((text) => {
      const score = overlap(text, wanted, language)
      return {
        at: at++,
        text,
        words: wordCount(text),
        score: score / Math.sqrt(Math.max(8, wordCount(text)) / 8),
      }
    })
  })
}

const shorten = (text: string, wanted: ReadonlySet<string>, language: string, room: number): string => {
  if (wordCount(text) <= room) return text
  if (/^\s*\|/.test(text)) return cutTable(text, wanted, language, room)
  if (/^\s*(?:[-*+]|\d{1,3}[.)])\s/.test(text)) return cutList(text, room)
  return text
}

/**
 * At most about 120 words of a passage, in Markdown. `question`: what the customer wrote; `language`: of the article.
 * Text is never rewritten: what is shown stands in the article.
 */
export const extract = (passage: string, question: string, language: string): string => {
  if (wordCount(passage) <= longest) return passage
  const wanted = new Set(analyze(plainText(question), language))
  const blocks = blocksOf(passage)
  const parts = partsOf(blocks, wanted, language)
  const ranked = [...parts].sort((a, b) => b.score - a.score || a.at - b.at)
  const kept: Array<Part> = []
  let room = longest
  for (const part of ranked) {
    if (part.score === 0 && kept.length > 0) break
    if (part.words <= room) {
      kept.push(part)
      room -= part.words
    } else if (kept.length === 0) {
      const text = shorten(part.text, wanted, language, room)
      kept.push({ ...part, text })
      room -= wordCount(text)
    }
    if (room < 8) break
  }
  kept.sort((a, b) => a.at - b.at)
  return kept.reduce((out, part, index) => {
    const before = kept[index - 1]
    if (before === undefined) return part.text
    const inline = !/^\s*(?:\||[-*+]\s|\d{1,3}[.)]\s|```)/.test(part.text) && before.at === part.at - 1
    return `${out}${inline && !/^\s*(?:\||[-*+]\s|\d)/.test(before.text) ? " " : "\n\n"}${part.text}`
  }, "")
}
