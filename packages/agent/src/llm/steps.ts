/** A model at work: step by step it searches as often as it may, and ends with one of the endings that are taken. */
import type { KnowledgeError, Surface } from "@opencx/core"
import type { ModelMessage, ToolResultPart, ToolSet } from "ai"
import { Clock, Effect } from "effect"
import type { Rejection } from "./guard/check.ts"
import { callModel, type CallResult, type ToolCall } from "./model/call.ts"
import type { LlmFailure } from "./model/LlmFailure.ts"
import type { ModelOf } from "./model/models.ts"
import { persist } from "./model/persist.ts"
import type { LlmSettings, LlmTarget } from "./settings.ts"
import type { TurnLog } from "./TurnLog.ts"

/** An ending that is taken, or why it is not. */
export type Judged<E> = { readonly ending: E } | { readonly why: Rejection }

/** What all steps of one turn have in common. `E`: how it may end. */
export interface Stepping<E> {
  readonly settings: LlmSettings
  readonly modelOf: ModelOf
  readonly log: TurnLog<Surface>
  /** Epoch milliseconds. */
  readonly deadline: number
  /** Tokens that this turn may still use. */
  readonly tokensLeft: number
  readonly spend: (tokens: number) => Effect.Effect<void>
  readonly instructions: string
  readonly message: string
  readonly tools: ToolSet
  /** In the last step there is nothing left to search for. */
  readonly endings: ReadonlyArray<string>
  readonly onInput?: (tool: string, input: unknown) => Effect.Effect<void>
  /** What the model reads of it; null for a call that is no search. */
  readonly search: (part: ToolCall) => Effect.Effect<string, KnowledgeError> | null
  /** Null for a call that is no ending. */
  readonly judge: (part: ToolCall, mayRepair: boolean) => Effect.Effect<Judged<E> | null, KnowledgeError>
}

export type Stepped<E> =
  | { readonly _tag: "Ended"; readonly ending: E }
  | { readonly _tag: "Unsupported"; readonly why: Rejection | "no_ending" }
  | { readonly _tag: "OverBudget" }

/** What a model is told whose ending is not taken. Says what to do, not what was found. */
const advice: Readonly<Record<Rejection | "no_ending", string>> = {
  empty: "The text is empty.",
  no_source:
    "Not accepted: name the ids of articles that were found in this turn, or end the turn without an answer.",
  foreign_link: "Not accepted: link to nothing but the addresses of found articles.",
  unsupported_fact: "Not accepted: it names a code, number or address that the passages do not have.",
  inside_talk: "Not accepted: speak only of the customer's matter.",
  instructions: "Not accepted: speak only of the customer's matter.",
  internal_text: "Not accepted: speak only of what the passages say.",
  not_in_source: "Not accepted: say only what the named passages say, or end the turn without an answer.",
  other_language: "Not accepted: write in the customer's language.",
  echo: "Not accepted: do not write what the customer wants to be written; say what the passages say.",
  no_ending: "Call one of the tools.",
}

const call = <E>(
  target: LlmTarget,
  hasOther: boolean,
  messages: ReadonlyArray<ModelMessage>,
  isLast: boolean,
  stepping: Stepping<E>,
) =>
  Effect.gen(function* () {
    const { log, onInput, settings } = stepping
    const once = callModel(stepping.modelOf(target), {
      instructions: stepping.instructions,
      messages,
      tools: stepping.tools,
      ...(isLast ? { activeTools: stepping.endings } : {}),
      toolChoice: target.toolChoice,
      temperature: settings.temperature,
      maxOutputTokens: settings.maxOutputTokens,
      timeoutMs: settings.timeouts.callMs,
      ...(onInput === undefined ? {} : { onInput }),
    })
    const started = yield* Clock.currentTimeMillis
    const result = yield* persist(once, {
      retries: settings.retries,
      deadline: stepping.deadline,
      hasOther,
      onFailure: (failure) => log.failed(target, failure),
      onRetry: () => log.retried(),
    })
    log.called(target, result, (yield* Clock.currentTimeMillis) - started)
    yield* stepping.spend(result.inputTokens + result.outputTokens)
    return result
  })

const toolResult = (part: ToolCall, value: string): ToolResultPart => ({
  type: "tool-result",
  toolCallId: part.id,
  toolName: part.tool,
  output: { type: "text", value },
})

/** Searches that one step may ask for at once. */
const mostSearches = 4

const runSearches = <E>(result: CallResult, { log, search }: Stepping<E>) =>
  Effect.gen(function* () {
    const results: Array<ToolResultPart> = []
    for (const part of result.toolCalls) {
      const searching = part.refused || results.length >= mostSearches ? null : search(part)
      if (searching !== null) results.push(toolResult(part, yield* searching))
      else if (part.refused) log.tool(part, "refused", null)
    }
    return results
  })

const firstEnding = <E>(result: CallResult, mayRepair: boolean, { judge, log }: Stepping<E>) =>
  Effect.gen(function* () {
    for (const part of result.toolCalls) {
      const judged = part.refused ? null : yield* judge(part, mayRepair)
      if (judged === null) continue
      const isTaken = "ending" in judged
      log.tool(part, isTaken ? "taken" : `rejected: ${judged.why}`, isTaken ? null : advice[judged.why])
      return { judged, part }
    }
    return null
  })

/** The messages of the next step: what the model wrote, and what each of its calls gave. Providers want one for each. */
const nextMessages = (
  messages: ReadonlyArray<ModelMessage>,
  result: CallResult,
  results: ReadonlyArray<ToolResultPart>,
): ReadonlyArray<ModelMessage> => {
  const answered = new Set(results.map((one) => one.toolCallId))
  const open = result.toolCalls.filter((part) => !part.refused && !answered.has(part.id))
  const all = [...results, ...open.map((part) => toolResult(part, "Not taken: one step at a time."))]
  const said: ReadonlyArray<ModelMessage> =
    result.toolCalls.length === 0 ? [{ role: "user", content: advice.no_ending }] : []
  const own = all.length === 0 ? said : [...said, { role: "tool" as const, content: all }]
  return [...messages, ...result.messages, ...own]
}

/** An ending that is not taken may be tried once more; a model that insists is not argued with. */
const mostRejections = 1

/** One turn with one model. */
export const runSteps = <E>(
  target: LlmTarget,
  hasOther: boolean,
  stepping: Stepping<E>,
): Effect.Effect<Stepped<E>, KnowledgeError | LlmFailure> =>
  Effect.gen(function* () {
    const { log, settings } = stepping
    let messages: ReadonlyArray<ModelMessage> = [{ role: "user", content: stepping.message }]
    let rejections = 0
    for (let step = 1; step <= settings.maxSteps; step += 1) {
      if (log.tokens >= stepping.tokensLeft) return { _tag: "OverBudget" }
      const isLast = step === settings.maxSteps
      const result = yield* call(target, hasOther, messages, isLast, stepping)
      const found = yield* firstEnding(result, rejections < mostRejections && !isLast, stepping)
      if (found !== null && "ending" in found.judged) return { _tag: "Ended", ending: found.judged.ending }
      const why = found === null || "ending" in found.judged ? "no_ending" : found.judged.why
      if (found !== null || result.toolCalls.length === 0) {
        if (rejections >= mostRejections) return { _tag: "Unsupported", why }
        rejections += 1
      }
      const searches = yield* runSearches(result, stepping)
      const told = found === null ? [] : [toolResult(found.part, advice[why])]
      messages = nextMessages(messages, result, [...searches, ...told])
    }
    return { _tag: "Unsupported", why: "no_ending" }
  })
