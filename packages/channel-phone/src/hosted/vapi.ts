/**
 * Vapi's server messages. The report at the end of a call is what we keep; the few types that Vapi waits for an answer to get
 * one. Shapes after Vapi's SDK types; every field but `type` may be missing.
 */
import type { Account, ChannelEvent, HookAnswer, RawRequest } from "@opencx/core"
import { Clock, Effect, Option, Schema } from "effect"
import { callerOf } from "../caller/Caller.ts"
import { callEnded, callParts, type CallRef } from "../events.ts"
import type { VapiSettings } from "../settings/hosted.ts"
import { ignored, inOrder, linesOfText, linkOf, readJson, roleOf, wordsOf } from "./shared.ts"

const maybe = <S extends Schema.Top>(schema: S) => Schema.optionalKey(Schema.NullOr(schema))

const ToolCall = Schema.Struct({
  id: maybe(Schema.String),
  function: maybe(Schema.Struct({ name: maybe(Schema.String) })),
})

const Turn = Schema.Struct({
  role: maybe(Schema.String),
  message: maybe(Schema.String),
  /** Epoch milliseconds. */
  time: maybe(Schema.Number),
  toolCalls: maybe(Schema.Array(ToolCall)),
})

const Customer = Schema.Struct({ number: maybe(Schema.String), name: maybe(Schema.String) })

const Recording = Schema.Struct({
  stereoUrl: maybe(Schema.String),
  mono: maybe(Schema.Struct({ combinedUrl: maybe(Schema.String) })),
})

/** What is known of a call that is over: the same in the report and in the list of calls. */
const reportFields = {
  customer: maybe(Customer),
  endedReason: maybe(Schema.String),
  startedAt: maybe(Schema.String),
  endedAt: maybe(Schema.String),
  analysis: maybe(
    Schema.Struct({
      summary: maybe(Schema.String),
      structuredData: maybe(Schema.Record(Schema.String, Schema.Unknown)),
    }),
  ),
  artifact: maybe(
    Schema.Struct({
      transcript: maybe(Schema.Unknown),
      messages: maybe(Schema.Array(Schema.Unknown)),
      recordingUrl: maybe(Schema.String),
      /** The newer shape. */
      recording: maybe(Recording),
    }),
  ),
}
const Report = Schema.Struct(reportFields)
type Report = typeof Report.Type

const Message = Schema.Struct({
  type: Schema.String,
  /** Epoch milliseconds. */
  timestamp: maybe(Schema.Number),
  call: maybe(Schema.Struct({ id: maybe(Schema.NonEmptyString), customer: maybe(Customer) })),
  ...reportFields,
  toolCallList: maybe(Schema.Array(ToolCall)),
})

/** A call in Vapi's list: `GET /call`. */
export const ListedVapiCall = Schema.Struct({
  id: Schema.NonEmptyString,
  createdAt: maybe(Schema.String),
  ...reportFields,
})

const Envelope = Schema.Struct({ message: Message })
const read = readJson(Envelope, "Vapi's server messages")
const decodeTurn = Schema.decodeUnknownOption(Turn)
const decodeEnvelope = Schema.decodeUnknownOption(Schema.fromJsonString(Envelope))

/** Turns that can be read; one that cannot does not cost the others. */
const turnsOf = (message: Report): ReadonlyArray<typeof Turn.Type> =>
  (message.artifact?.messages ?? []).flatMap((turn) => Option.toArray(decodeTurn(turn)))

/** Epoch milliseconds; null for what is no date. */
export const timeOf = (text: string | null | undefined): number | null => {
  const at = Date.parse(text ?? "")
  return Number.isNaN(at) ? null : at
}

const linesOf = (message: Report, startedAt: number) => {
  const turns = turnsOf(message).flatMap((turn) => {
    const role = roleOf(turn.role ?? "")
    return role === null ? [] : [{ role, text: turn.message ?? "", at: turn.time ?? startedAt }]
  })
  if (turns.length > 0) return inOrder(turns)
  const text = message.artifact?.transcript
  return inOrder(linesOfText(typeof text === "string" ? text : "", startedAt))
}

