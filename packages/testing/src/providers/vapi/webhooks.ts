/** Vapi's side of webhooks: reports and other server messages with each of its ways to authenticate. */
import { createHmac } from "node:crypto"
import { DateTime } from "effect"
import { post } from "../relay/http.ts"

/** How requests are proven to come from Vapi. */
export type VapiProof =
  | { readonly kind: "bearer"; readonly token: string }
  | { readonly kind: "header"; readonly name: string; readonly value: string }
  /** `timestamped`: over `<timestamp>.<body>`, else over the body alone. */
  | { readonly kind: "hmac"; readonly secret: string; readonly timestamped: boolean }

export interface VapiTurn {
  readonly role: "bot" | "user" | "system" | "tool_calls" | "tool_call_result"
  readonly message?: string
  /** Epoch milliseconds. */
  readonly time: number
  readonly toolCalls?: ReadonlyArray<{
    readonly id: string
    readonly function: { readonly name: string; readonly arguments: string }
  }>
}

export interface VapiCall {
  readonly id: string
  /** Absent: a web call or a hidden number. */
  readonly number?: string
  readonly turns: ReadonlyArray<VapiTurn>
  readonly endedReason: string
  /** Epoch milliseconds. */
  readonly startedAt: number
  readonly endedAt: number
  readonly summary?: string
  readonly structuredData?: Readonly<Record<string, unknown>>
  readonly recordingUrl?: string
}

/** Headers of one request with this body. `now` in epoch milliseconds. */
export const vapiHeaders = (proof: VapiProof, body: string, now: number): Record<string, string> => {
  const json = { "content-type": "application/json" }
  switch (proof.kind) {
    case "bearer":
      return { ...json, authorization: `Bearer ${proof.token}` }
    case "header":
      return { ...json, [proof.name]: proof.value }
    case "hmac": {
      const timestamp = String(now)
      const signed = proof.timestamped ? `${timestamp}.${body}` : body
      return {
        ...json,
        "x-timestamp": timestamp,
        "x-signature": createHmac("sha256", proof.secret).update(signed).digest("hex"),
      }
    }
  }
}

const name = (role: VapiTurn["role"]): string => (role === "bot" ? "AI" : "User")

/** The report at the end of a call. */
export const vapiReport = (call: VapiCall): Readonly<Record<string, unknown>> => ({
  type: "end-of-call-report",
  timestamp: call.endedAt,
  endedReason: call.endedReason,
  startedAt: DateTime.formatIso(DateTime.makeUnsafe(call.startedAt)),
  endedAt: DateTime.formatIso(DateTime.makeUnsafe(call.endedAt)),
  durationSeconds: (call.endedAt - call.startedAt) / 1_000,
  cost: 0.12,
  analysis: {
    ...(call.summary === undefined ? {} : { summary: call.summary }),
    ...(call.structuredData === undefined ? {} : { structuredData: call.structuredData }),
    successEvaluation: "true",
  },
  artifact: {
    transcript: call.turns
      .filter((turn) => turn.role === "bot" || turn.role === "user")
      .map((turn) => `${name(turn.role)}: ${turn.message ?? ""}`)
      .join("\n"),
    messages: call.turns.map((turn) => ({
      ...turn,
      endTime: turn.time + 900,
      secondsFromStart: (turn.time - call.startedAt) / 1_000,
    })),
    ...(call.recordingUrl === undefined ? {} : { recordingUrl: call.recordingUrl }),
  },
  call: { id: call.id, type: call.number === undefined ? "webCall" : "inboundPhoneCall" },
  ...(call.number === undefined ? {} : { customer: { number: call.number } }),
})

/** Sends server messages to one URL. Vapi does not retry by default, and neither does this. */
export const fakeVapi = (options: {
  readonly url: string
  readonly proof: VapiProof
  readonly now: () => number
}) => {
  const send = (message: Readonly<Record<string, unknown>>) => {
    const body = JSON.stringify({ message })
    return post(options.url, body, vapiHeaders(options.proof, body, options.now()))
  }
  return { send, endOfCall: (call: VapiCall) => send(vapiReport(call)) }
}
