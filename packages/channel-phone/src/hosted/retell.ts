/** Retell's webhooks: `call_started`, `call_ended`, `call_analyzed`. Signed with the API key over raw body and time. */
import { createHmac } from "node:crypto"
import type { Account, ChannelEvent, RawRequest, SignatureRejected } from "@opencx/core"
import { Clock, Effect, Option, Redacted, Schema } from "effect"
import { callerOf } from "../caller/Caller.ts"
import { callEnded, callParts, type CallRef } from "../events.ts"
import { sameSecret } from "../secrets.ts"
import type { RetellSettings } from "../settings/hosted.ts"
import {
  checkSize,
  ignored,
  inOrder,
  linesOfText,
  linkOf,
  readJson,
  rejected,
  roleOf,
  wordsOf,
} from "./shared.ts"

type RetellAccount = Account<RetellSettings>

const TOLERANCE_MS = 300_000

/** `x-retell-signature: v=<epoch ms>,d=<hex>`, the digest over the raw body followed by the milliseconds. */
export const verifyRetell = Effect.fn("channel-phone.verifyRetell")(function* (
  request: RawRequest,
  account: RetellAccount,
): Effect.fn.Return<void, SignatureRejected> {
  yield* checkSize(request)
  const header = request.headers["x-retell-signature"] ?? ""
  const [, ms = "", digest = ""] = /^v=(\d{1,15}),d=([0-9a-fA-F]{64})$/.exec(header) ?? []
  const expected = createHmac("sha256", Redacted.value(account.settings.apiKey))
    .update(request.body)
    .update(ms)
    .digest("hex")
  if (ms === "" || !sameSecret(expected, digest.toLowerCase()))
    return yield* rejected(
      "x-retell-signature does not fit; webhooks are signed with the API key that has the webhook badge",
    )
  if (Math.abs((yield* Clock.currentTimeMillis) - Number(ms)) > TOLERANCE_MS)
    return yield* rejected("the signature is older than five minutes; check this server's clock")
})

const maybe = <S extends Schema.Top>(schema: S) => Schema.optionalKey(Schema.NullOr(schema))

const Turn = Schema.Struct({
  role: Schema.String,
  content: Schema.String,
  /** Seconds from the beginning of the call. */
  words: maybe(Schema.Array(Schema.Struct({ start: maybe(Schema.Number) }))),
})
const decodeTurn = Schema.decodeUnknownOption(Turn)

/** A call, in webhooks and in `GET /v2/get-call/{id}`. */
export const RetellCall = Schema.Struct({
  call_id: Schema.NonEmptyString,
  direction: maybe(Schema.String),
  from_number: maybe(Schema.String),
  to_number: maybe(Schema.String),
  transcript: maybe(Schema.String),
  transcript_object: maybe(Schema.Array(Schema.Unknown)),
  recording_url: maybe(Schema.String),
  disconnection_reason: maybe(Schema.String),
  /** Epoch milliseconds. */
  start_timestamp: maybe(Schema.Number),
  end_timestamp: maybe(Schema.Number),
  call_analysis: maybe(Schema.Struct({ call_summary: maybe(Schema.String) })),
})
type Call = typeof RetellCall.Type

const read = readJson(
  Schema.Struct({ event: Schema.String, call: Schema.optionalKey(Schema.Unknown) }),
  "Retell's webhooks",
)
const readCall = readJson(Schema.Struct({ event: Schema.String, call: RetellCall }), "Retell's webhooks")

const linesOf = (call: Call, startedAt: number) => {
  let at = startedAt
  const turns = (call.transcript_object ?? []).flatMap((raw) => {
    const turn = Option.getOrNull(decodeTurn(raw))
    const role = turn === null ? null : roleOf(turn.role)
    if (turn === null || role === null) return []
    const seconds = turn.words?.[0]?.start
    // Turns are in order; one without times follows the one before.
    at = typeof seconds === "number" ? Math.max(at, startedAt + Math.round(seconds * 1_000)) : at
    return [{ role, text: turn.content, at }]
  })
  return inOrder(turns.length > 0 ? turns : linesOfText(call.transcript ?? "", startedAt))
}

/** What a call that is over means; the same keys whichever way it is heard of, so that it counts once. */
export const eventsOf = (
  call: Call,
  event: "call_ended" | "call_analyzed",
  account: RetellAccount,
  now: number,
): ReadonlyArray<ChannelEvent> => {
  const { settings } = account
  const callId = call.call_id.slice(0, 110)
  const reason = call.disconnection_reason ?? ""
  const ref: CallRef = {
    provider: "retell",
    callId,
    caller: callerOf(
      call.direction === "outbound" ? call.to_number : call.from_number,
      settings.callerId === "trusted",
    ),
    callerName: null,
  }
  const at = call.end_timestamp ?? now
  return [
    // With both events under one key: whichever comes first is kept, should the other be lost.
    {
      _tag: "Transcript",
      dedupKey: `retell:${callId}:transcript`,
      ...callParts(ref),
      at,
      lines: linesOf(call, call.start_timestamp ?? at),
      assistantName: settings.assistantName,
      wantsHuman: settings.handoff.disconnectionReasons.includes(reason),
    },
    callEnded(ref, {
      dedupKey: `retell:${callId}:${event === "call_ended" ? "ended" : "analyzed"}`,
      at,
      reason: wordsOf(reason || "the call ended"),
      summary: call.call_analysis?.call_summary?.trim().slice(0, 5_000) || null,
      recordingUrl: linkOf(call.recording_url),
    }),
  ]
}

/** Events of a verified request. */
export const decodeRetell = Effect.fn("channel-phone.decodeRetell")(function* (
  request: RawRequest,
  account: RetellAccount,
) {
  const { event } = yield* read(request)
  if (event !== "call_ended" && event !== "call_analyzed") {
    const key = createHmac("sha256", "retell").update(request.body).digest("hex").slice(0, 24)
    return [ignored(`retell:other:${key}`, `Retell's ${event}`)]
  }
  const { call } = yield* readCall(request)
  return eventsOf(call, event, account, yield* Clock.currentTimeMillis)
})
