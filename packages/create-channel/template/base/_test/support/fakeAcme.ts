/**
 * The provider on loopback: a real HTTP server that takes messages, lists them, shows typing, serves files, calls webhooks
 * with the real proof, and fails on demand. It knows nothing of the plugin.
 */
import { randomUUID } from "node:crypto"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { proofHeaders } from "./proof.ts"

export interface AcmeMessage {
  readonly id: string
  readonly conversation: string
  readonly text: string
  readonly reference: string
  readonly media: ReadonlyArray<{ readonly url: string; readonly filename: string }>
}

/** What happens to one call. `reset`: the connection breaks; `taken`: before that the message was taken. */
export type Fault =
  | {
      readonly kind: "answer"
      readonly status: number
      readonly taken?: boolean
      readonly headers?: Record<string, string>
      readonly body?: string
    }
  | { readonly kind: "reset"; readonly taken: boolean }
  | { readonly kind: "silence"; readonly taken: boolean }

export interface CustomerWords {
  readonly user: string
  readonly text: string
  readonly name?: string
  /** A number that the provider has verified. */
  readonly phone?: string
  readonly id?: string
}

export interface FakeAcme {
  /** Base URL of the API, and of the files under `/files`. */
  readonly url: string
  /** What customers were shown, in order. */
  readonly messages: () => ReadonlyArray<AcmeMessage>
  /** Every call, as `POST /messages`. */
  readonly calls: () => ReadonlyArray<string>
  /** The next calls that send (or that list) end like this, one fault each. */
  readonly fail: (what: "send" | "list", ...faults: ReadonlyArray<Fault>) => void
  /** A customer writes; resolves with the status that the webhook answered, at last. */
  readonly customerWrites: (hookUrl: string, words: CustomerWords) => Promise<number>
  /** The provider tells what became of a message. */
  readonly report: (hookUrl: string, message: AcmeMessage, state: string, code?: string) => Promise<number>
  readonly close: () => Promise<void>
}

export interface FakeOptions {
  readonly apiKey: string
  readonly webhookSecret: string
  /** 0, the default: any free port. */
  readonly port?: number
}

/** At most this much of a request is read. */
const maxBytes = 1_000_000

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Array<Buffer> = []
  let size = 0
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size > maxBytes) throw new Error("the request is too large")
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString("utf8")
}

const sendJson = (response: ServerResponse, status: number, value: unknown, headers = {}): void => {
  response.writeHead(status, { "content-type": "application/json", ...headers })
  response.end(typeof value === "string" ? value : JSON.stringify(value))
}

const text = (value: unknown): string => (typeof value === "string" ? value : "")
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null
const mediaOf = (value: unknown): AcmeMessage["media"] =>
  Array.isArray(value)
    ? value.filter(isRecord).map((one) => ({ url: text(one["url"]), filename: text(one["filename"]) }))
    : []

const messageEvent = ({ id = randomUUID(), name, phone, text, user }: CustomerWords) => ({
  type: "message.created",
  id: `evt_${id}`,
  created_at: Date.now(),
  message: {
    id: `in_${id}`,
    conversation_id: `conversation-${user}`,
    from: { id: user, name: name ?? null, phone: phone ?? null },
    text,
  },
})

const statusEvent = ({ id, reference }: AcmeMessage, state: string, code?: string) => ({
  type: "message.status",
  id: `evt_${randomUUID()}`,
  created_at: Date.now(),
  status: {
    message_id: id,
    client_reference: reference,
    state,
    error: code === undefined ? null : { code },
  },
})

/** The provider calls a webhook again until it is answered with 200; here five times, in quick succession. */
const callHook = async (hookUrl: string, event: unknown, secret: string): Promise<number> => {
  const body = new TextEncoder().encode(JSON.stringify({ events: [event] }))
  let status = 0
  for (let tries = 0; tries < 5 && status !== 200; tries += 1) {
    if (tries > 0) await new Promise((resolve) => setTimeout(resolve, 200))
    const answer = await fetch(hookUrl, {
      method: "POST",
      headers: { "content-type": "application/json", ...proofHeaders(body, secret) },
      body,
    }).catch(() => null)
    status = answer?.status ?? 0
  }
  return status
}

/** Starts the fake on loopback. */
export const startFakeAcme = async (options: FakeOptions): Promise<FakeAcme> => {
  const messages: Array<AcmeMessage> = []
  const calls: Array<string> = []
  const faults: Record<"send" | "list", Array<Fault>> = { send: [], list: [] }

  const take = (body: string): AcmeMessage => {
    const sent: unknown = JSON.parse(body)
    if (!isRecord(sent)) throw new Error("no object")
    const message = {
      id: `msg_${messages.length + 1}`,
      conversation: text(sent["conversation_id"]),
      text: text(sent["text"]),
      reference: text(sent["client_reference"]),
      media: mediaOf(sent["media"]),
    }
    messages.push(message)
    return message
  }

  const send = (response: ServerResponse, body: string): void => {
    const fault = faults.send.shift()
    if (fault === undefined) return sendJson(response, 201, { id: take(body).id })
    if (fault.taken === true) take(body)
    if (fault.kind === "reset") response.destroy()
    if (fault.kind === "answer")
      sendJson(response, fault.status, fault.body ?? { error: { code: "broken" } }, fault.headers)
  }

  const list = (response: ServerResponse, reference: string): void => {
    const fault = faults.list.shift()
    if (fault?.kind === "answer") return sendJson(response, fault.status, fault.body ?? {})
    if (fault?.kind === "reset") return void response.destroy()
    if (fault?.kind === "silence") return
    sendJson(response, 200, { messages: messages.filter((message) => message.reference === reference) })
  }

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", "http://fake")
    calls.push(`${request.method} ${url.pathname}`)
    if (request.headers.authorization !== `Bearer ${options.apiKey}`)
      return sendJson(response, 401, { error: { code: "unauthorized" } })
    if (request.method === "POST" && url.pathname === "/messages")
      return send(response, await readBody(request))
    if (request.method === "GET" && url.pathname === "/messages")
      return list(response, url.searchParams.get("client_reference") ?? "")
    if (request.method === "POST" && /^\/conversations\/[^/]+\/typing$/.test(url.pathname))
      return sendJson(response, 200, {})
    if (url.pathname === "/files/large") return void response.end(Buffer.alloc(10_000_001))
    if (url.pathname.startsWith("/files/")) return void response.end(`file ${url.pathname.slice(7)}`)
    sendJson(response, 404, { error: { code: "not_found" } })
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) =>
      sendJson(response, 400, { error: { code: String(error) } }),
    )
  })
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve))
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0

  return {
    url: `http://127.0.0.1:${port}`,
    messages: () => messages,
    calls: () => calls,
    fail: (what, ...some) => void faults[what].push(...some),
    customerWrites: (hookUrl, words) => callHook(hookUrl, messageEvent(words), options.webhookSecret),
    report: (hookUrl, message, state, code) =>
      callHook(hookUrl, statusEvent(message, state, code), options.webhookSecret),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
