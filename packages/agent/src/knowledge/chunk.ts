/** Articles to passages of about 120 to 200 words, each under its heading path. */
import { wordCount } from "../text/segment.ts"
import { type Block, blocksOf } from "./blocks.ts"

export interface Chunk {
  /** Headings above the passage, outermost first; without the article's title. */
  readonly headings: ReadonlyArray<string>
  /** Markdown, headings left out. */
  readonly text: string
}

/** A passage is closed when the next block would take it over this, in words. */
const largest = 200
/** A section smaller than this joins the passage before it when both have the same parent heading. */
const smallest = 40

interface Open {
  readonly headings: ReadonlyArray<string>
  readonly blocks: Array<Block>
  words: number
}

const sentence = /[^.!?。！？\n]+(?:[.!?。！？]+["')\]]*|\n|$)\s*/gu

/** Only a paragraph may be cut, between sentences; a list, table or code block of any length stays whole. */
const cut = (block: Block): ReadonlyArray<Block> => {
  if (block.kind !== "paragraph" || wordCount(block.text) <= largest) return [block]
  const parts: Array<string> = []
  let open = ""
  for (const [piece] of block.text.matchAll(sentence)) {
    if (open !== "" && wordCount(open) + wordCount(piece) > largest) {
      parts.push(open)
      open = ""
    }
    open += piece
  }
  if (open !== "") parts.push(open)
  return parts.map((text) => ({ kind: "paragraph", level: 0, text: text.trim() }))
}

const sections = (markdown: string): ReadonlyArray<Open> => {
  const out: Array<Open> = []
  const path: Array<{ readonly level: number; readonly text: string }> = []
  let open: Open = { headings: [], blocks: [], words: 0 }
  for (const whole of blocksOf(markdown)) {
    if (whole.kind === "heading") {
      out.push(open)
      while ((path.at(-1)?.level ?? 0) >= whole.level) path.pop()
      path.push(whole)
      open = { headings: path.map((part) => part.text), blocks: [], words: 0 }
      continue
    }
    for (const block of cut(whole)) {
      const words = wordCount(block.text)
      if (open.words > 0 && open.words + words > largest) {
        out.push(open)
        open = { headings: open.headings, blocks: [], words: 0 }
      }
      open.blocks.push(block)
      open.words += words
    }
  }
  out.push(open)
  return out
}

/** Passages in reading order. An article without text gives none; a heading without text under it joins the path only. */
export const chunkMarkdown = (markdown: string): ReadonlyArray<Chunk> => {
  const merged: Array<Open> = []
  for (const part of sections(markdown)) {
    if (part.blocks.length === 0) continue
    const before = merged.at(-1)
    const same = before !== undefined && before.headings.join("\n") === part.headings.join("\n")
    if (same && before.words + part.words <= largest && Math.min(before.words, part.words) < smallest) {
      before.blocks.push(...part.blocks)
      before.words += part.words
      continue
    }
    merged.push(part)
  }
  return merged.map(({ headings, blocks }) => ({
    headings,
    text: blocks.map((block) => block.text).join("\n\n"),
  }))
}
