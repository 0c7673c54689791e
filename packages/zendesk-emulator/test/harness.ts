import { createServer, type IncomingHttpHeaders, type Server } from "node:http"
import { type Emulator, type EmulatorOptions, startEmulator } from "../src/index.ts"
import { get } from "../src/world/json.ts"

/** Reads a path like `ticket.comments.0.id` out of foreign JSON. */
export const at = (value: unknown, path: string): unknown => {
  let current = value
  for (const step of path.split(".")) {
    current = Array.isArray(current) ? current[Number(step)] : get(current, step)
  }
  return current
}

export const num = (value: unknown, path: string): number => {
  const found = at(value, path)
  if (typeof found !== "number")
    throw new Error(`${path} is not a number: ${JSON.stringify(value)?.slice(0, 400)}`)
  return found
}

export const str = (value: unknown, path: string): string => {
  const found = at(value, path)
  if (typeof found !== "string")
    throw new Error(`${path} is not a string: ${JSON.stringify(value)?.slice(0, 400)}`)
  return found
}

export const arr = (value: unknown, path: string): ReadonlyArray<unknown> => {
  const found = at(value, path)
  if (!Array.isArray(found))
    throw new Error(`${path} is not an array: ${JSON.stringify(value)?.slice(0, 400)}`)
  return found
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly body: unknown
}

export interface CallOptions {
  readonly headers?: Readonly<Record<string, string>>
  readonly anonymous?: boolean
  readonly raw?: string
}

export interface Account {
  readonly emulator: Emulator
  readonly token: string
  readonly call: (method: string, path: string, body?: unknown, options?: CallOptions) => Promise<Answer>
  /** A private ticket as the connector makes it; returns its id. */
  readonly ticket: (fields?: object) => Promise<number>
  readonly control: (method: string, path: string, body?: unknown) => Promise<Answer>
}

const toAnswer = async (response: Response): Promise<Answer> => {
  const text = await response.text()
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    body = undefined
  }
  return { status: response.status, headers: response.headers, text, body }
}

export const tokenOf = async (url: string, scope = "read write", extra: object = {}): Promise<Answer> =>
  toAnswer(
    await fetch(`${url}/oauth/tokens`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        grant_type: "client_credentials",
        client_id: "opencx",
        client_secret: "opencx-secret",
        scope,
        ...extra,
      }),
    }),
  )

const bodies = (body: unknown, raw: string | undefined): { readonly body?: string } =>
  raw !== undefined ? { body: raw } : body === undefined ? {} : { body: JSON.stringify(body) }

/** Starts an account with a client; close it with `emulator.close()`. */
export const account = async (options: EmulatorOptions = {}): Promise<Account> => {
  const emulator = await startEmulator({ timeScale: 0.01, ...options })
  const token = str((await tokenOf(emulator.url)).body, "access_token")
  const request = async (
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string>,
    raw?: string,
  ) =>
    toAnswer(
      await fetch(path.startsWith("http") ? path : emulator.url + path, {
        method,
        headers: { "content-type": "application/json", ...headers },
        redirect: "manual",
        ...bodies(body, raw),
      }),
    )
  const call: Account["call"] = (method, path, body, options) =>
    request(
      method,
      path,
      body,
      { ...(options?.anonymous === true ? {} : { authorization: `Bearer ${token}` }), ...options?.headers },
      options?.raw,
    )
  return {
    emulator,
    token,
    call,
    control: (method, path, body) => request(method, `/__emulator${path}`, body, {}),
    ticket: async (fields = {}) => {
      const answer = await call("POST", "/api/v2/tickets.json", {
        ticket: {
          subject: "Refund for order 1042",
          requester: { name: "Dana Lee", email: "dana@example.com" },
          comment: { body: "Summary", public: false },
          tags: ["opencx"],
          ...fields,
        },
      })
      if (answer.status !== 201) throw new Error(`ticket not created: ${answer.status} ${answer.text}`)
      return num(answer.body, "ticket.id")
    },
  }
}

export interface Hook {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Receiver {
  readonly url: string
  readonly hooks: ReadonlyArray<Hook>
  /** Resolves when so many requests have come. */
  readonly until: (count: number) => Promise<ReadonlyArray<Hook>>
  readonly close: () => Promise<void>
}

export interface HookAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** Never answer. */
  readonly silent?: boolean
}

/** A real webhook receiver; `answers` says what each request gets by its number from 0. */
export const receiver = async (
  answers: (n: number, hook: Hook) => HookAnswer = () => ({ status: 200 }),
): Promise<Receiver> => {
  const hooks: Array<Hook> = []
  const waiting: Array<{ readonly count: number; readonly resolve: () => void }> = []
  const server: Server = createServer((request, response) => {
    const chunks: Array<Buffer> = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => {
      const hook = { headers: request.headers, body: Buffer.concat(chunks).toString("utf8") }
      const answer = answers(hooks.length, hook)
      hooks.push(hook)
      if (answer.silent !== true) {
        response.writeHead(answer.status, answer.headers)
        response.end()
      }
      for (const item of waiting) if (hooks.length >= item.count) item.resolve()
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve())
  })
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/hook`,
    hooks,
    until: async (count) => {
      if (hooks.length < count) await new Promise<void>((resolve) => waiting.push({ count, resolve }))
      return hooks
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Waits for something that real timers bring about; the deadline only turns a hang into a failure. */
export const eventually = async (holds: () => boolean, what: string): Promise<void> => {
  const end = Date.now() + 10_000
  while (!holds()) {
    if (Date.now() > end) throw new Error(`never happened: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

export const publicReplyConditions = {
  all: [
    { field: "update_type", operator: "is", value: "Change" },
    { field: "comment_is_public", operator: "is", value: "true" },
    { field: "current_tags", operator: "includes", value: "opencx" },
    { field: "role", operator: "is", value: "agent" },
  ],
  any: [],
}

/** Creates a webhook and a trigger on it, as a set-up does; returns both ids. */
export const connect = async (
  account: Account,
  endpoint: string,
  template: string,
  options: { readonly conditions?: object; readonly webhook?: object } = {},
): Promise<{ readonly webhookId: string; readonly triggerId: number; readonly secret: string }> => {
  const webhook = await account.call("POST", "/api/v2/webhooks", {
    webhook: {
      name: "OpenCX",
      status: "active",
      endpoint,
      http_method: "POST",
      request_format: "json",
      subscriptions: ["conditional_ticket_events"],
      ...options.webhook,
    },
  })
  const webhookId = str(webhook.body, "webhook.id")
  const trigger = await account.call("POST", "/api/v2/triggers.json", {
    trigger: {
      title: "OpenCX: public reply",
      conditions: options.conditions ?? publicReplyConditions,
      actions: [{ field: "notification_webhook", value: [webhookId, template] }],
    },
  })
  if (trigger.status !== 201) throw new Error(`trigger not created: ${trigger.text}`)
  const secret = await account.call("GET", `/api/v2/webhooks/${webhookId}/signing_secret`)
  return {
    webhookId,
    triggerId: num(trigger.body, "trigger.id"),
    secret: str(secret.body, "signing_secret.secret"),
  }
}
