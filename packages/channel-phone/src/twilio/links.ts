/** URLs and signed tokens that a call carries from one of Twilio's requests to the next. */
import type { Account } from "@opencx/core"
import { type Caller, callerOf } from "../caller/Caller.ts"

/** What the hook URL is called for; kept in its query, which Twilio signs too. Absent: a call comes in. */
export type HookEvent = "call" | "action" | "dial" | "queue" | "voicemail" | "sms"

const hookEvents: ReadonlySet<string> = new Set(["action", "dial", "queue", "voicemail", "sms"])
const isHookEvent = (text: string): text is HookEvent => hookEvents.has(text)

/** Query of one request to the hook URL. */
export interface HookQuery {
  /** Null: not one of ours. */
  readonly event: HookEvent | null
  readonly get: (name: string) => string | null
}

export const hookQueryOf = (url: string): HookQuery => {
  const at = url.indexOf("?")
  const query = new URLSearchParams(at < 0 ? "" : url.slice(at + 1).split("#")[0])
  const event = query.get("event")
  return {
    event: event === null ? "call" : isHookEvent(event) ? event : null,
    get: (name) => query.get(name),
  }
}

/** This account's hook URL with a query of ours. */
export const hookUrl = (
  account: Pick<Account<unknown>, "hookUrl">,
  event: Exclude<HookEvent, "call">,
  more: Readonly<Record<string, string>> = {},
): string =>
  `${account.hookUrl}${account.hookUrl.includes("?") ? "&" : "?"}${new URLSearchParams({ event, ...more })}`

/** Where a relay connects: the plugin's own route, as a WebSocket URL. */
export const relayUrl = (account: Pick<Account<unknown>, "publicUrl">, token: string): string =>
  `${account.publicUrl.replace(/^http/, "ws")}/phone/relay/${token}`

/** What a relay connection stands for. The caller is the one of the signed webhook, whatever a socket says later. */
export interface RelayTicket {
  readonly callSid: string
  /** Epoch milliseconds. */
  readonly issuedAt: number
  /** Null: neither a number nor hidden (a SIP address); then the setup message names the caller. */
  readonly caller: Caller | null
}

/** SIDs are two letters and hexadecimal digits; tokens hold lower case only. */
const sidOf = (lower: string): string => lower.slice(0, 2).toUpperCase() + lower.slice(2)

export const isCallSid = (text: string): boolean => /^CA[0-9a-f]{32}$/.test(text)

const callerCode = (caller: Caller): string => {
  if (caller._tag === "Number") return `${caller.verified ? "v" : "u"}${caller.e164.slice(1)}`
  return caller._tag === "Withheld" ? "w" : "o"
}

export const signRelay = (
  account: Pick<Account<unknown>, "signer">,
  ticket: RelayTicket & { caller: Caller },
) =>
  account.signer.sign(
    "relay",
    `${ticket.callSid.toLowerCase()}-${ticket.issuedAt}-${callerCode(ticket.caller)}`,
  )

export const openRelay = (account: Pick<Account<unknown>, "signer">, token: string): RelayTicket | null => {
  const parts = /^(ca[0-9a-f]{32})-(\d{1,15})-([vu]\d{7,15}|w|o)$/.exec(
    account.signer.open("relay", token) ?? "",
  )
  if (parts === null) return null
  const [, sid = "", at = "", code = ""] = parts
  const caller = /^[vu]/.test(code) ? callerOf(`+${code.slice(1)}`, code.startsWith("v")) : null
  return {
    callSid: sidOf(sid),
    issuedAt: Number(at),
    caller: code === "w" ? { _tag: "Withheld" } : caller,
  }
}

/** Why we ended a relay session. */
export type EndReason = "transfer" | "idle" | "toolong"

export const signEnd = (
  account: Pick<Account<unknown>, "signer">,
  callSid: string,
  reason: EndReason,
): string => account.signer.sign("end", `${callSid.toLowerCase()}-${reason}`)

/** The reason in a token that we gave Twilio for this very call; null for anything else. */
export const openEnd = (
  account: Pick<Account<unknown>, "signer">,
  callSid: string,
  token: string,
): EndReason | null => {
  const parts = /^(ca[0-9a-f]{32})-(transfer|idle|toolong)$/.exec(account.signer.open("end", token) ?? "")
  if (parts === null || parts[1] !== callSid.toLowerCase()) return null
  return parts[2] === "transfer" ? "transfer" : parts[2] === "idle" ? "idle" : "toolong"
}
