import { assert, describe, it } from "@effect/vitest"
import { afterAll, beforeAll } from "vitest"
import { type Account, account, at, num, str, tokenOf } from "./harness.ts"

const basic = (user: string, password: string): { readonly authorization: string } => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
})

describe("credentials", () => {
  let acme: Account
  beforeAll(async () => {
    acme = await account({ seed: { legacyApiTokens: ["legacy-1"] } })
  })
  afterAll(() => acme.emulator.close())

  it("answers users/me with an anonymous user when nothing is sent", async () => {
    const me = await acme.call("GET", "/api/v2/users/me.json", undefined, { anonymous: true })
    assert.strictEqual(me.status, 200)
    assert.strictEqual(at(me.body, "user.id"), null)
    const tickets = await acme.call("GET", "/api/v2/tickets/count", undefined, { anonymous: true })
    assert.strictEqual(tickets.status, 401)
    assert.deepStrictEqual(tickets.body, { error: "Couldn't authenticate you" })
  })

  it("takes bearer tokens and legacy tokens, and refuses everything else", async () => {
    const me = await acme.call("GET", "/api/v2/users/me")
    assert.strictEqual(num(me.body, "user.id"), acme.emulator.integrationUserId)
    const tries: ReadonlyArray<readonly [Record<string, string>, number]> = [
      [basic("integration@acme.test/token", "legacy-1"), 200],
      [basic("integration@acme.test/token", "wrong"), 401],
      [basic("integration@acme.test", "legacy-1"), 401],
      [{ authorization: "Bearer nonsense" }, 401],
      [{ authorization: "Digest x" }, 401],
    ]
    for (const [headers, status] of tries) {
      const answer = await acme.call("GET", "/api/v2/tickets/count", undefined, { headers })
      assert.strictEqual(answer.status, status, JSON.stringify(headers))
    }
  })

  it("a custom role leaves out what it says, and nothing else", async () => {
    const seed = {
      agents: [{ name: "Lia", email: "lia@acme.test", cannot: ["create_tickets" as const] }],
      oauthClients: [{ id: "opencx", secret: "opencx-secret", userEmail: "lia@acme.test" }],
    }
    const narrow = await account({ seed })
    const body = { ticket: { comment: { body: "x" } } }
    assert.strictEqual((await narrow.call("POST", "/api/v2/tickets", body)).status, 403)
    assert.strictEqual((await narrow.call("GET", "/api/v2/tickets/count")).status, 200)
    assert.strictEqual((await narrow.call("POST", "/api/v2/users", { user: { name: "New" } })).status, 201)
    await narrow.emulator.close()
  })

  it("bounds expires_in and lets tokens expire by its own clock", async () => {
    for (const expires_in of [299, 172_801, "soon"]) {
      const refused = await tokenOf(acme.emulator.url, "read", { expires_in })
      assert.strictEqual(refused.status, 400)
      assert.strictEqual(at(refused.body, "error"), "invalid_request")
    }
    const issued = await tokenOf(acme.emulator.url, "read", { expires_in: 300 })
    assert.strictEqual(issued.status, 201)
    const headers = { authorization: `Bearer ${str(issued.body, "access_token")}` }
    assert.strictEqual((await acme.call("GET", "/api/v2/tickets/count", undefined, { headers })).status, 200)
    acme.emulator.advanceClock(300_000)
    assert.strictEqual((await acme.call("GET", "/api/v2/tickets/count", undefined, { headers })).status, 401)
    assert.strictEqual((await acme.call("GET", "/api/v2/tickets/count")).status, 200)
  })

  it("answers a wrong client with 401 invalid_client", async () => {
    for (const extra of [{ client_secret: "wrong" }, { client_id: "nobody" }, { client_secret: null }]) {
      const answer = await tokenOf(acme.emulator.url, "read", extra)
      assert.strictEqual(answer.status, 401)
      assert.strictEqual(at(answer.body, "error"), "invalid_client")
    }
  })

  it("rotates refresh tokens and takes each once", async () => {
    const first = await tokenOf(acme.emulator.url, "read", { refresh_token_expires_in: 604_800 })
    const refresh_token = str(first.body, "refresh_token")
    const renew = (): ReturnType<typeof tokenOf> =>
      tokenOf(acme.emulator.url, "read", { grant_type: "refresh_token", refresh_token })
    const answers = await Promise.all([renew(), renew()])
    assert.deepStrictEqual(answers.map((answer) => answer.status).sort(), [201, 400])
    const won = answers.find((answer) => answer.status === 201)
    assert.notStrictEqual(str(won?.body, "refresh_token"), refresh_token)
    const lost = answers.find((answer) => answer.status === 400)
    assert.strictEqual(at(lost?.body, "error"), "invalid_grant")
  })

  it("grants a misspelt scope and then forbids everything", async () => {
    const issued = await tokenOf(acme.emulator.url, "tickts:read")
    assert.strictEqual(issued.status, 201)
    const headers = { authorization: `Bearer ${str(issued.body, "access_token")}` }
    for (const path of ["/api/v2/tickets/count", "/api/v2/users/me", "/api/v2/help_center/articles.json"]) {
      const answer = await acme.call("GET", path, undefined, { headers })
      assert.strictEqual(answer.status, 403, path)
      assert.strictEqual(at(answer.body, "error.title"), "Forbidden")
    }
  })

  it("keeps read and write apart, by resource", async () => {
    const issued = await tokenOf(acme.emulator.url, "tickets:write users:read")
    const headers = { authorization: `Bearer ${str(issued.body, "access_token")}` }
    const ticket = { ticket: { subject: "s", comment: { body: "b" } } }
    assert.strictEqual((await acme.call("POST", "/api/v2/tickets", ticket, { headers })).status, 201)
    assert.strictEqual((await acme.call("GET", "/api/v2/tickets/count", undefined, { headers })).status, 403)
    assert.strictEqual((await acme.call("GET", "/api/v2/users/me", undefined, { headers })).status, 200)
    assert.strictEqual((await acme.call("GET", "/api/v2/triggers", undefined, { headers })).status, 403)
  })

  it("keeps agents out of webhooks and triggers", async () => {
    const headers = basic("sam.rivera@acme.test/token", "legacy-1")
    assert.strictEqual((await acme.call("GET", "/api/v2/tickets", undefined, { headers })).status, 200)
    assert.strictEqual((await acme.call("GET", "/api/v2/webhooks", undefined, { headers })).status, 403)
    assert.strictEqual((await acme.call("GET", "/api/v2/triggers", undefined, { headers })).status, 403)
  })
})

