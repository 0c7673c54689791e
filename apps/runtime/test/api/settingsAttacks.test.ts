/**
 * Somebody who may change one organization's settings, and wants more: the secrets that others put there, or the network that
 * the runtime stands in.
 */
import { AccountId, ChannelId, OrgId } from "@opencx/core"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { createServer } from "node:http"
import type { ApiClient } from "../../src/api/client.ts"
import { clientOf, fails, keyFor, make, operatorToken } from "../support/api.ts"
import { type Server, startServer } from "../support/server.ts"

const org = OrgId.make("tenant")
const account = AccountId.make("texts")
const channel = ChannelId.make("sms")
const run = Effect.runPromise

let server: Server
let operator: ApiClient
let tenant: ApiClient
let key: string

beforeAll(async () => {
  server = await startServer({ operatorToken })
  operator = await clientOf(server, operatorToken)
  await make(operator, org)
  key = await keyFor(operator, org, ["organization.read", "organization.write"])
  tenant = await clientOf(server, key)
})
afterAll(() => server?.close())

const sid = "AC0123456789abcdef0123456789abcdef"
type Json = Readonly<Record<string, Schema.Json>>

const sms = (authToken: Schema.Json, more: Json = {}): Json => ({
  provider: { name: "twilio", accountSid: sid, authToken, from: "+14155550100", ...more },
})

const versionOf = async () => (await run(operator.organizations.read({ params: { org } }))).version

const put = async (who: ApiClient, settings: Json) =>
  who.accounts.put({
    params: { org, account },
    headers: { "if-match": await versionOf() },
    payload: { channel, settings },
  })

/** The account as the API shows it, with references in the places of secrets. */
const shown = async () => {
  const all = await run(tenant.accounts.list({ params: { org } }))
  return Schema.decodeUnknownSync(
    Schema.Struct({ settings: Schema.Struct({ provider: Schema.Struct({ authToken: Schema.Json }) }) }),
  )(all.find(({ id }) => id === account)).settings.provider.authToken
}

describe("a secret that somebody else put there", () => {
  it("is not sent to another address without being sent again", async () => {
    const heard: Array<string> = []
    const thief = createServer((request, response) => {
      heard.push(String(request.headers.authorization))
      response.end("{}")
    })
    await new Promise<void>((resolve) => thief.listen(0, "127.0.0.1", resolve))
    try {
      await run(await put(operator, sms("twilio-secret-4711")))
      const kept = await shown()
      assert.notInclude(JSON.stringify(kept), "4711")
      for (const apiBaseUrl of ["https://api.twilio.com.evil.example", "https://evil.example"]) {
        const error = await fails(await put(tenant, sms(kept, { apiBaseUrl })))
        assert.deepInclude(error, { _tag: "BadRequest" }, apiBaseUrl)
        assert.include(JSON.stringify(error), "send the secret again")
      }
      assert.deepStrictEqual(heard, [])
    } finally {
      thief.close()
    }
  })

  it("is not sent without the protection that it had", async () => {
    const mail = (password: Schema.Json, more: Json): Json => ({
      address: "a@tenant.example",
      displayName: "T",
      outbound: { host: "smtp.tenant.example", port: 587, auth: { user: "u", password }, ...more },
      inbound: { postmark: { username: "u", password: "postmark-password" } },
    })
    const place = async (who: ApiClient, settings: Json) =>
      who.accounts.put({
        params: { org, account: AccountId.make("mail") },
        headers: { "if-match": await versionOf() },
        payload: { channel: ChannelId.make("email"), settings },
      })
    await run(await place(operator, mail("smtp-secret-4711", { starttls: "required" })))
    const all = await run(tenant.accounts.list({ params: { org } }))
    const { outbound } = Schema.decodeUnknownSync(
      Schema.Struct({
        outbound: Schema.Struct({ auth: Schema.Struct({ password: Schema.Json }) }),
      }),
    )(all.find(({ id }) => id === "mail")?.settings)
    const error = await fails(await place(tenant, mail(outbound.auth.password, { starttls: "never" })))
    assert.include(JSON.stringify(error), "send the secret again")
  })
})

describe("the network that the runtime stands in", () => {
  it.each([
    "http://127.0.0.1:6379",
    "http://localhost:8080",
    "https://10.0.0.5",
    "https://2130706433",
    "https://0x7f000001",
    "https://0177.0.0.1",
    "https://127.1",
    "https://[::ffff:127.0.0.1]",
    "https://[::ffff:a00:5]",
    "https://[fd00::1]",
    "https://169.254.169.254",
    "https://100.100.100.200",
    "https://metadata.google.internal",
    "https://redis",
    "https://printer.local",
    "https://localhost.",
    "https://app.localhost",
  ])("is not reached by an account's %s", async (apiBaseUrl) => {
    const error = await fails(await put(tenant, sms("a-token-of-my-own-1", { apiBaseUrl })))
    assert.deepInclude(error, { _tag: "Forbidden" })
  })

  it("is for the installation's people to open", async () => {
    await run(await put(operator, sms("twilio-secret-4711", { apiBaseUrl: "http://127.0.0.1:8080" })))
    assert.isAbove(await versionOf(), 1)
  })
})