const wantsHuman = (message: Report, { handoff }: VapiSettings): boolean => {
  const tools = turnsOf(message).flatMap((turn) => (turn.toolCalls ?? []).map((c) => c.function?.name ?? ""))
  return (
    handoff.endedReasons.includes(message.endedReason ?? "") ||
    tools.some((name) => handoff.tools.includes(name)) ||
    handoff.structuredKeys.some((key) => message.analysis?.structuredData?.[key] === true)
  )
}

/** What a report means; `id` as Vapi gives it. The same keys whichever way it comes, so that it counts once. */
export const reportOf = (
  message: Report,
  id: string,
  account: Account<VapiSettings>,
  now: number,
): ReadonlyArray<ChannelEvent> => {
  const { settings } = account
  const callId = id.slice(0, 110)
  const { artifact, customer } = message
  const ref: CallRef = {
    provider: "vapi",
    callId,
    caller: callerOf(customer?.number, settings.callerId === "trusted"),
    callerName: customer?.name?.slice(0, 100) || null,
  }
  const endedAt = timeOf(message.endedAt) ?? now
  return [
    {
      _tag: "Transcript",
      dedupKey: `vapi:${callId}:transcript`,
      ...callParts(ref),
      at: endedAt,
      lines: linesOf(message, timeOf(message.startedAt) ?? endedAt),
      assistantName: settings.assistantName,
      wantsHuman: wantsHuman(message, settings),
    },
    callEnded(ref, {
      dedupKey: `vapi:${callId}:ended`,
      at: endedAt,
      reason: wordsOf(message.endedReason ?? "the call ended"),
      summary: message.analysis?.summary?.trim().slice(0, 5_000) || null,
      recordingUrl:
        linkOf(artifact?.recordingUrl) ??
        linkOf(artifact?.recording?.stereoUrl) ??
        linkOf(artifact?.recording?.mono?.combinedUrl),
    }),
  ]
}

/** Events of a verified request. */
export const decodeVapi = Effect.fn("channel-phone.decodeVapi")(function* (
  request: RawRequest,
  account: Account<VapiSettings>,
) {
  const { message } = yield* read(request)
  const callId = message.call?.id?.slice(0, 110) ?? ""
  if (message.type !== "end-of-call-report" || callId === "")
    return [ignored(`vapi:${callId || "no-call"}:${message.type.slice(0, 60)}`, `Vapi's ${message.type}`)]
  const report = { ...message, customer: message.customer ?? message.call?.customer ?? null }
  return reportOf(report, callId, account, message.timestamp ?? (yield* Clock.currentTimeMillis))
})

const Answer = Schema.fromJsonString(Schema.Record(Schema.String, Schema.Unknown))
const encodeAnswer = Schema.encodeSync(Answer)

const json = (body: Readonly<Record<string, unknown>>): HookAnswer => ({
  status: 200,
  contentType: "application/json",
  body: encodeAnswer(body),
})

const TOOL_DONE = "Noted. A colleague will see this conversation."
const TOOL_UNKNOWN = "This tool is not available."

/** What Vapi waits for, by message type; everything else is acknowledged. */
export const answerVapi = (request: RawRequest, account: Account<VapiSettings>): HookAnswer => {
  const envelope = decodeEnvelope(new TextDecoder().decode(request.body))
  if (envelope._tag === "None") return json({})
  const { message } = envelope.value
  const { assistantId, handoff } = account.settings
  switch (message.type) {
    case "assistant-request":
      return json(
        assistantId === undefined ? { error: "No assistant is set up for this number." } : { assistantId },
      )
    case "tool-calls":
      return json({
        results: (message.toolCallList ?? []).map((call) => ({
          toolCallId: call.id ?? "",
          result: handoff.tools.includes(call.function?.name ?? "") ? TOOL_DONE : TOOL_UNKNOWN,
        })),
      })
    case "transfer-destination-request":
    case "handoff-destination-request":
      return json({ error: "Transfers are set up at Vapi." })
    case "knowledge-base-request":
      return json({ documents: [] })
    default:
      return json({})
  }
}
