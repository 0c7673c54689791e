/** What to search for: the customer's unanswered lines, and earlier words for a short follow-up. */
import type { TurnContext } from "@opencx/core"
import { analyze } from "../text/analyze.ts"
import { matterOf, withoutAddresses } from "../text/clean.ts"
import { mattersIn } from "../text/courtesy.ts"
import { pointsBack } from "./pointing.ts"
import { saidIn } from "./said.ts"

export interface Turn {
  /** The unanswered lines as written: for tone. */
  readonly written: string
  /** The same without quotes, greeting, signature: for intents. */
  readonly matter: string
  /** The AI's or a human's line just before, if any. */
  readonly before: { readonly role: "ai" | "human"; readonly text: string } | null
  /** Customer lines answered before, oldest first. */
  readonly earlier: ReadonlyArray<string>
  /** What was talked about before, by anybody, newest first: short, and of an answer the titles that it links. */
  readonly talk: ReadonlyArray<string>
}

export interface Query {
  /** What is asked. */
  readonly text: string
  /** What is told around the question; for a short follow-up the line before it. */
  readonly story: string
  /** The subject of a first message. */
  readonly context: string
  /** What was talked about before, newest first. */
  readonly talk: ReadonlyArray<string>
}

/** So many lines before the question tell what it is about; of each so many words. */
const longestTalk = 6
const longestLine = 40

/** An answer quotes a whole passage: what it is about stands in the titles that it links. */
const topicIn = (text: string): string => {
  const titles = [...text.matchAll(/\[([^\]]+)\]\(https?:[^)]*\)/g)].map((link) => link[1] ?? "")
  return titles.length > 0 ? titles.join("\n") : text.split(/\s+/).slice(-longestLine).join(" ")
}

/** With fewer terms than this a question borrows from the line before it, and from a few more when it points back. */
const tooShort = 2
const shortQuery = 4
/** Nobody asks in more; what is longer costs time and says less. In characters. */
const longest = 2000

/** Splits the conversation at the unanswered burst. Customer lines only count from the end, whatever `unanswered` says. */
export const turnOf = (context: Pick<TurnContext, "lines" | "unanswered">): Turn => {
  const { lines } = context
  let from = lines.length
  let left = Math.max(1, context.unanswered)
  while (from > 0 && left > 0 && lines[from - 1]?.role === "customer") {
    from -= 1
    left -= 1
  }
  const burst = lines.slice(from).map((line) => line.text)
  const earlierLines = lines.slice(0, from)
  const last = earlierLines.findLast((line) => line.role !== "customer")
  return {
    written: burst.join("\n"),
    matter: burst.map(matterOf).join("\n"),
    before: last === undefined || last.role === "customer" ? null : { role: last.role, text: last.text },
    earlier: earlierLines.flatMap((line) => (line.role === "customer" ? [matterOf(line.text)] : [])),
    talk: earlierLines
      .slice(-longestTalk)
      .toReversed()
      .map((line) => topicIn(matterOf(line.text))),
  }
}

const replyPrefix = /^(?:(?:re|aw|fwd?|wg|sv|vs|antw|rv|tr|odp|ynt)\s*:\s*)+/i

/** Thanks, names and "I have a question" taken off: what a mail says of its matter. */
export const matterOnly = (text: string): string => {
  const left = mattersIn(text).join("\n")
  return left === "" ? text : left
}

/** `language`: for counting telling words only. */
export const queryOf = (turn: Turn, subject: string | null, language: string): Query => {
  const { asks, story } = saidIn(withoutAddresses(turn.matter).slice(0, longest), language)
  const about = subject === null ? "" : withoutAddresses(subject.replace(replyPrefix, ""))
  const isFirst = turn.earlier.length === 0
  const terms = analyze(`${asks}\n${story}`, language).length
  const short = terms < tooShort || (terms < shortQuery && pointsBack(asks))
  const previous = short ? matterOnly(withoutAddresses(turn.earlier.at(-1) ?? "")).slice(0, longest) : ""
  return {
    text: asks,
    story: [story, previous].filter((part) => part.trim() !== "").join("\n"),
    context: isFirst ? about : "",
    talk: [...turn.talk.map(withoutAddresses), ...(isFirst ? [] : [about])].filter((line) => line !== ""),
  }
}

/** For a trace: what was searched with. */
export const queriesOf = (query: Query | null): ReadonlyArray<string> =>
  query === null
    ? []
    : [query.text, query.story, query.context, query.talk.join("\n")].filter((text) => text !== "")
