/** Retell's side of webhooks: signed call events, retried up to three times. */
import { createHmac } from "node:crypto"
import { post } from "../relay/http.ts"

export interface RetellTurn {
  readonly role: "agent" | "user"
  readonly content: string
  /** Seconds from the beginning of the call. */
  readonly start: number
}

export interface RetellCall {
  readonly callId: string
  readonly direction: "inbound" | "outbound"
  /** Absent: a web call. */
  readonly from?: string
  readonly to?: string
  readonly turns: ReadonlyArray<RetellTurn>
  readonly disconnectionReason: string
  /** Epoch milliseconds. */
  readonly startedAt: number
  readonly endedAt: number
  readonly recordingUrl?: string
  /** Known only with `call_analyzed`. */
  readonly summary?: string
}

export type RetellEvent = "call_started" | "call_ended" | "call_analyzed"

/** `v=<ms>,d=<hex>`: HMAC-SHA256 with the API key over the body followed by the milliseconds. */
export const retellSignature = (apiKey: string, body: string, now: number): string =>
  `v=${now},d=${createHmac("sha256", apiKey)
    .update(body + String(now))
    .digest("hex")}`

/** The body of an event. */
export const retellBody = (
  event: RetellEvent | (string & {}),
  call: RetellCall,
): Readonly<Record<string, unknown>> => ({
  event,
  call: {
    call_type: call.from === undefined ? "web_call" : "phone_call",
    call_id: call.callId,
    agent_id: "agent_1",
    call_status: event === "call_started" ? "ongoing" : "ended",
    direction: call.direction,
    ...(call.from === undefined ? {} : { from_number: call.from }),
    ...(call.to === undefined ? {} : { to_number: call.to }),
    start_timestamp: call.startedAt,
    metadata: {},
    ...(event === "call_started"
      ? {}
      : {
          end_timestamp: call.endedAt,
          disconnection_reason: call.disconnectionReason,
          transcript: call.turns
            .map((t) => `${t.role === "agent" ? "Agent" : "User"}: ${t.content}`)
            .join("\n"),
          transcript_object: call.turns.map((t) => ({
            role: t.role,
            content: t.content,
            words: [{ word: t.content.split(" ")[0] ?? "", start: t.start, end: t.start + 0.4 }],
          })),
          ...(call.recordingUrl === undefined ? {} : { recording_url: call.recordingUrl }),
        }),
    ...(event === "call_analyzed"
      ? { call_analysis: { call_summary: call.summary ?? "", user_sentiment: "Neutral" } }
      : {}),
  },
})

/** Sends events to one URL; a refused one is sent again, three times at most. Answers with the statuses. */
export const fakeRetell = (options: {
  readonly url: string
  readonly apiKey: string
  readonly now: () => number
}) => ({
  send: async (event: RetellEvent | (string & {}), call: RetellCall): Promise<ReadonlyArray<number>> => {
    const body = JSON.stringify(retellBody(event, call))
    const statuses: Array<number> = []
    while (statuses.length < 4 && !statuses.some((s) => s >= 200 && s < 300)) {
      const headers = {
        "content-type": "application/json",
        "x-retell-signature": retellSignature(options.apiKey, body, options.now()),
      }
      statuses.push((await post(options.url, body, headers)).status)
    }
    return statuses
  },
})
