/** The brief by a model: structured, held against the conversation, and the embedded agent's own wherever it fails. */
import { type Brief, type HandoffReason, Sentiment, type TurnContext } from "@opencx/core"
import { Effect, Schema } from "effect"
import { z } from "zod"
import { unsupportedFacts } from "./guard/facts.ts"
import { cleanLinks, withoutTargets } from "./guard/links.ts"
import { isInOtherLanguage } from "./guard/otherLanguage.ts"
import { materialOf } from "./guard/material.ts"
import { repeats } from "./guard/secrecy.ts"
import { failureOf } from "./model/LlmFailure.ts"
import { nameOf } from "./model/models.ts"
import { askStructured } from "./model/structured.ts"
import type { Parts } from "./parts.ts"
import { briefInstructions, briefMessage, briefVersion } from "./prompts/brief.ts"
import { spend, withinBudget } from "./spending.ts"
import { TurnLog } from "./TurnLog.ts"
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

const shorten = (text: string): string => {
  const words = text.replace(/\s+/g, " ").trim().split(" ")
  return words.length <= longestSummary
    ? words.join(" ")
    : `${words.slice(0, longestSummary - 1).join(" ")} …`
}

/** A language that nobody could mistake for something else: it becomes a tag. */
const languageOf = (claimed: string | null): string | null =>
  claimed !== null && /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}$/.test(claimed) ? claimed : null

/** The summary, as far as it can be believed. */
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

const read = Effect.fnUntraced(function* (json: string, context: TurnContext, secret: string) {
  const written = yield* decode(json)
  const summary = yield* checked(written, context, secret)
  return { summary, sentiment: written.sentiment, language: languageOf(written.language) }
})

/** At most 120 words in the agents' language. The reason is the caller's, the language what the customer's words show. */
export const writeBrief = Effect.fnUntraced(function* (
  context: TurnContext,
  reason: HandoffReason,
  parts: Parts,
) {
  const { embedded, settings, targets } = parts
  const { language } = readWords(context)
  const log = new TurnLog<never>(briefVersion)
  const written = withinBudget(
    context,
    parts,
    askStructured(
      {
        instructions: (fence) => briefInstructions(context, reason, fence),
        message: (fence) => briefMessage(context, fence),
        output: BriefOutput,
        read: (json, instructions) => read(json, context, instructions),
        timeoutMs: settings.timeouts.briefMs,
        spend: (tokens) => spend(context, tokens, parts),
        log,
      },
      parts,
    ),
  ).pipe(Effect.map((one): Brief => ({ ...one, language: language ?? one.language, reason, ...log.use() })))
  return yield* written.pipe(
    Effect.catch((failure) =>
      Effect.andThen(
        Effect.logWarning("The model wrote no brief", {
          prompt: briefVersion,
          models: targets.map(nameOf),
          failure: failure.message,
        }),
        Effect.map(embedded.brief(context, reason), (brief) => ({ ...brief, ...log.use() })),
      ),
    ),
  )
})