describe("authorization code", () => {
  it("comes back with a code that is good once", async () => {
    const acme = await account()
    const url = `/oauth/authorizations/new?client_id=opencx&scope=read&state=s1&redirect_uri=${encodeURIComponent("http://127.0.0.1:1/back")}`
    const consent = await acme.call("GET", url, undefined, { anonymous: true })
    const target = new URL(consent.headers.get("location") ?? "")
    assert.strictEqual(target.searchParams.get("state"), "s1")
    const exchange = {
      grant_type: "authorization_code",
      code: target.searchParams.get("code"),
      redirect_uri: "http://127.0.0.1:1/back",
    }
    assert.strictEqual((await tokenOf(acme.emulator.url, "read", exchange)).status, 201)
    assert.strictEqual((await tokenOf(acme.emulator.url, "read", exchange)).status, 400)
    await acme.emulator.close()
  })
})

describe("limits", () => {
  it("counts two pools per minute, shows them in headers and answers 429", async () => {
    const acme = await account({ limits: { requestsPerMinute: 3 } })
    const seen: Array<string | null> = []
    for (let i = 0; i < 3; i++) {
      const answer = await acme.call("GET", "/api/v2/tickets/count")
      assert.strictEqual(answer.headers.get("x-rate-limit"), "3")
      seen.push(answer.headers.get("x-rate-limit-remaining"))
    }
    assert.deepStrictEqual(seen, ["2", "1", "0"])
    const refused = await acme.call("GET", "/api/v2/tickets/count")
    assert.strictEqual(refused.status, 429)
    assert.strictEqual(at(refused.body, "error"), "APIRateLimitExceeded")
    assert.isAbove(Number(refused.headers.get("retry-after")), 0)
    assert.isAbove(Number(refused.headers.get("ratelimit-reset")), 0)
    assert.strictEqual((await acme.call("GET", "/api/v2/help_center/articles.json")).status, 200)
    acme.emulator.advanceClock(60_000)
    assert.strictEqual((await acme.call("GET", "/api/v2/tickets/count")).status, 200)
    await acme.emulator.close()
  })

  it("allows 30 updates of a ticket in ten minutes by one user", async () => {
    const acme = await account()
    const id = await acme.ticket()
    for (let i = 0; i < 30; i++) {
      const answer = await acme.call("PUT", `/api/v2/tickets/${id}`, { ticket: { subject: `s${i}` } })
      assert.strictEqual(answer.status, 200)
    }
    const refused = await acme.call("PUT", `/api/v2/tickets/${id}/tags`, { tags: ["x"] })
    assert.strictEqual(refused.status, 429)
    assert.isAbove(Number(refused.headers.get("retry-after")), 500)
    const other = await acme.ticket()
    assert.strictEqual(
      (await acme.call("PUT", `/api/v2/tickets/${other}`, { ticket: { subject: "x" } })).status,
      200,
    )
    acme.emulator.advanceClock(600_000)
    assert.strictEqual(
      (await acme.call("PUT", `/api/v2/tickets/${id}`, { ticket: { subject: "x" } })).status,
      200,
    )
    await acme.emulator.close()
  })
})

describe("addresses", () => {
  it("tells unknown paths, missing records and foreign subdomains apart", async () => {
    const acme = await account()
    const wrongPath = await acme.call("GET", "/api/v2/tickts.json")
    assert.strictEqual(wrongPath.status, 404)
    assert.strictEqual(at(wrongPath.body, "error"), "InvalidEndpoint")
    const missing = await acme.call("GET", "/api/v2/tickets/999.json")
    assert.strictEqual(missing.status, 404)
    assert.deepStrictEqual(missing.body, { error: "RecordNotFound", description: "Not found" })
    const { request } = await import("node:http")
    const foreign = await new Promise<number | undefined>((resolve, reject) => {
      const sent = request(
        {
          host: "127.0.0.1",
          port: acme.emulator.port,
          path: "/api/v2/users/me",
          headers: { host: "other.zendesk.com" },
        },
        (response) => {
          response.resume()
          resolve(response.statusCode)
        },
      )
      sent.on("error", reject)
      sent.end()
    })
    assert.strictEqual(foreign, 404)
    await acme.emulator.close()
  })
})
