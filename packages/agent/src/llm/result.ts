/** From an ending to the turn's result. The only place where a model's text becomes a customer's. */
import {
  CustomerText,
  type HandoffReason,
  type Hit,
  type Source,
  type Trace,
  type TurnContext,
  type TurnResult,
} from "@opencx/core"
import { templatesOf } from "../agent/templates.ts"
import { isVague } from "../agent/inWords.ts"
import { isSpoken, limitOf, shorten } from "./guard/limits.ts"
import type { LlmSettings } from "./settings.ts"
import type { Ending, TurnEnding } from "./turn.ts"
import type { Words } from "./words.ts"

export interface Finish {
  readonly context: TurnContext
  readonly words: Words
  readonly settings: LlmSettings
  readonly trace: (signals: Trace["signals"]) => Trace
}

export const escalate = (
  reason: HandoffReason,
  { trace, words }: Finish,
  signals: Trace["signals"] = {},
): TurnResult => ({
  _tag: "Escalate",
  reason,
  language: words.language,
  trace: trace({ decision: reason, ...signals }),
})

const askBack = (text: string, finish: Finish, signals: Trace["signals"] = {}): TurnResult => {
  const { trace, words } = finish
  // The second question in a row helps nobody.
  if (words.askedBack) return escalate("repeated_failure", finish, signals)
  return {
    _tag: "AskBack",
    text: CustomerText.make(text),
    language: words.language,
    trace: trace({ decision: "ask_back", ...signals }),
  }
}

/** An answer that nothing supports: ask, when the message says too little; else a human. */
const unsupported = (why: string, finish: Finish): TurnResult => {
  const { context, words } = finish
  if (isVague(words.turn, context.subject, words.language))
    return askBack(templatesOf(words.language).askBack, finish, { rejected: why })
  return escalate(words.askedBack ? "repeated_failure" : "no_answer", finish, { rejected: why })
}

const courtesy = (kind: "greeting" | "thanks" | "goodbye", { trace, words }: Finish): TurnResult => {
  const text = CustomerText.make(templatesOf(words.language)[kind])
  const ended = { language: words.language, trace: trace({ decision: kind }) }
  return kind === "greeting"
    ? { _tag: "AskBack", text, ...ended }
    : { _tag: "Answer", text, sources: [], confidence: 1, ...ended }
}

const linkOf = ({ title, url }: Hit<"customer">): string => {
  const label = title.replace(/[[\]\n]/g, "")
  return url === null ? label : `[${label}](${url})`
}

/** Below the answer, on channels that are read: where it stands. */
const withSources = (
  text: string,
  cited: ReadonlyArray<Hit<"customer">>,
  { context, words }: Finish,
): string => {
  const unlinked = cited.filter(({ url }) => url === null || !text.includes(url))
  if (isSpoken(context.channel) || unlinked.length === 0) return text
  return `${text}\n\n${templatesOf(words.language).sources}: ${unlinked.map(linkOf).join(", ")}`
}

const answer = (ending: Extract<Ending, { _tag: "Answer" }>, finish: Finish): TurnResult => {
  const { context, settings, trace, words } = finish
  const { cited, confidence, grounding, removed } = ending
  const signals = {
    confidence,
    ...(grounding === null ? {} : { grounding: Math.round(grounding * 1000) / 1000 }),
    ...(removed === 0 ? {} : { removedLinks: removed }),
  }
  if (confidence < settings.minConfidence) return escalate("no_answer", finish, signals)
  const text = shorten(ending.text, limitOf(context.channel))
  const sources: ReadonlyArray<Source> = cited.map(({ articleId, title, url }) => ({ articleId, title, url }))
  return {
    _tag: "Answer",
    text: CustomerText.make(withSources(text, cited, finish)),
    sources,
    confidence,
    language: words.language,
    trace: trace({ decision: "answer", ...signals }),
  }
}

export const resultOf = (turn: TurnEnding, finish: Finish): TurnResult => {
  if (turn._tag === "OverBudget") return escalate("agent_failed", finish, { budget: "tokens" })
  if (turn._tag === "Unsupported") return unsupported(turn.why, finish)
  const { ending } = turn
  switch (ending._tag) {
    case "Answer":
      return answer(ending, finish)
    case "AskBack":
      return askBack(ending.text, finish)
    case "Courtesy":
      return courtesy(ending.kind, finish)
    case "Handoff":
      return escalate(ending.reason, finish)
  }
}
