/** Credentials are rotated, one kind after the other, while customers write and calls are under way: nothing is lost, nothing doubled. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { ConversationStore, OrgId } from "@opencx/core"
import { startEmulator, type Emulator } from "@opencx/zendesk-emulator"
import { Effect, Schema } from "effect"
import { createHmac, randomUUID } from "node:crypto"
import { createServer, type IncomingMessage, type Server as HttpServer } from "node:http"
import type { ApiClient } from "../../src/api/client.ts"
import { clientOf, make, operatorHeaders, operatorToken } from "../support/api.ts"
import { eventually } from "../support/run.ts"
import { type Server, startServer } from "../support/server.ts"

const org = OrgId.make("acme")
const accountSid = `AC${"0".repeat(32)}`
const [oldToken, newToken] = ["twilio-token-before", "twilio-token-after"]
const number = "+14155550100"

interface Sent {
  readonly to: string
  readonly body: string
  readonly token: string
}

const bodyOf = async (request: IncomingMessage): Promise<URLSearchParams> => {
  const chunks: Array<Buffer> = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return new URLSearchParams(Buffer.concat(chunks).toString())
}

/** A carrier that takes some tokens, and can keep calls waiting before it looks at their token. */
class Carrier {
  readonly sent: Array<Sent> = []
  readonly refused: Array<string> = []
  tokens: ReadonlyArray<string> = [oldToken]
  /** Calls that wait. */
  readonly held: Array<() => void> = []
  isHolding = false
  readonly #server: HttpServer = createServer((request, response) => {
    void (async () => {
      const form = await bodyOf(request)
      const authorization = request.headers.authorization ?? ""
      const [, token = ""] = Buffer.from(authorization.replace("Basic ", ""), "base64").toString().split(":")
      if (this.isHolding) await new Promise<void>((resolve) => this.held.push(resolve))
      const isKnown = this.tokens.includes(token)
      if (!isKnown) this.refused.push(token)
      const isNew = isKnown && request.method === "POST"
      if (isNew) this.sent.push({ to: form.get("To") ?? "", body: form.get("Body") ?? "", token })
      response.writeHead(isKnown ? 201 : 401, { "content-type": "application/json" })
      response.end(
        JSON.stringify(
          isKnown
            ? isNew
              ? { sid: `SM${this.sent.length}`, status: "queued" }
              : { messages: [] }
            : { code: 20003, message: "Authenticate", status: 401 },
        ),
      )
    })()
  })

  start(): Promise<string> {
    return new Promise((resolve) => {
      this.#server.listen(0, "127.0.0.1", () => {
        const address = this.#server.address()
        resolve(`http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`)
      })
    })
  }

  release(): void {
    this.isHolding = false
    for (const go of this.held.splice(0)) go()
  }

  close(): Promise<void> {
    this.release()
    this.#server.closeAllConnections()
    return new Promise((resolve) => this.#server.close(() => resolve()))
  }
}

const carrier = new Carrier()
const box: { server?: Server; client?: ApiClient; emulator?: Emulator; url?: string; hook?: URL } = {}
const server = (): Server => {
  if (box.server === undefined) throw new Error("not started")
  return box.server
}

const account = (tokens: object) => ({
  channel: "sms",
  settings: {
    provider: { name: "twilio", accountSid, from: number, apiBaseUrl: box.url ?? "", ...tokens },
  },
})

const zendesk = (client: string) => ({
  subdomain: "acme",
  baseUrl: box.emulator?.url ?? "",
  auth: { type: "oauth_client_credentials", clientId: client, clientSecret: `${client}-secret` },
})

beforeAll(async () => {
  box.url = await carrier.start()
  const oauthClients = ["before", "after"].map((id) => ({ id, secret: `${id}-secret` }))
  box.emulator = await startEmulator({
    timeScale: 0.01,
    seed: { oauthClients },
    limits: {
      requestsPerMinute: Number.POSITIVE_INFINITY,
      userUpdatesPerSecond: Number.POSITIVE_INFINITY,
    },
  })
  box.server = await startServer({ operatorToken, organizations: [] })
  box.client = await clientOf(box.server, operatorToken)
  const accounts = [{ id: "texts", ...account({ authToken: oldToken }) }]
  await make(box.client, "acme", { zendesk: zendesk("before"), accounts })
  const [listed] = await Effect.runPromise(box.client.accounts.list({ params: { org } }))
  box.hook = new URL(listed?.hookUrl ?? "")
}, 60_000)
afterAll(async () => {
  await box.server?.close()
  await carrier.close()
  await box.emulator?.close()
})

