/** One call of a model as an effect: streamed, with a limit in time, cancelled together with its fiber. */
import {
  type LanguageModel,
  type ModelMessage,
  Output,
  parsePartialJson,
  streamText,
  ToolChoiceViolationError,
  type TextStreamPart,
  type ToolSet,
} from "ai"
import { Clock, Effect } from "effect"
import type { z } from "zod"
import { classify, failureOf, type LlmFailure } from "./LlmFailure.ts"

export interface CallRequest {
  readonly instructions: string
  readonly messages: ReadonlyArray<ModelMessage>
  /** Absent: the model writes `output`. */
  readonly tools?: ToolSet
  readonly activeTools?: ReadonlyArray<string>
  readonly output?: z.ZodType
  readonly toolChoice: "required" | "auto"
  readonly temperature: number | undefined
  readonly maxOutputTokens: number
  readonly timeoutMs: number
  /** Told of a tool's arguments while they are written, as far as they are. */
  readonly onInput?: (tool: string, input: unknown) => Effect.Effect<void>
}

type Part = TextStreamPart<ToolSet>

/** `refused`: there is no such tool, or the arguments do not fit; the SDK has put its answer into `messages`. */
export interface ToolCall {
  readonly id: string
  readonly tool: string
  readonly input: unknown
  readonly refused: boolean
}

export interface CallResult {
  readonly text: string
  readonly reasoning: string
  readonly toolCalls: ReadonlyArray<ToolCall>
  readonly inputTokens: number
  readonly outputTokens: number
  readonly finishReason: string
  /** What the model wrote, as messages for the next call. */
  readonly messages: ReadonlyArray<ModelMessage>
}

/** Longer arguments are read once, when they are whole: each look at a part reads all of it. In characters. */
const longestPartial = 20_000

/** What is gathered while the parts come in. */
interface Gathered {
  text: string
  reasoning: string
  readonly toolCalls: Array<ToolCall>
  readonly inputs: Map<string, { readonly tool: string; json: string }>
  inputTokens: number
  outputTokens: number
  finishReason: string
  /** A tool call was required, and there is none. */
  hasNoCall: boolean
}

const partialInput = Effect.fnUntraced(function* (request: CallRequest, part: Part, gathered: Gathered) {
  if (request.onInput === undefined) return
  if (part.type === "tool-input-start") gathered.inputs.set(part.id, { tool: part.toolName, json: "" })
  if (part.type !== "tool-input-delta") return
  const input = gathered.inputs.get(part.id)
  if (input === undefined) return
  input.json += part.delta
  if (input.json.length > longestPartial) return
  const { value } = yield* Effect.promise(() => parsePartialJson(input.json))
  if (value !== undefined) yield* request.onInput(input.tool, value)
})

const gather = (gathered: Gathered, part: Part): void => {
  if (part.type === "text-delta") gathered.text += part.text
  if (part.type === "reasoning-delta") gathered.reasoning += part.text
  if (part.type === "tool-call") {
    const input: unknown = part.input
    // None of our tools is dynamic: the SDK says so of calls that it could not read.
    const refused = part.dynamic === true
    gathered.toolCalls.push({ id: part.toolCallId, tool: part.toolName, input, refused })
  }
  if (part.type === "finish-step") {
    gathered.inputTokens += part.usage.inputTokens ?? 0
    gathered.outputTokens += part.usage.outputTokens ?? 0
    if (!gathered.hasNoCall) gathered.finishReason = part.finishReason
  }
}

const start = (model: LanguageModel, request: CallRequest, abortSignal: AbortSignal) =>
  streamText({
    model,
    instructions: request.instructions,
    messages: [...request.messages],
    // Retries are ours: they know the turn's limits, and the provider's wish to wait.
    maxRetries: 0,
    maxOutputTokens: request.maxOutputTokens,
    abortSignal,
    telemetry: { isEnabled: false },
    // The default prints to the console; errors also come as parts of the stream.
    onError: () => {},
    ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
    ...(request.tools === undefined ? {} : { tools: request.tools, toolChoice: request.toolChoice }),
    ...(request.activeTools === undefined ? {} : { activeTools: [...request.activeTools] }),
    ...(request.output === undefined ? {} : { output: Output.object({ schema: request.output }) }),
  })

const failed = (error: unknown) =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => Effect.fail(classify(error, now)))

const attempt = <A>(run: () => PromiseLike<A>): Effect.Effect<A, LlmFailure> =>
  Effect.tryPromise({ try: async () => run(), catch: (error) => ({ error }) }).pipe(
    Effect.catch(({ error }) => failed(error)),
  )

/** The controller is aborted first, so that nobody waits for a socket that says nothing. */
const controlled = Effect.acquireRelease(
  Effect.sync(() => new AbortController()),
  (controller) => Effect.sync(() => controller.abort()),
)

/** A stream that ends without saying why was cut. Some servers never say why after a whole tool call. */
const isCut = ({ finishReason, toolCalls }: Gathered): boolean =>
  finishReason === "" ||
  finishReason === "error" ||
  (finishReason === "other" && toolCalls.every((one) => one.refused))

const messagesOf = (
  { hasNoCall, text }: Gathered,
  messages: () => PromiseLike<ReadonlyArray<ModelMessage>>,
): Effect.Effect<ReadonlyArray<ModelMessage>, LlmFailure> => {
  if (!hasNoCall) return attempt(messages)
  return Effect.succeed(text.trim() === "" ? [] : [{ role: "assistant", content: text }])
}

const unlimited = Effect.fnUntraced(function* (model: LanguageModel, request: CallRequest) {
  const controller = yield* controlled
  const gathered: Gathered = {
    text: "",
    reasoning: "",
    toolCalls: [],
    inputs: new Map(),
    inputTokens: 0,
    outputTokens: 0,
    finishReason: "",
    hasNoCall: false,
  }
  const result = yield* Effect.try({
    try: () => start(model, request, controller.signal),
    catch: () => failureOf("refused"),
  })
  const parts = result.fullStream[Symbol.asyncIterator]()
  while (true) {
    const next = yield* attempt(() => parts.next())
    if (next.done === true) break
    const part: Part = next.value
    if (part.type === "error" && ToolChoiceViolationError.isInstance(part.error)) {
      // It wrote where it should have called a tool: what it wrote is taken as what it is.
      gathered.finishReason = part.error.finishReason
      gathered.hasNoCall = true
    } else if (part.type === "error") return yield* failed(part.error)
    if (part.type === "abort") return yield* failureOf("unavailable")
    gather(gathered, part)
    yield* partialInput(request, part, gathered)
  }
  if (isCut(gathered)) return yield* failureOf("unavailable")
  const messages = yield* messagesOf(gathered, () => result.responseMessages)
  const { finishReason, inputTokens, outputTokens, reasoning, text, toolCalls } = gathered
  return {
    finishReason,
    inputTokens,
    messages,
    outputTokens,
    reasoning,
    text,
    toolCalls,
  } satisfies CallResult
}, Effect.scoped)

/** Fails with what happened, never with what the provider wrote about it. */
export const callModel = (
  model: LanguageModel,
  request: CallRequest,
): Effect.Effect<CallResult, LlmFailure> =>
  unlimited(model, request).pipe(
    Effect.timeoutOrElse({ duration: request.timeoutMs, orElse: () => Effect.fail(failureOf("timeout")) }),
  )
