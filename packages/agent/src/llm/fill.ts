/** Ticket fields by a model: proposed with the words that show them, proven one by one, and the embedded agent's when no model answers. */
import type { FieldRequest, FilledField, TurnContext } from "@opencx/core"
import { DateTime, Effect, Schema } from "effect"
import { z } from "zod"
import { provenValue } from "./fieldProof.ts"
import { type Material, materialOf } from "./guard/material.ts"
import { nameOf } from "./model/models.ts"
import { askStructured } from "./model/structured.ts"
import type { Parts } from "./parts.ts"
import { fillInstructions, fillMessage, fillVersion } from "./prompts/fill.ts"
import { spend, withinBudget } from "./spending.ts"
import { TurnLog } from "./TurnLog.ts"

/** Less sure than this counts as unsure. */
const sureFrom = 0.6

const FillOutput = z.strictObject({
  fields: z.array(
    z.strictObject({
      id: z.string(),
      values: z.array(z.string()),
      evidence: z.string(),
      confidence: z.number(),
    }),
  ),
})

const Written = Schema.fromJsonString(
  Schema.Struct({
    fields: Schema.Array(
      Schema.Struct({
        id: Schema.String,
        values: Schema.Array(Schema.String),
        evidence: Schema.String,
        confidence: Schema.Finite,
      }),
    ),
  }),
)
type Written = typeof Written.Type

const decode = Schema.decodeUnknownEffect(Written)

const saidBy = (context: TurnContext): Material =>
  materialOf(
    {
      lines: context.lines.filter((line) => line.role === "customer"),
      organizationName: "",
      subject: context.subject,
    },
    [],
  )

/** In the order of the requests, at most one value for each: the first that is proposed counts. */
const proven = (
  requests: ReadonlyArray<FieldRequest>,
  { fields }: Written,
  said: Material,
  instructions: string,
): ReadonlyArray<FilledField> =>
  requests.flatMap(({ field }): ReadonlyArray<FilledField> => {
    const proposed = fields.find((one) => one.id === field.id)
    if (proposed === undefined || proposed.confidence < sureFrom) return []
    const value = provenValue(field, proposed, { said, instructions })
    return value === null ? [] : [{ id: field.id, value, confidence: Math.min(1, proposed.confidence) }]
  })

const dayOf = (context: TurnContext): string =>
  DateTime.formatIsoDateUtc(DateTime.makeUnsafe(context.lines.at(-1)?.at ?? 0))

/** Values that the customer's words show. */
export const fillByModel = Effect.fnUntraced(function* (
  requests: ReadonlyArray<FieldRequest>,
  context: TurnContext,
  parts: Parts,
) {
  const said = saidBy(context)
  if (requests.length === 0 || said.squeezed === "") return []
  const log = new TurnLog<never>(fillVersion)
  const asking = askStructured(
    {
      instructions: fillInstructions,
      message: (fence) => fillMessage(requests, context, dayOf(context), fence),
      output: FillOutput,
      read: (json, instructions) =>
        Effect.map(decode(json), (written) => proven(requests, written, said, instructions)),
      timeoutMs: parts.settings.timeouts.briefMs,
      spend: (tokens) => spend(context, tokens, parts),
      log,
    },
    parts,
  )
  return yield* withinBudget(context, parts, asking).pipe(
    Effect.tap(() => Effect.logDebug("A model filled fields", log.use().model)),
    Effect.catch((failure) =>
      Effect.andThen(
        Effect.logWarning("The model filled no fields", {
          prompt: fillVersion,
          models: parts.targets.map(nameOf),
          failure: failure.message,
        }),
        parts.embedded.fill(requests, context),
      ),
    ),
  )
})
