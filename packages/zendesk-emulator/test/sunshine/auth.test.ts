import { createHmac } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { afterAll, beforeAll } from "vitest"
import { sampleSunshineApp } from "../../src/index.ts"
import { type Answer, arr, at, num, str } from "../harness.ts"
import { appPath, basic, chat, type Chat, connectSunshine } from "./harness.ts"

const jwt = (claims: object, options: { alg?: string; kid?: string; secret?: string } = {}): string => {
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url")
  const head = encode({
    alg: options.alg ?? "HS256",
    typ: "JWT",
    kid: options.kid ?? sampleSunshineApp.keyId,
  })
  const signed = `${head}.${encode(claims)}`
  const signature = createHmac("sha256", options.secret ?? sampleSunshineApp.secret).update(signed)
  return `${signed}.${signature.digest("base64url")}`
}

const error = (answer: Answer): readonly [number, unknown] => [
  answer.status,
  at(answer.body, "errors.0.code"),
]

describe("Sunshine keys", () => {
  let acme: Chat
  beforeAll(async () => {
    acme = await chat()
  })
  afterAll(() => acme.emulator.close())

  const bearer = (token: string): Promise<Answer> =>
    acme.sc("GET", "/switchboards", undefined, { authorization: `Bearer ${token}` })

  it("lets the app key in, and nobody else", async () => {
    assert.strictEqual((await acme.sc("GET", "/switchboards")).status, 200)
    const wrong = [
      basic(sampleSunshineApp.keyId, "wrong"),
      basic("app_000000000000000000000000"),
      { authorization: "Basic" },
      { authorization: "" },
      { authorization: `Bearer ${acme.token}` },
    ]
    for (const headers of wrong) {
      const answer = await acme.sc("GET", "/switchboards", undefined, headers)
      assert.deepStrictEqual(error(answer), [401, "unauthorized"])
      assert.isString(at(answer.body, "errors.0.title"))
    }
    // Keys of the messaging side open nothing of the Support side.
    const support = await acme.call("GET", "/api/v2/tickets.json", undefined, { headers: basic() })
    assert.strictEqual(support.status, 401)
  })

  it("takes HS256 tokens of scope app, signed by the key that kid names", async () => {
    assert.strictEqual((await bearer(jwt({ scope: "app" }))).status, 200)
    const soon = Math.floor(acme.emulator.now() / 1000) + 60
    assert.strictEqual((await bearer(jwt({ scope: "app", exp: soon }))).status, 200)
    const refused = [
      jwt({ scope: "app", exp: soon - 120 }),
      jwt({ scope: "user" }),
      jwt({ scope: "integration" }),
      jwt({}),
      jwt({ scope: "app" }, { alg: "none" }),
      jwt({ scope: "app" }, { secret: "other" }),
      jwt({ scope: "app" }, { kid: "app_unknown" }),
      `${jwt({ scope: "app" })}.more`,
      "not.a.token",
    ]
    for (const token of refused) assert.strictEqual((await bearer(token)).status, 401, token)
  })

  it("keeps integration keys from switchboards, integrations, settings and foreign webhooks", async () => {
    const ours = await connectSunshine(acme, "http://127.0.0.1:9/hook")
    const other = await connectSunshine(acme, "http://127.0.0.1:9/hook", { name: "other" })
    const made = await acme.sc("POST", `/integrations/${ours.integrationId}/keys`, { displayName: "bot" })
    assert.match(str(made.body, "key.id"), /^int_[0-9a-f]{24}$/)
    const key = basic(str(made.body, "key.id"), str(made.body, "key.secret"))
    const as = (method: string, path: string, body?: unknown): Promise<Answer> =>
      acme.sc(method, path, body, key)
    for (const path of ["/switchboards", "/integrations", `/integrations/${ours.integrationId}`, ""])
      assert.deepStrictEqual(error(await as("GET", path)), [403, "forbidden"], path)
    assert.deepStrictEqual(error(await as("GET", `/integrations/${other.integrationId}/webhooks`)), [
      403,
      "forbidden",
    ])
    const own = await as("GET", `/integrations/${ours.integrationId}/webhooks`)
    assert.lengthOf(arr(own.body, "webhooks"), 1)
    assert.lengthOf(arr((await as("GET", "/integrations/me/webhooks")).body, "webhooks"), 1)
    const user = await as("POST", "/users", { externalId: "by-integration" })
    assert.strictEqual(user.status, 201)
    await acme.sc("DELETE", `/integrations/${ours.integrationId}/keys/${str(made.body, "key.id")}`)
    assert.strictEqual((await as("GET", "/users/by-integration")).status, 401)
  })

  it("knows one app, and answers unknown paths with its own envelope", async () => {
    const call = (path: string): Promise<Answer> =>
      acme.call("GET", path, undefined, { anonymous: true, headers: basic() })
    assert.deepStrictEqual(error(await call("/sc/v2/apps/0123456789abcdef01234567/switchboards")), [
      404,
      "app_not_found",
    ])
    assert.deepStrictEqual(error(await call("/sc/v2/nonsense")), [404, "not_found"])
    assert.deepStrictEqual(error(await acme.sc("GET", "/conversations/0123456789abcdef01234567")), [
      404,
      "conversation_not_found",
    ])
    assert.deepStrictEqual(error(await acme.sc("GET", "/users/nobody")), [404, "user_not_found"])
  })

  it("refuses broken and oversized bodies before anything is written", async () => {
    const before = acme.emulator.counts().messagingUsers
    const raw = (text: string): Promise<Answer> =>
      acme.call("POST", `${appPath}/users`, undefined, { anonymous: true, headers: basic(), raw: text })
    assert.deepStrictEqual(error(await raw("{")), [400, "bad_request"])
    assert.deepStrictEqual(error(await raw("[]")), [400, "bad_request"])
    const big = JSON.stringify({ externalId: "big", padding: "x".repeat(101 * 1024) })
    assert.strictEqual((await raw(big)).status, 413)
    assert.strictEqual(acme.emulator.counts().messagingUsers, before)
  })

  it("shows up in the calls log, and takes faults of its own shape", async () => {
    acme.emulator.clearCalls()
    await acme.sc("GET", "/switchboards")
    const [call] = acme.emulator.calls()
    assert.deepStrictEqual(
      [call?.path, call?.auth, call?.pool, call?.status],
      [`${appPath}/switchboards`, "basic-app-key", "sunshine", 200],
    )
    acme.emulator.addFault({ kind: "status429json", match: { path: "^/sc/" }, times: 1 })
    const limited = await acme.sc("GET", "/switchboards")
    assert.deepStrictEqual(error(limited), [429, "too_many_requests"])
    assert.isNull(limited.headers.get("retry-after"))
    acme.emulator.addFault({ kind: "status429json", match: { path: "^/sc/" }, times: 1, retryAfter: 3 })
    assert.strictEqual((await acme.sc("GET", "/switchboards")).headers.get("retry-after"), "3")
    acme.emulator.addFault({ kind: "status503", match: { path: "^/sc/" }, times: 1 })
    assert.strictEqual((await acme.sc("GET", "/switchboards")).status, 503)
    acme.emulator.addFault({ kind: "latency", ms: 60, match: { path: "^/sc/" }, times: 1 })
    await acme.sc("GET", "/switchboards")
    assert.isAtLeast(acme.emulator.calls().at(-1)?.durationMs ?? 0, 50)
  })

  it("commits before a reset, for users, conversations, messages and control", async () => {
    const user = await acme.user("reset-user")
    const conversation = await acme.conversation(user)
    const calls: ReadonlyArray<readonly [string, object]> = [
      ["/users", { externalId: "committed" }],
      ["/conversations", { type: "personal", participants: [{ userId: user }] }],
      [
        `/conversations/${conversation}/messages`,
        { author: { type: "business" }, content: { type: "text", text: "once" }, metadata: { marker: "m1" } },
      ],
      [`/conversations/${conversation}/passControl`, { switchboardIntegration: "zd-agentWorkspace" }],
    ]
    for (const [path, body] of calls) {
      acme.emulator.addFault({
        kind: "resetAfterCommit",
        match: { method: "POST", path: `${path}$` },
        times: 1,
      })
      const failed = await acme.sc("POST", path, body).then(
        () => "answered",
        () => "reset",
      )
      assert.strictEqual(failed, "reset", path)
    }
    assert.strictEqual((await acme.sc("GET", "/users/committed")).status, 200)
    const conversations = await acme.sc("GET", "/conversations?filter[userExternalId]=reset-user")
    assert.lengthOf(arr(conversations.body, "conversations"), 2)
    const messages = await acme.sc("GET", `/conversations/${conversation}/messages`)
    assert.strictEqual(at(messages.body, "messages.0.metadata.marker"), "m1")
    const deadline = Date.now() + 10_000
    let active: unknown
    while (active !== "zd-agentWorkspace" && Date.now() < deadline) {
      const now = await acme.sc("GET", `/conversations/${conversation}`)
      active = at(now.body, "conversation.activeSwitchboardIntegration.name")
    }
    assert.strictEqual(active, "zd-agentWorkspace")
    assert.isAbove(num(acme.emulator.counts(), "tickets"), 0)
  })
})

describe("Sunshine app settings", () => {
  it("turns multi-conversations on for good", async () => {
    const acme = await chat({ seed: { sunshine: { multiConvoEnabled: false } } })
    const settings = async (): Promise<unknown> =>
      at((await acme.sc("GET", "")).body, "app.settings.multiConvoEnabled")
    assert.strictEqual(await settings(), false)
    const early = await acme.sc("PATCH", "", { settings: { endSessionEnabled: true } })
    assert.deepStrictEqual(error(early), [400, "bad_request"])
    const on = await acme.sc("PATCH", "", { settings: { multiConvoEnabled: true, endSessionEnabled: true } })
    assert.deepStrictEqual([on.status, at(on.body, "app.settings.endSessionEnabled")], [200, true])
    const off = await acme.sc("PATCH", "", { settings: { multiConvoEnabled: false } })
    assert.deepStrictEqual(error(off), [400, "bad_request"])
    assert.strictEqual(await settings(), true)
    await acme.emulator.close()
  })
})
