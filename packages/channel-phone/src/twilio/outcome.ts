/** What a request of Twilio's about a running call means: an event, an answer, and whether text can still be spoken. */
import { type Account, type ChannelEvent, isOpenAt } from "@opencx/core"
import { type CallRef, callEnded } from "../events.ts"
import type { TwilioSettings } from "../settings/twilio.ts"
import type { Past } from "../relay/Calls.ts"
import { connectRelay, goodbye, nobody, transfer } from "./answers.ts"
import { callerOfRequest, handoffToken, type VoiceRequest } from "./calls.ts"
import { type HookQuery, openEnd } from "./links.ts"

export interface Outcome {
  readonly event: ChannelEvent
  readonly body: (now: number) => string
  /** Null: the call goes on with the assistant. */
  readonly past: Past | null
}

type TwilioAccount = Account<TwilioSettings>

/** How often a lost relay is connected anew in one call. */
const RECONNECTS = 3

/** Callers' numbers that an earlier request of the call attested are marked in the callback URL, which Twilio signs. */
const refOf = (request: VoiceRequest, query: HookQuery, account: TwilioAccount): CallRef => ({
  provider: "twilio",
  callId: request.CallSid,
  caller: callerOfRequest(request, account.settings, query.get("caller") === "attested"),
  callerName: request.CallerName?.slice(0, 100) || null,
})

const ignored = (dedupKey: string, why: string): ChannelEvent => ({ _tag: "Ignored", dedupKey, why })

const incoming = (request: VoiceRequest, query: HookQuery, account: TwilioAccount): Outcome => {
  const { caller } = refOf(request, query, account)
  return {
    event: ignored(`${request.CallSid}:incoming`, "a call comes in"),
    body: (now) => connectRelay(account, request.CallSid, caller, now, 0),
    past: null,
  }
}

const inProgress = (request: VoiceRequest): boolean => request.CallStatus === "in-progress"

const action = (request: VoiceRequest, query: HookQuery, account: TwilioAccount, at: number): Outcome => {
  const ref = refOf(request, query, account)
  const key = `${request.CallSid}:ended:${request.SessionId ?? ""}`
  const reason = openEnd(account, request.CallSid, handoffToken(request))
  if (reason === "transfer" && account.settings.transfer._tag !== "none") {
    if (!isOpenAt(account.settings.transferHours, at))
      return {
        event: callEnded(ref, {
          dedupKey: `${request.CallSid}:transferred`,
          at,
          reason: "nobody takes calls at this hour",
        }),
        body: () => nobody(account, ref.caller),
        past: "ended",
      }
    return {
      event: ignored(`${request.CallSid}:transfer`, "the call is being transferred"),
      body: () => transfer(account, ref.caller),
      past: "transferred",
    }
  }
  const ended = (why: string, text: string | null): Outcome => ({
    event: callEnded(ref, { dedupKey: key, at, reason: why }),
    body: () => goodbye(account, text),
    past: "ended",
  })
  if (reason === "idle") return ended("nothing was heard of the caller for a long time", null)
  if (reason === "toolong") return ended("the call reached the longest time that is allowed", null)
  if (!inProgress(request)) return ended("the caller hung up", null)
  const tries = Number(query.get("tries") ?? "0") + 1
  if (!(tries <= RECONNECTS))
    return ended("the connection to the assistant was lost", account.settings.troubleText)
  return {
    event: ignored(`${request.CallSid}:again:${tries}`, "the relay was lost and is connected anew"),
    body: (now) => connectRelay(account, request.CallSid, ref.caller, now, tries),
    past: null,
  }
}

/** A transfer is over: somebody took it, or nobody did. */
const transferred = (
  request: VoiceRequest,
  query: HookQuery,
  account: TwilioAccount,
  at: number,
  taken: boolean,
): Outcome => {
  const ref = refOf(request, query, account)
  const hungUp = !inProgress(request) && !taken
  const reason = taken
    ? "the caller spoke with a colleague by phone"
    : hungUp
      ? "the caller hung up while the call was being transferred"
      : "nobody answered the transfer"
  return {
    event: callEnded(ref, { dedupKey: `${request.CallSid}:transferred`, at, reason }),
    body: () => (taken || hungUp ? goodbye(account, null) : nobody(account, ref.caller)),
    past: "ended",
  }
}

const voicemail = (request: VoiceRequest, query: HookQuery, account: TwilioAccount, at: number): Outcome => {
  const seconds = Number(request.RecordingDuration ?? "")
  const length = seconds > 0 ? ` of ${seconds} seconds` : ""
  const url = request.RecordingUrl ?? ""
  return {
    event: callEnded(refOf(request, query, account), {
      dedupKey: `${request.CallSid}:voicemail`,
      at,
      reason: `the caller left a voicemail${length}`,
      recordingUrl: /^https?:\/\//.test(url) ? url.slice(0, 1_000) : null,
    }),
    body: () => goodbye(account, null),
    past: "ended",
  }
}

/** `at`: epoch milliseconds of the request; Twilio's forms carry no time. */
export const outcomeOf = (
  request: VoiceRequest,
  query: HookQuery,
  account: TwilioAccount,
  at: number,
): Outcome | null => {
  switch (query.event) {
    case "call":
      return incoming(request, query, account)
    case "action":
      return action(request, query, account, at)
    case "dial":
      return transferred(
        request,
        query,
        account,
        at,
        /^(completed|answered)$/.test(request.DialCallStatus ?? ""),
      )
    case "queue":
      return transferred(request, query, account, at, request.QueueResult === "bridged")
    case "voicemail":
      return voicemail(request, query, account, at)
    default:
      return null
  }
}
