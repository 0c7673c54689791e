/** Twilio's voice requests, read. Each is a form; what else is in it is ignored. */
import { type Account, MalformedInput, SignatureRejected } from "@opencx/core"
import { Result, Schema } from "effect"
import { type Caller, callerOf } from "../caller/Caller.ts"
import type { TwilioSettings } from "../settings/twilio.ts"
import { isCallSid } from "./links.ts"
import type { Params } from "./signature.ts"

const VoiceRequest = Schema.Struct({
  CallSid: Schema.String.check(Schema.makeFilter((sid) => isCallSid(sid) || "not a call SID")),
  AccountSid: Schema.String,
  From: Schema.optionalKey(Schema.String),
  CallStatus: Schema.optionalKey(Schema.String),
  CallerName: Schema.optionalKey(Schema.String),
  /** Attestation of the caller's number; `TN-Validation-Passed-A` is the full one. */
  StirVerstat: Schema.optionalKey(Schema.String),
  /** Of the relay session, on the action request. */
  SessionId: Schema.optionalKey(Schema.String),
  SessionStatus: Schema.optionalKey(Schema.String),
  HandoffData: Schema.optionalKey(Schema.String),
  DialCallStatus: Schema.optionalKey(Schema.String),
  QueueResult: Schema.optionalKey(Schema.String),
  RecordingUrl: Schema.optionalKey(Schema.String),
  RecordingDuration: Schema.optionalKey(Schema.String),
})
export type VoiceRequest = typeof VoiceRequest.Type

const decode = Schema.decodeUnknownResult(VoiceRequest)

/** The first value of each parameter. */
export const firstOf = (params: Params): Record<string, string> =>
  Object.fromEntries([...params].map(([name, values]) => [name, values[0] ?? ""]))

/** Reads a verified request; one of another Twilio account is turned away. */
export const readVoice = (
  params: Params,
  account: Account<TwilioSettings>,
): Result.Result<VoiceRequest, MalformedInput | SignatureRejected> => {
  const read = decode(firstOf(params))
  if (Result.isFailure(read))
    return Result.fail(
      new MalformedInput({
        detail: read.failure.message.slice(0, 300),
        hint: "set this URL as the number's voice webhook (HTTP POST) at Twilio",
      }),
    )
  return read.success.AccountSid === account.settings.accountSid
    ? Result.succeed(read.success)
    : Result.fail(new SignatureRejected({ detail: "the call belongs to another Twilio account" }))
}

/** Who calls. `attested`: known from an earlier request of the same call. */
export const callerOfRequest = (request: VoiceRequest, settings: TwilioSettings, attested = false): Caller =>
  callerOf(
    request.From,
    settings.callerId === "trusted" ||
      attested ||
      /^TN-Validation-Passed-A\b/.test(request.StirVerstat ?? ""),
  )

const HandoffData = Schema.fromJsonString(Schema.Struct({ token: Schema.String }))
const decodeHandoff = Schema.decodeUnknownOption(HandoffData)

/** Our own token out of `HandoffData`; empty when there is none. */
export const handoffToken = (request: VoiceRequest): string => {
  const data = decodeHandoff(request.HandoffData ?? "")
  return data._tag === "Some" ? data.value.token : ""
}
