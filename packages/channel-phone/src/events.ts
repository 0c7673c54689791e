/** What all events of one call have in common. */
import type { CallEndedEvent, MessageSender, ThreadHints } from "@opencx/core"
import { type Caller, numberOf, senderOf } from "./caller/Caller.ts"
import { encodeReplyAddress, type ReplyAddress } from "./caller/ReplyAddress.ts"

/** One call, as its events name it. */
export interface CallRef {
  readonly provider: ReplyAddress["provider"]
  readonly callId: string
  readonly caller: Caller
  readonly callerName: string | null
}

export interface CallParts {
  readonly sender: MessageSender
  readonly thread: ThreadHints
  readonly address: string
}

/** Provider ids longer than a thread key may be are none that we know. */
export const callParts = (call: CallRef): CallParts => {
  const sender = senderOf(call.caller, call.callId, call.callerName)
  return {
    sender,
    thread: { defaultKey: call.callId, signedKey: null, references: [], participant: sender.value },
    address: encodeReplyAddress({
      provider: call.provider,
      call: call.callId,
      caller: numberOf(call.caller),
    }),
  }
}

export const callEnded = (
  call: CallRef,
  over: Pick<CallEndedEvent, "dedupKey" | "at" | "reason"> &
    Partial<Pick<CallEndedEvent, "summary" | "recordingUrl">>,
): CallEndedEvent => ({
  _tag: "CallEnded",
  ...callParts(call),
  summary: null,
  recordingUrl: null,
  ...over,
})
