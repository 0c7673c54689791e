/** One question to a model that is answered with one JSON value, by the first model that can. */
import type { Surface } from "@opencx/core"
import { Clock, Effect, type Schema } from "effect"
import type { z } from "zod"
import type { Parts } from "../parts.ts"
import type { Fence } from "../prompts/fence.ts"
import { newFence } from "../prompts/fence.ts"
import type { TurnLog } from "../TurnLog.ts"
import { callModel } from "./call.ts"
import { failureOf, type LlmFailure } from "./LlmFailure.ts"
import { firstOf, persist } from "./persist.ts"

export interface Question<A> {
  readonly instructions: (fence: Fence) => string
  readonly message: (fence: Fence) => string
  /** The shape, for servers that can hold the model to it. */
  readonly output: z.ZodType
  /** Reads the JSON once more; what does not fit counts as no answer of this model. `instructions`: what it was told. */
  readonly read: (json: string, instructions: string) => Effect.Effect<A, LlmFailure | Schema.SchemaError>
  readonly timeoutMs: number
  readonly spend: (tokens: number) => Effect.Effect<void>
  readonly log: TurnLog<Surface>
}

/** Servers without JSON mode like to put their JSON into a code block. */
const jsonIn = (text: string): string => /\{[\s\S]*\}/.exec(text)?.[0] ?? text

/** Fails when no model answers in time with something that can be read. */
export const askStructured = <A>(
  question: Question<A>,
  { modelOf, settings, targets }: Parts,
): Effect.Effect<A, LlmFailure> =>
  Effect.gen(function* () {
    const { log, timeoutMs } = question
    const deadline = (yield* Clock.currentTimeMillis) + timeoutMs
    return yield* firstOf(targets, (target, hasOther) =>
      Effect.gen(function* () {
        const fence = yield* newFence
        const instructions = question.instructions(fence)
        const once = callModel(modelOf(target), {
          instructions,
          messages: [{ role: "user", content: question.message(fence) }],
          output: question.output,
          toolChoice: "auto",
          temperature: settings.temperature,
          maxOutputTokens: settings.maxOutputTokens,
          timeoutMs,
        })
        const started = yield* Clock.currentTimeMillis
        const result = yield* persist(once, {
          retries: settings.retries,
          deadline,
          hasOther,
          onFailure: (failure) => log.failed(target, failure),
          onRetry: () => log.retried(),
        })
        log.called(target, result, (yield* Clock.currentTimeMillis) - started)
        yield* question.spend(result.inputTokens + result.outputTokens)
        return yield* question.read(jsonIn(result.text), instructions).pipe(
          Effect.mapError(() => {
            const failure = failureOf("malformed")
            log.failed(target, failure)
            return failure
          }),
        )
      }),
    ).pipe(Effect.timeoutOrElse({ duration: timeoutMs, orElse: () => Effect.fail(failureOf("timeout")) }))
  })