/** What a customer wrote, as the carrier tells it; answers with the status. */
const writes = async (customer: number, token: string, text = "I want to talk to a human, please.") => {
  const form = {
    AccountSid: accountSid,
    Body: text,
    From: `+1415556${String(customer).padStart(4, "0")}`,
    MessageSid: `SM${randomUUID().replaceAll("-", "")}`,
    NumMedia: "0",
    To: number,
  }
  const names = Object.entries(form).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const signed = (box.hook?.href ?? "") + names.map(([name, value]) => name + value).join("")
  const { status } = await server().ask(box.hook?.pathname ?? "", {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "x-twilio-signature": createHmac("sha1", token).update(signed).digest("base64"),
    },
    body: new URLSearchParams(form).toString(),
  })
  return status
}

let version = 1
/** Changes one part of the organization through the API. */
const change = async (path: string, body: object) => {
  const answer = await server().ask(`/api/organizations/acme/${path}`, {
    method: "PUT",
    headers: { ...operatorHeaders, "content-type": "application/json", "if-match": String(version) },
    body: JSON.stringify(body),
  })
  assert.strictEqual(answer.status, 200, answer.text)
  version += 1
}

const inStore = <A>(use: (store: ConversationStore["Service"]) => Effect.Effect<A, unknown>) =>
  server().within(Effect.orDie(Effect.flatMap(ConversationStore, use)))

const Tickets = Schema.decodeUnknownSync(
  Schema.Struct({ tickets: Schema.Array(Schema.Struct({ external_id: Schema.NullOr(Schema.String) })) }),
)

/** Everybody has one ticket and heard each thing once; nothing was given up. */
const allIsWell = async (customers: number) => {
  await eventually(
    "the end of all work",
    async () => (await inStore((store) => store.workCounts)).pending === 0 && told().size === customers,
    60,
  )
  assert.deepStrictEqual(await inStore((store) => store.deadLetters(org, 50)), [])
  const { tickets } = Tickets(box.emulator?.state(["tickets"]))
  const ids = tickets.map(({ external_id }) => external_id)
  assert.strictEqual(new Set(ids).size, customers)
  assert.lengthOf(ids, customers)
  const heard = carrier.sent.map(({ body, to }) => `${to} ${body}`)
  assert.deepStrictEqual(
    heard.filter((one, at) => heard.indexOf(one) !== at),
    [],
  )
}

const told = (): ReadonlySet<string> => new Set(carrier.sent.map(({ to }) => to))

describe("while customers write", { timeout: 120_000 }, () => {
  it("a carrier's token is rotated: calls under way are made again with the new one, once", async () => {
    for (let n = 0; n < 5; n += 1) assert.strictEqual(await writes(n, oldToken), 200)
    await allIsWell(5)
    // These calls were begun with the old token.
    carrier.isHolding = true
    for (let n = 5; n < 10; n += 1) assert.strictEqual(await writes(n, oldToken), 200)
    await eventually("calls under way", () => carrier.held.length >= 5)
    await change("accounts/texts", account({ authToken: newToken, secondaryAuthToken: oldToken }))
    carrier.tokens = [newToken]
    carrier.release()
    // In the overlap both sign.
    for (let n = 10; n < 20; n += 1)
      assert.strictEqual(await writes(n, n % 2 === 0 ? oldToken : newToken), 200)
    await allIsWell(20)
    assert.isAtLeast(carrier.refused.length, 5)
    assert.isTrue(carrier.refused.every((token) => token === oldToken))
    await change("accounts/texts", account({ authToken: newToken }))
    assert.strictEqual(await writes(20, oldToken), 401)
    assert.strictEqual(await writes(20, newToken), 200)
    await allIsWell(21)
  })

  it("Zendesk's OAuth client is replaced: tokens of both work until they end", async () => {
    const before = 21
    const sending = (async () => {
      for (let n = before; n < before + 20; n += 1) assert.strictEqual(await writes(n, newToken), 200)
    })()
    await change("integrations/zendesk", { value: zendesk("after") })
    await sending
    await allIsWell(before + 20)
    const fetched = box.emulator?.calls().filter(({ path }) => path === "/oauth/tokens") ?? []
    assert.isAtLeast(fetched.length, 2)
  })
})
