/** One turn with one model: it searches as often as it may, and ends with one of the endings, checked. */
import type { HandoffReason, Hit, KnowledgeError, TurnContext } from "@opencx/core"
import type { ModelMessage, ToolResultPart } from "ai"
import { Clock, Effect, Option, Schema } from "effect"
import { type Against, checkAnswer, checkText, type Rejection } from "./guard/check.ts"
import { isSpoken, limitOf, askLimit } from "./guard/limits.ts"
import { isInOtherLanguage } from "./guard/otherLanguage.ts"
import { materialOf } from "./guard/material.ts"
import { callModel, type CallResult, type ToolCall } from "./model/call.ts"
import type { LlmFailure } from "./model/LlmFailure.ts"
import type { ModelOf } from "./model/models.ts"
import { persist } from "./model/persist.ts"
import { respondInstructions, respondMessage } from "./prompts/respond.ts"
import { searchHelpCenter, type Searching } from "./search.ts"
import type { LlmSettings, LlmTarget } from "./settings.ts"
import { endings, readCall, tools } from "./tools.ts"

export type Ending =
  | {
      readonly _tag: "Answer"
      readonly text: string
      readonly cited: ReadonlyArray<Hit<"customer">>
      readonly confidence: number
      readonly grounding: number | null
      readonly removed: number
    }
  | { readonly _tag: "AskBack"; readonly text: string }
  | { readonly _tag: "Courtesy"; readonly kind: "greeting" | "thanks" | "goodbye" }
  | { readonly _tag: "Handoff"; readonly reason: HandoffReason }
  | { readonly _tag: "Unsupported"; readonly why: Rejection | "no_ending" }
  | { readonly _tag: "OverBudget" }

export interface TurnRequest extends Searching {
  readonly context: TurnContext
  readonly settings: LlmSettings
  readonly modelOf: ModelOf
  /** Epoch milliseconds. */
  readonly deadline: number
  /** Tokens that this turn may still use. */
  readonly tokensLeft: number
  readonly onPartial: ((text: string) => Effect.Effect<void>) | undefined
}

/** What a model is told whose ending is not taken. Says what to do, not what was found. */
const advice: Readonly<Record<Rejection | "no_ending", string>> = {
  empty: "The text is empty.",
  no_source: "Not accepted: name the ids of articles that were found in this turn, or hand over.",
  foreign_link: "Not accepted: link to nothing but the addresses of found articles.",
  unsupported_fact: "Not accepted: it names a code, number or address that the passages do not have.",
  inside_talk: "Not accepted: speak only of the customer's matter.",
  instructions: "Not accepted: speak only of the customer's matter.",
  internal_text: "Not accepted: speak only of what the passages say.",
  not_in_source: "Not accepted: say only what the named passages say, or hand over.",
  other_language: "Not accepted: write in the customer's language.",
  no_ending: "Call one of the tools.",
}

const instructionsOf = ({ context, fence, language }: TurnRequest): string =>
  respondInstructions(
    { context, language, limit: limitOf(context.channel), spoken: isSpoken(context.channel) },
    fence,
  )

const againstOf = (request: TurnRequest): Against => ({
  knowledge: request.knowledge,
  orgId: request.context.orgId,
  material: materialOf(request.context, [...request.log.hits.values()]),
  secrets: { instructions: instructionsOf(request), nonce: request.fence.nonce },
})

const citedOf = (ids: ReadonlyArray<string>, { log }: TurnRequest): ReadonlyArray<Hit<"customer">> =>
  [...new Set(ids)].flatMap((id) => log.hits.get(id) ?? [])

const PartialAnswer = Schema.Struct({ articleIds: Schema.Array(Schema.String), text: Schema.String })
const decodePartial = Schema.decodeUnknownOption(PartialAnswer)

/** Whole sentences only: half a word may be half of what must not be shown. */
const wholeSentences = (text: string): string =>
  /^[\s\S]*(?:[.!?](?=\s)|[。！？؟।](?=[\s\S])|\n)/u.exec(text)?.[0].trim() ?? ""

/** Shows an answer while it is written, as far as it has passed what the whole answer will have to pass. */
const partials = (request: TurnRequest) => {
  const { onPartial } = request
  if (onPartial === undefined) return {}
  let shown = ""
  let isStopped = false
  const show = Effect.fnUntraced(function* (tool: string, input: unknown) {
    const answer = tool === "answer" ? decodePartial(input) : Option.none()
    if (isStopped || Option.isNone(answer)) return
    const text = wholeSentences(answer.value.text)
    const cited = citedOf(answer.value.articleIds, request)
    if (text.length <= shown.length || text.length > limitOf(request.context.channel)) return
    const checked = yield* checkAnswer(text, cited, null, againstOf(request)).pipe(Effect.option)
    if (Option.isNone(checked) || !checked.value.ok) {
      isStopped = true
      return
    }
    shown = text
    yield* onPartial(checked.value.text).pipe(Effect.timeoutOption("1 second"))
  })
  return { onInput: show }
}

