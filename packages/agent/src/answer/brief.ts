/** The brief for the human who takes over: deterministic, from the conversation alone. */
import type { Brief, ConversationLine, HandoffReason, TurnContext } from "@opencx/core"
import { detectLanguage } from "../language/detect.ts"
import { sentimentOf } from "../sentiment/sentiment.ts"
import { smallTalkOf } from "../intents/smallTalk.ts"
import { asksForHuman } from "../intents/humanRequest.ts"
import { isAskBack } from "../agent/templates.ts"
import { baseLanguage } from "../text/analyze.ts"
import { matterOf, plainText } from "../text/clean.ts"
import { type BriefWords, briefWordsOf } from "./briefWords.ts"
import { detailsIn } from "./details.ts"

const longestSummary = 120
const longestQuote = 38
const longestLatest = 26
const longestAnswer = 24

const countWords = (text: string): number => text.split(/\s+/).filter((word) => word !== "").length

/** Words by spaces; text without spaces is cut by letters, two to a word. */
const shorten = (text: string, most: number): string => {
  const flat = plainText(text).replace(/\s+/g, " ").trim()
  const words = flat.split(" ")
  if (words.length <= most && flat.length <= most * 12) return flat
  const cut = words.slice(0, most).join(" ")
  const letters = [...cut]
  return `${letters.slice(0, most * 12).join("")}…`
}

/** Titles behind the links of AI lines: the articles that were offered, without repeats. */
const offeredIn = (lines: ReadonlyArray<ConversationLine>): ReadonlyArray<string> => {
  const titles = lines.flatMap((line) =>
    line.role === "ai"
      ? [...line.text.matchAll(/\[([^\]]+)\]\(https?:[^)]*\)/g)].map((link) => link[1] ?? "")
      : [],
  )
  return [...new Set(titles)].slice(-3)
}

/** What the customer wants: lines that are a matter, not a greeting or the wish for a human. */
const mattersOf = (lines: ReadonlyArray<ConversationLine>): ReadonlyArray<string> =>
  lines.flatMap((line) => {
    if (line.role !== "customer") return []
    const matter = matterOf(line.text)
    return matter === "" || smallTalkOf(matter) !== null || (asksForHuman(matter) && countWords(matter) <= 8)
      ? []
      : [matter]
  })

/** What was tried: articles that were offered, or what the AI said last when it offered none. */
const triedIn = (lines: ReadonlyArray<ConversationLine>, words: BriefWords): string => {
  const offered = offeredIn(lines).map((title) => `“${shorten(title, 10)}”`)
  if (offered.length > 0) return `${words.offered}: ${offered.join(", ")}.`
  const answer = lines.findLast((line) => line.role === "ai" && !isAskBack(line.text))
  const said = answer === undefined ? "" : shorten(answer.text, longestAnswer)
  return said === "" ? words.nothingOffered : `${words.answered}: “${said}”`
}

/** One word is left for the dots of a cut. */
const roomBeside = (parts: ReadonlyArray<string>): number => longestSummary - 1 - countWords(parts.join(" "))

const summaryOf = (context: TurnContext, reason: HandoffReason, language: string | null): string => {
  const words = briefWordsOf(context.agentLanguage)
  const matters = mattersOf(context.lines)
  const [first] = matters
  const last = matters.length > 1 ? matters.at(-1) : undefined
  const { subject } = context
  const before = [
    first === undefined ? words.noMatter : `${words.wants}: “${shorten(first, longestQuote)}”`,
    ...(subject === null || subject.trim() === "" ? [] : [`${words.subject}: ${shorten(subject, 10)}.`]),
  ]
  const after = [
    ...(last === undefined ? [] : [`${words.latest}: “${shorten(last, longestLatest)}”`]),
    triedIn(context.lines, words),
    words.reasons[reason],
  ]
  const told = [...before, ...after]
  const room = roomBeside([...told, words.also])
  const details = detailsIn(matters.map(plainText), told, baseLanguage(language ?? "en"), room)
  const also = details.length === 0 ? [] : [`${words.also}: “${shorten(details.join(" … "), room)}”`]
  return shortenParts([...before, ...also, ...after])
}

/** Each part is limited already; this keeps the promise for any language's fixed words. */
const shortenParts = (parts: ReadonlyArray<string>): string => {
  const all = parts.join(" ").split(/\s+/)
  return all.length <= longestSummary ? all.join(" ") : `${all.slice(0, longestSummary - 1).join(" ")} …`
}

/** The same conversation always gives the same brief. */
export const briefOf = (context: TurnContext, reason: HandoffReason): Brief => {
  const customer = context.lines.filter((line) => line.role === "customer").map((line) => line.text)
  const language = detectLanguage(customer.slice(-4).map(matterOf).join("\n"), context.language)
  return {
    summary: summaryOf(context, reason, language),
    sentiment: sentimentOf(customer.slice(-4), language),
    language,
    reason,
  }
}
