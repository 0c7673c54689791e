/** Vapi and Retell, each with a Twilio line of its own for texts after a call. */
import { startFakeRelay } from "@opencx/testing/providers/relay"
import { retellBody, type RetellCall, retellSignature } from "@opencx/testing/providers/retell"
import { type VapiCall, vapiHeaders, vapiReport } from "@opencx/testing/providers/vapi"
import { createHash } from "node:crypto"
import type { Hook } from "../carriers/Carrier.ts"
import { assistantName, type EndedCall, fallbackOf, type Hosted } from "./Hosted.ts"

const startLine = async (seed: string) => {
  const accountSid = `AC${createHash("md5").update(`line ${seed}`).digest("hex")}`
  const credentials = { accountSid, authToken: `line-token-of-${seed}` }
  return { line: await startFakeRelay(credentials), credentials }
}

const SECOND = 1000

const vapiCall = ({ from, id, turns, wantsHuman }: EndedCall, endedAt: number): VapiCall => {
  const startedAt = endedAt - 60 * SECOND
  const time = (n: number) => startedAt + n * SECOND
  const toolCalls = [{ id: "tool-1", function: { name: "request_human", arguments: "{}" } }]
  return {
    id,
    ...(from === null ? {} : { number: from }),
    startedAt,
    endedAt,
    endedReason: "customer-ended-call",
    summary: `Summary of ${id}.`,
    turns: [
      ...turns.map(({ by, text }, n) => ({
        role: by === "caller" ? ("user" as const) : ("bot" as const),
        message: text,
        time: time(n),
      })),
      ...(wantsHuman ? [{ role: "tool_calls" as const, time: time(turns.length), toolCalls }] : []),
    ],
  }
}

/** Signed by HMAC over time and body. */
export const startVapi = async (seed: string): Promise<Hosted> => {
  const { credentials, line } = await startLine(`vapi ${seed}`)
  const secret = `vapi-secret-of-${seed}`
  const number = "+14155550120"
  const sign = (url: string, body: string, now = Date.now()): Hook => ({
    url,
    body,
    headers: vapiHeaders({ kind: "hmac", secret, timestamped: true }, body, now),
  })
  return {
    accountId: "vapi",
    line,
    number,
    settings: {
      provider: "vapi",
      auth: { _tag: "hmac", secret },
      assistantName,
      callerId: "trusted",
      handoff: { tools: ["request_human"] },
      smsFallback: fallbackOf(line, credentials, number),
    },
    hooks: (url, call) => {
      const now = Date.now()
      return [sign(url, JSON.stringify({ message: vapiReport(vapiCall(call, now)) }), now)]
    },
    sign,
    unknown: JSON.stringify({ message: { type: "hologram", call: { id: "call-odd" } } }),
    proof: ["x-signature"],
  }
}

const retellCall = ({ from, id, turns, wantsHuman }: EndedCall, to: string, endedAt: number): RetellCall => ({
  callId: id,
  direction: "inbound",
  ...(from === null ? {} : { from }),
  to,
  startedAt: endedAt - 60 * SECOND,
  endedAt,
  disconnectionReason: wantsHuman ? "call_transfer" : "user_hangup",
  summary: `Summary of ${id}.`,
  turns: turns.map(({ by, text }, n) => ({
    role: by === "caller" ? "user" : "agent",
    content: text,
    start: n,
  })),
})

/** Three events a call; the last two carry the same transcript. */
export const startRetell = async (seed: string): Promise<Hosted> => {
  const { credentials, line } = await startLine(`retell ${seed}`)
  const apiKey = `retell-key-of-${seed}`
  const number = "+14155550121"
  const sign = (url: string, body: string, now = Date.now()): Hook => ({
    url,
    body,
    headers: {
      "content-type": "application/json",
      "x-retell-signature": retellSignature(apiKey, body, now),
    },
  })
  return {
    accountId: "retell",
    line,
    number,
    settings: {
      provider: "retell",
      apiKey,
      assistantName,
      callerId: "trusted",
      smsFallback: fallbackOf(line, credentials, number),
    },
    hooks: (url, call) => {
      const now = Date.now()
      return ["call_started", "call_ended", "call_analyzed"].map((event) =>
        sign(url, JSON.stringify(retellBody(event, retellCall(call, number, now))), now),
      )
    },
    sign,
    unknown: JSON.stringify({ event: "call_hologram", call: { call_id: "call-odd" } }),
    proof: ["x-retell-signature"],
  }
}