const call = Effect.fnUntraced(function* (
  target: LlmTarget,
  hasOther: boolean,
  messages: ReadonlyArray<ModelMessage>,
  isLast: boolean,
  request: TurnRequest,
) {
  const { log, settings } = request
  const once = callModel(request.modelOf(target), {
    instructions: instructionsOf(request),
    messages,
    tools,
    ...(isLast ? { activeTools: endings } : {}),
    toolChoice: target.toolChoice,
    temperature: settings.temperature,
    maxOutputTokens: settings.maxOutputTokens,
    timeoutMs: settings.timeouts.callMs,
    ...partials(request),
  })
  const started = yield* Clock.currentTimeMillis
  const result = yield* persist(once, {
    retries: settings.retries,
    deadline: request.deadline,
    hasOther,
    onFailure: (failure) => log.failed(target, failure),
    onRetry: () => log.retried(),
  })
  log.called(target, result, (yield* Clock.currentTimeMillis) - started)
  return result
})

/** An ending, or why it is not taken. */
type Judged = Ending | { readonly _tag: "Rejected"; readonly why: Rejection }

const judge = Effect.fnUntraced(function* (
  part: ToolCall,
  mayRepair: boolean,
  request: TurnRequest,
): Effect.fn.Return<Judged | null, KnowledgeError> {
  const read = part.refused ? Option.none() : readCall(part)
  if (Option.isNone(read)) return null
  const { input, tool } = read.value
  if (tool === "handoff") return { _tag: "Handoff", reason: input.reason }
  if (tool === "courtesy") return { _tag: "Courtesy", kind: input.kind }
  if (tool === "askBack") {
    const checked = yield* checkText(input.text.slice(0, askLimit), againstOf(request), false)
    return checked.ok ? { _tag: "AskBack", text: checked.text } : { _tag: "Rejected", why: checked.why }
  }
  if (tool !== "answer") return null
  const cited = citedOf(input.articleIds, request)
  const checked = yield* checkAnswer(input.text, cited, request.language, againstOf(request))
  if (!checked.ok) return { _tag: "Rejected", why: checked.why }
  const { grounding, removed, text } = checked
  // A good answer in the wrong language is better than none.
  if (mayRepair && isInOtherLanguage(text, request.language))
    return { _tag: "Rejected", why: "other_language" }
  const confidence = Math.min(1, Math.max(0, input.confidence))
  return { _tag: "Answer", text, cited, confidence, grounding, removed }
})

const toolResult = (part: ToolCall, value: string): ToolResultPart => ({
  type: "tool-result",
  toolCallId: part.id,
  toolName: part.tool,
  output: { type: "text", value },
})

/** Searches that one step may ask for at once. */
const mostSearches = 4

const runSearches = Effect.fnUntraced(function* (result: CallResult, request: TurnRequest) {
  const results: Array<ToolResultPart> = []
  for (const part of result.toolCalls) {
    const read = part.refused ? Option.none() : readCall(part)
    if (Option.isNone(read)) request.log.event(`refused ${part.tool.slice(0, 60)}`)
    else if (read.value.tool === "searchHelpCenter" && results.length < mostSearches)
      results.push(toolResult(part, yield* searchHelpCenter(read.value.input, request)))
  }
  return results
})

const firstEnding = Effect.fnUntraced(function* (
  result: CallResult,
  mayRepair: boolean,
  request: TurnRequest,
) {
  for (const part of result.toolCalls) {
    const judged = yield* judge(part, mayRepair, request)
    if (judged === null) continue
    const why = judged._tag === "Rejected" ? ` rejected: ${judged.why}` : ""
    request.log.event(`${part.tool}${why}`)
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

export const runTurn = Effect.fnUntraced(function* (
  target: LlmTarget,
  hasOther: boolean,
  request: TurnRequest,
): Effect.fn.Return<Ending, KnowledgeError | LlmFailure> {
  const { fence, log, settings } = request
  let messages: ReadonlyArray<ModelMessage> = [
    { role: "user", content: respondMessage(request.context, fence) },
  ]
  let rejections = 0
  for (let step = 1; step <= settings.maxSteps; step += 1) {
    if (log.tokens >= request.tokensLeft) return { _tag: "OverBudget" }
    const result = yield* call(target, hasOther, messages, step === settings.maxSteps, request)
    const ending = yield* firstEnding(
      result,
      rejections < mostRejections && step < settings.maxSteps,
      request,
    )
    if (ending !== null && ending.judged._tag !== "Rejected") return ending.judged
    const why = ending?.judged._tag === "Rejected" ? ending.judged.why : "no_ending"
    if (ending !== null || result.toolCalls.length === 0) {
      if (rejections >= mostRejections) return { _tag: "Unsupported", why }
      rejections += 1
    }
    const searches = yield* runSearches(result, request)
    const told = ending === null ? [] : [toolResult(ending.part, advice[why])]
    messages = nextMessages(messages, result, [...searches, ...told])
  }
  return { _tag: "Unsupported", why: "no_ending" }
})
