/** The brief by a model: structured, held against the conversation, and the embedded agent's own wherever it fails. */
import { type Brief, type HandoffReason, Sentiment, type SupportAgent, type TurnContext } from "@opencx/core"
import { Clock, Effect, Schema } from "effect"
import { z } from "zod"
import { unsupportedFacts } from "./guard/facts.ts"
import { cleanLinks, withoutTargets } from "./guard/links.ts"
import { isInOtherLanguage } from "./guard/otherLanguage.ts"
import { materialOf } from "./guard/material.ts"
import { repeats } from "./guard/secrecy.ts"
import { callModel } from "./model/call.ts"
import { failureOf } from "./model/LlmFailure.ts"
import { type ModelOf, nameOf } from "./model/models.ts"
import { firstOf, persist } from "./model/persist.ts"
import { briefInstructions, briefMessage, briefVersion } from "./prompts/brief.ts"
import { newFence } from "./prompts/fence.ts"
import type { LlmSettings, LlmTarget } from "./settings.ts"
import { readWords } from "./words.ts"

const longestSummary = 120

const BriefOutput = z.strictObject({
  summary: z.string(),
  sentiment: z.enum(["happy", "neutral", "negative"]),
  language: z.string().nullable(),
})

const Written = Schema.Struct({
  summary: Schema.String,
  sentiment: Sentiment,
  language: Schema.NullOr(Schema.String),
})
type Written = typeof Written.Type

const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(Written))

/** Servers without JSON mode like to put their JSON into a code block. */
const jsonIn = (text: string): string => /\{[\s\S]*\}/.exec(text)?.[0] ?? text

const shorten = (text: string): string => {
  const words = text.replace(/\s+/g, " ").trim().split(" ")
  return words.length <= longestSummary
    ? words.join(" ")
    : `${words.slice(0, longestSummary - 1).join(" ")} …`
}

/** A language that nobody could mistake for something else: it becomes a tag. */
const languageOf = (claimed: string | null): string | null =>
  claimed !== null && /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}$/.test(claimed) ? claimed : null

export interface Briefing {
  readonly settings: LlmSettings
  readonly embedded: SupportAgent["Service"]
  readonly modelOf: ModelOf
  readonly targets: ReadonlyArray<LlmTarget>
}

/** What the model says, as far as it can be believed. */
const checked = (written: Written, context: TurnContext, secret: string) => {
  const material = materialOf(context, [])
  const clean = cleanLinks(written.summary, material.urls)
  const words = withoutTargets(clean.text)
  const isFine =
    /\p{L}/u.test(words) &&
    clean.foreign.length === 0 &&
    unsupportedFacts(words, material).length === 0 &&
    !repeats(words, secret, material) &&
    !isInOtherLanguage(words, context.agentLanguage)
  return isFine ? Effect.succeed(shorten(clean.text)) : Effect.fail(failureOf("malformed"))
}

const byModel = Effect.fnUntraced(function* (
  target: LlmTarget,
  hasOther: boolean,
  deadline: number,
  context: TurnContext,
  reason: HandoffReason,
  { modelOf, settings }: Briefing,
) {
  const fence = yield* newFence
  const instructions = briefInstructions(context, reason, fence)
  const once = callModel(modelOf(target), {
    instructions,
    messages: [{ role: "user", content: briefMessage(context, fence) }],
    output: BriefOutput,
    toolChoice: "auto",
    temperature: settings.temperature,
    maxOutputTokens: settings.maxOutputTokens,
    timeoutMs: settings.timeouts.briefMs,
  })
  const patience = {
    retries: settings.retries,
    deadline,
    hasOther,
    onFailure: () => {},
    onRetry: () => {},
  }
  const { text } = yield* persist(once, patience)
  const written = yield* decode(jsonIn(text)).pipe(Effect.mapError(() => failureOf("malformed")))
  const summary = yield* checked(written, context, instructions)
  return { summary, sentiment: written.sentiment, language: languageOf(written.language) }
})

/** At most 120 words in the agents' language. The reason is the caller's, the language what the customer's words show. */
export const writeBrief = Effect.fnUntraced(function* (
  context: TurnContext,
  reason: HandoffReason,
  briefing: Briefing,
) {
  const { embedded, settings, targets } = briefing
  const deadline = (yield* Clock.currentTimeMillis) + settings.timeouts.briefMs
  const { language } = readWords(context)
  const written = firstOf(targets, (target, hasOther) =>
    byModel(target, hasOther, deadline, context, reason, briefing),
  ).pipe(
    Effect.timeoutOrElse({
      duration: settings.timeouts.briefMs,
      orElse: () => Effect.fail(failureOf("timeout")),
    }),
    Effect.map((one): Brief => ({ ...one, language: language ?? one.language, reason })),
  )
  return yield* written.pipe(
    Effect.catch((failure) =>
      Effect.andThen(
        Effect.logWarning("The model wrote no brief", {
          prompt: briefVersion,
          models: targets.map(nameOf),
          failure: failure.message,
        }),
        embedded.brief(context, reason),
      ),
    ),
  )
})
