/** The part of Twilio's REST API that a phone channel uses: calls' states, and text messages. */
import { randomBytes } from "node:crypto"
import type { IncomingMessage } from "node:http"
import { DateTime } from "effect"

export interface FakeText {
  readonly sid: string
  readonly from: string
  readonly to: string
  readonly body: string
  readonly statusCallback: string | null
  /** Epoch milliseconds. */
  readonly createdAt: number
  status: string
}

/** What goes wrong with the next request of a kind. */
export type RestFault =
  | { readonly kind: "refuse"; readonly status: number; readonly code?: number; readonly retryAfter?: number }
  /** The connection breaks after the message was taken. */
  | { readonly kind: "reset-after" }
  /** The connection breaks before anything was done. */
  | { readonly kind: "reset-before" }
  /** The message is taken; no answer ever. */
  | { readonly kind: "mute" }

export interface RestRequest {
  readonly method: string
  readonly path: string
  readonly body: string
}

/** An answer; null for a connection that breaks, `mute` for one that stays open without a word. */
export type RestAnswer =
  | {
      readonly status: number
      readonly headers: Record<string, string>
      readonly body: string
    }
  | "mute"
  | null

export const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Array<Buffer> = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString("utf8")
}

export class FakeRest {
  readonly texts: Array<FakeText> = []
  readonly requests: Array<RestRequest> = []
  /** Used up one by one, by requests that create messages. */
  readonly faults: Array<RestFault> = []
  /** Used up one by one, by requests that list messages. */
  readonly listFaults: Array<RestFault> = []
  private readonly world: {
    readonly accountSid: string
    readonly authToken: string
    readonly now: () => number
  }
  private readonly callStatus: (callSid: string) => string | null

  constructor(world: FakeRest["world"], callStatus: (callSid: string) => string | null) {
    this.world = world
    this.callStatus = callStatus
  }

  handle(method: string, target: string, authorization: string, body: string): RestAnswer {
    const url = new URL(target, "http://twilio.invalid")
    this.requests.push({ method, path: url.pathname + url.search, body })
    const expected = Buffer.from(`${this.world.accountSid}:${this.world.authToken}`).toString("base64")
    if (authorization !== `Basic ${expected}`)
      return json(401, { code: 20003, message: "Authenticate", status: 401 })
    const base = `/2010-04-01/Accounts/${this.world.accountSid}/`
    if (!url.pathname.startsWith(base)) return json(404, { code: 20404, message: "not found", status: 404 })
    const path = url.pathname.slice(base.length)
    if (path === "Messages.json") return method === "POST" ? this.create(body) : this.list(url.searchParams)
    const call = /^Calls\/(\w+)\.json$/.exec(path)?.[1]
    const status = call === undefined ? null : this.callStatus(call)
    return status === null
      ? json(404, { code: 20404, message: "not found", status: 404 })
      : json(200, { sid: call, status, account_sid: this.world.accountSid })
  }

  private create(body: string): RestAnswer {
    const fault = this.faults.shift()
    if (fault?.kind === "reset-before") return null
    if (fault?.kind === "refuse") return refuse(fault)
    const form = new URLSearchParams(body)
    const text: FakeText = {
      sid: `SM${randomBytes(16).toString("hex")}`,
      from: form.get("From") ?? "",
      to: form.get("To") ?? "",
      body: form.get("Body") ?? "",
      statusCallback: form.get("StatusCallback"),
      createdAt: this.world.now(),
      status: "queued",
    }
    if (text.body === "" || text.body.length > 1_600)
      return json(400, {
        code: 21617,
        message: "The concatenated message body exceeds the limit",
        status: 400,
      })
    this.texts.push(text)
    if (fault?.kind === "mute") return "mute"
    return fault?.kind === "reset-after" ? null : json(201, this.view(text))
  }

  private list(query: URLSearchParams): RestAnswer {
    const fault = this.listFaults.shift()
    if (fault?.kind === "refuse") return refuse(fault)
    if (fault !== undefined) return null
    const messages = this.texts
      .filter((t) => t.to === query.get("To") && t.from === query.get("From"))
      .map((t) => this.view(t))
      .toReversed()
    return json(200, { messages, page: 0, page_size: 50 })
  }

  private view(text: FakeText) {
    return {
      sid: text.sid,
      account_sid: this.world.accountSid,
      from: text.from,
      to: text.to,
      body: text.body,
      status: text.status,
      direction: "outbound-api",
      date_created: DateTime.toDateUtc(DateTime.makeUnsafe(text.createdAt))
        .toUTCString()
        .replace("GMT", "+0000"),
    }
  }
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}): RestAnswer => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(body),
})

const refuse = (fault: Extract<RestFault, { readonly kind: "refuse" }>): RestAnswer =>
  json(
    fault.status,
    { code: fault.code ?? null, message: `refused with ${fault.code ?? fault.status}`, status: fault.status },
    fault.retryAfter === undefined ? {} : { "retry-after": String(fault.retryAfter) },
  )
