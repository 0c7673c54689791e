/** A fresh Zendesk account connected, set up, verified and taken away again through the API, on real sockets. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { SqlClient } from "effect/sql"
import type { ApiClient } from "../../src/api/client.ts"
import { fails, make, operatorHeaders } from "../support/api.ts"
import { type ApiStage, orgOf, setApiStage } from "../support/apiStage.ts"
import { eventually } from "../support/run.ts"
import { Front } from "../support/front.ts"
import { oauth } from "../support/zendeskStage.ts"

const run = Effect.runPromise
const box: { stage?: ApiStage } = {}
const stage = (): ApiStage => {
  if (box.stage === undefined) throw new Error("not started")
  return box.stage
}
beforeAll(async () => {
  box.stage = await setApiStage()
}, 30_000)
afterAll(() => box.stage?.close())

type Connecting = Parameters<ApiClient["zendesk"]["connect"]>[0]

const connect = (org: string, payload: Connecting["payload"], version = 1) =>
  stage().operator.zendesk.connect({
    params: orgOf(org),
    headers: { "if-match": version },
    payload,
  })

/** An organization that is connected and not set up. */
const connected = async (org: string) => {
  await make(stage().operator, org)
  return run(connect(org, { zendesk: stage().zendesk(), messaging: stage().messaging }))
}

const planOf = (org: string, payload: { readonly channels?: ReadonlyArray<string> } = {}) =>
  run(stage().operator.zendesk.planSetup({ params: orgOf(org), payload }))

const apply = (org: string, payload: Parameters<ApiClient["zendesk"]["applySetup"]>[0]["payload"]) =>
  stage().operator.zendesk.applySetup({ params: orgOf(org), payload })

const verify = (org: string) => run(stage().operator.zendesk.verify({ params: orgOf(org) }))

const Webhooks = Schema.decodeUnknownSync(
  Schema.Struct({ webhooks: Schema.Array(Schema.Struct({ endpoint: Schema.String })) }),
)
const webhooksOf = (org: string) =>
  Webhooks(stage().emulator.state(["webhooks"])).webhooks.filter(({ endpoint }) => endpoint.includes(org))
const webhookCount = () => Webhooks(stage().emulator.state(["webhooks"])).webhooks.length

/** Everything is taken away again, for the next test. */
const away = async (org: string) => {
  const params = orgOf(org)
  const { id } = await run(stage().operator.zendesk.planDisconnect({ params, payload: { now: true } }))
  return run(stage().operator.zendesk.applyDisconnect({ params, payload: { plan: id, now: true } }))
}

const raw = (method: string, path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  stage().server.ask(`/api/organizations/${path}`, {
    method,
    headers: { ...operatorHeaders, "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  })

describe("connect, plan, apply, verify, disconnect", { timeout: 60_000 }, () => {
  it("from nothing to a verified connection, with multi-conversations only when the request says so", async () => {
    const org = "fresh"
    const { messaging, settings, ticketing } = await connected(org)
    assert.deepInclude(settings, { version: 2, runningVersion: 2 })
    assert.isTrue([...ticketing, ...messaging].every(({ needed, ok }) => ok || !needed))
    assert.notInclude(JSON.stringify(settings), oauth.clientSecret)
    assert.isFalse((await verify(org)).ok)
    const [hook] = await run(stage().operator.zendesk.hooks({ params: orgOf(org) }))
    const statusNow = () => run(stage().operator.zendesk.status({ params: orgOf(org) }))
    assert.deepInclude((await statusNow()).hooks[0], { what: "zendesk ticketing", lastSeenAt: null })
    const signal = {
      method: "POST",
      body: JSON.stringify({ ticket_id: "1", external_id: "", status: "open" }),
    }
    assert.strictEqual((await stage().server.ask(new URL(hook?.url ?? "").pathname, signal)).status, 200)
    assert.isNumber((await statusNow()).hooks[0]?.lastSeenAt)

    stage().emulator.clearCalls()
    const plan = await planOf(org, { channels: ["whatsapp"] })
    assert.includeMembers(
      plan.steps.map(({ id }) => id),
      ["ticketing_webhook", "ticketing_trigger", "multi_conversations", "default_responder"],
    )
    assert.deepStrictEqual(stage().writes(), [])

    const first = await run(apply(org, { plan: plan.id, channels: ["whatsapp"] }))
    assert.isTrue(first.ok)
    assert.deepStrictEqual(
      first.left.map(({ id }) => id),
      ["multi_conversations"],
    )
    assert.isFalse(
      stage()
        .writes()
        .some((one) => one.includes("multiConvo")),
    )
    const rest = await planOf(org, { channels: ["whatsapp"] })
    assert.deepStrictEqual(
      rest.steps.map(({ id }) => id),
      ["multi_conversations"],
    )
    const second = await run(apply(org, { plan: rest.id, channels: ["whatsapp"], multiConversations: true }))
    assert.deepStrictEqual([second.ok, second.left.length, second.done.length], [true, 0, 1])
    assert.deepInclude(await verify(org), { ok: true })

    const status = await statusNow()
    assert.deepInclude(status.ticketing, { subdomain: "acme", signIn: oauth.type })
    assert.strictEqual(status.ticketing?.breaker.state, "closed")
    assert.deepStrictEqual(
      webhooksOf("ticketing").map(({ endpoint }) => endpoint),
      [hook?.url],
    )

    const gone = await away(org)
    assert.isTrue(gone.ok)
    assert.isAbove(gone.done.length, 5)
    assert.strictEqual(webhookCount(), 0)
    const log = await run(stage().operator.audit.list({ params: orgOf(org), query: {} }))
    assert.deepStrictEqual(
      log.map(({ action, actor }) => `${action} ${actor}`),
      [
        "zendesk.disconnect operator",
        "zendesk.setup operator",
        "zendesk.setup operator",
        "zendesk.connect operator",
        "organization.create operator",
      ],
    )
  })

  it("a lost answer may be asked for again: nothing is done twice", async () => {
    const org = "lost"
    await connected(org)
    const { id } = await planOf(org)
    const first = await run(apply(org, { plan: id }))
    stage().emulator.clearCalls()
    assert.deepStrictEqual(await run(apply(org, { plan: id })), first)
    assert.deepStrictEqual(stage().writes(), [])
    // Another request with the same plan is not the same request.
    const other = await fails(apply(org, { plan: id, multiConversations: true }))
    assert.strictEqual(other._tag, "PlanChanged")
    await away(org)
  })

  it("two at once are one: the second waits for the first and gets its answer", async () => {
    const org = "twice"
    await connected(org)
    const { id } = await planOf(org)
    const before = webhookCount()
    stage().emulator.addFault({
      kind: "latency",
      ms: 300,
      match: { method: "POST", path: "webhooks" },
      times: 1,
    })
    const both = await run(
      Effect.all([apply(org, { plan: id }), apply(org, { plan: id })], { concurrency: "unbounded" }),
    )
    assert.deepStrictEqual(both[0], both[1])
    assert.isTrue(both[0].ok)
    assert.strictEqual(webhookCount(), before + 1)
    await away(org)
  })

  it("a client that goes away in the middle leaves nothing half done, and gets the answer when it comes back", async () => {
    const org = "gone"
    await connected(org)
    const { id } = await planOf(org)
    const before = webhookCount()
    const slow = { kind: "latency", ms: 400, match: { method: "POST", path: "webhooks" }, times: 1 } as const
    stage().emulator.addFault(slow)
    stage().emulator.clearCalls()
    const leaving = new AbortController()
    const url = `http://127.0.0.1:${stage().server.port}/api/organizations/${org}/zendesk/setup/apply`
    const left = fetch(url, {
      method: "POST",
      headers: { ...operatorHeaders, "content-type": "application/json" },
      body: JSON.stringify({ plan: id }),
      signal: leaving.signal,
    }).catch(() => "gone")
    await eventually("the first write is under way", () =>
      stage()
        .emulator.calls()
        .some(({ path }) => path.startsWith("/api/v2/webhooks")),
    )
    leaving.abort()
    assert.strictEqual(await left, "gone")
    const report = await run(apply(org, { plan: id }))
    assert.isTrue(report.ok)
    assert.strictEqual(webhookCount(), before + 1)
    await away(org)
  })

  it("what has changed since it was shown is not done: in Zendesk, in the settings, in the choice", async () => {
    const org = "stale"
    await connected(org)
    const shown = await planOf(org)
    const others = await planOf(org, { channels: ["whatsapp"] })
    assert.notStrictEqual(others.id, shown.id)
    await run(apply(org, { plan: shown.id }))
    const now = await planOf(org)
    stage().emulator.clearCalls()
    const wrong = await fails(apply(org, { plan: others.id, channels: ["whatsapp"] }))
    assert.deepInclude(wrong, { _tag: "PlanChanged" })
    const put = stage().operator.organizations.putSettings({
      params: orgOf(org),
      headers: { "if-match": 2 },
      payload: Schema.decodeUnknownSync(Schema.Any)({ name: "Stale", agentLanguage: "de" }),
    })
    await run(put)
    const old = await fails(apply(org, { plan: now.id, multiConversations: true }))
    assert.deepInclude(old, { _tag: "PlanChanged" })
    assert.deepStrictEqual(stage().writes(), [])
    await away(org)
  })
})

describe("when Zendesk does not do its part", { timeout: 120_000 }, () => {
  it("wrong credentials are told in the product's words, and not stored", async () => {
    const org = "wrong"
    await make(stage().operator, org)
    const bad = { ...oauth, clientSecret: "not-the-secret-4711" }
    const refused = await fails(connect(org, { zendesk: stage().zendesk(bad) }))
    assert.deepInclude(refused, { _tag: "NotVerified" })
    assert.include(JSON.stringify(refused), '"id":"credentials","ok":false')
    const url = await fails(
      connect(org, { zendesk: { ...stage().zendesk(), subdomain: "https://acme.zendesk.com" } }),
    )
    assert.include(JSON.stringify(url), "wrong subdomain format")
    const key = { ...stage().messaging, keyId: "int_5f1c9e7a" }
    assert.deepInclude(await fails(connect(org, { messaging: key })), { _tag: "BadRequest" })
    const neither = await fails(connect(org, {}))
    assert.deepInclude(neither, { _tag: "BadRequest" })
    const read = await run(stage().operator.organizations.read({ params: orgOf(org) }))
    assert.deepInclude(read, { version: 1 })
    const sql = await stage().server.within(SqlClient.SqlClient)
    assert.deepStrictEqual(await run(sql`SELECT name FROM opencx_secrets WHERE scope = ${org}`), [])
    const { ok } = await run(connect(org, { zendesk: stage().zendesk() })).then(() => ({ ok: true }))
    assert.isTrue(ok)
    const late = await fails(connect(org, { zendesk: stage().zendesk() }, 1))
    assert.deepInclude(late, { _tag: "VersionMismatch", version: 2 })
  })

  it.each(["status503", "status429text", "status500html", "resetBeforeCommit"] as const)(
    "%s: nothing is stored or done, and the answer says what to do; later it works",
    async (kind) => {
      const org = `down-${kind.toLowerCase()}`
      await make(stage().operator, org)
      const down = stage().emulator.addFault({ kind, retryAfter: 1 })
      const refused = await fails(connect(org, { zendesk: stage().zendesk() }))
      assert.deepInclude(refused, { _tag: "NotVerified" })
      stage().emulator.removeFault(down)
      await run(connect(org, { zendesk: stage().zendesk() }))
      const again = stage().emulator.addFault({ kind, retryAfter: 1, match: { path: "/api/v2/" } })
      const found = await verify(org)
      assert.isFalse(found.ok)
      const plan = stage().operator.zendesk.planSetup({ params: orgOf(org), payload: {} })
      assert.deepInclude(await fails(plan), { _tag: "ZendeskFailed" })
      stage().emulator.removeFault(again)
    },
  )

  it("a webhook whose making was not answered is found the next time, and not made twice", async () => {
    const org = "unanswered"
    await connected(org)
    const before = webhookCount()
    const { id } = await planOf(org)
    const fault = { kind: "resetAfterCommit", match: { method: "POST", path: "/api/v2/webhooks" } } as const
    const armed = stage().emulator.addFault({ ...fault, times: 1 })
    await run(apply(org, { plan: id }))
    stage().emulator.removeFault(armed)
    const rest = await planOf(org)
    const last = await run(apply(org, { plan: rest.id }))
    assert.deepStrictEqual(last.failed, [])
    assert.strictEqual(webhookCount(), before + 1)
    await away(org)
  })

  it("what failed is told with its reason, and a new plan does the rest", async () => {
    const org = "halfway"
    await connected(org)
    const { id } = await planOf(org)
    const armed = stage().emulator.addFault({
      kind: "status503",
      match: { method: "POST", path: "/api/v2/triggers" },
    })
    const half = await run(apply(org, { plan: id }))
    assert.isFalse(half.ok)
    assert.include(
      half.failed.map(({ step }) => step.id),
      "ticketing_trigger",
    )
    stage().emulator.removeFault(armed)
    assert.strictEqual((await fails(apply(org, { plan: id })))._tag, "PlanChanged")
    const rest = await planOf(org)
    assert.isTrue((await run(apply(org, { plan: rest.id }))).ok)
    await away(org)
  })

  it("a secret that Zendesk repeats in its answers is in none of ours", async () => {
    const front = new Front()
    front.zendesk = stage().emulator.url
    const baseUrl = await front.listen()
    const seeded = "seeded-client-secret-0815"
    const error = { error: "Forbidden", description: `${seeded} may not, "${seeded}"` }
    const token = { access_token: "an-access-token", expires_in: 1_800 }
    // It lets us in, and refuses everything with what it was sent.
    front.instead = (path) =>
      path.startsWith("/oauth/") ? { status: 200, json: token } : { status: 403, json: error }
    const org = "echo"
    await make(stage().operator, org)
    const zendesk = { subdomain: "acme", baseUrl, auth: { ...oauth, clientSecret: seeded } }
    const answers = [await raw("POST", `${org}/zendesk/connect`, { zendesk }, { "if-match": "1" })]
    assert.strictEqual(answers[0]?.status, 422)
    assert.include(answers[0]?.text, "[redacted]")
    const stored = await raw("PUT", `${org}/integrations/zendesk`, { value: zendesk }, { "if-match": "1" })
    assert.strictEqual(stored.status, 200, stored.text)
    answers.push(stored)
    for (const [path, body] of [
      ["verify", {}],
      ["setup/plan", {}],
      ["setup/apply", { plan: "x" }],
      ["disconnect/plan", {}],
    ] as const)
      answers.push(await raw("POST", `${org}/zendesk/${path}`, body))
    assert.deepStrictEqual(
      answers.slice(2).map(({ status }) => status),
      [200, 502, 502, 502],
    )
    const headers = operatorHeaders
    answers.push(await stage().server.ask(`/api/organizations/${org}/zendesk/status`, { headers }))
    answers.push(await stage().server.ask(`/api/organizations/${org}/audit`, { headers }))
    for (const { text } of answers) assert.notInclude(text, seeded)
    front.server.close()
  })
})

describe("strange requests", { timeout: 60_000 }, () => {
  it("unknown fields, long texts and other languages get an answer that says what to do", async () => {
    const org = "strange"
    await connected(org)
    const long = "ا".repeat(100_000)
    const tries: ReadonlyArray<readonly [string, unknown, ReadonlyArray<number>]> = [
      ["setup/plan", { channel: ["whatsapp"] }, [400]],
      ["setup/plan", { channels: [long] }, [400]],
      ["setup/plan", { channels: ["واتساب"] }, [200]],
      ["setup/plan", { channels: "whatsapp" }, [400]],
      ["setup/apply", { plan: long }, [400]],
      ["setup/apply", {}, [400]],
      ["setup/apply", { plan: "خطة" }, [409]],
      ["setup/apply", { plan: "x", multiConversations: "yes" }, [400]],
      ["disconnect/apply", { plan: "x", now: 1 }, [400]],
      ["disconnect/apply", { plan: "x" }, [409]],
      ["consent", {}, [409]],
      ["consent/finish", { redirected: "لا شيء" }, [409]],
      ["consent/finish", { redirected: long }, [400]],
    ]
    for (const [path, body, wanted] of tries) {
      const answer = await raw("POST", `${org}/zendesk/${path}`, body)
      assert.include(
        wanted,
        answer.status,
        `${path} ${JSON.stringify(body).slice(0, 60)} ${answer.text.slice(0, 300)}`,
      )
    }
    await make(stage().operator, "bare")
    for (const path of ["verify", "setup/plan", "disconnect/plan", "consent"])
      assert.strictEqual((await raw("POST", `bare/zendesk/${path}`, {})).status, 409, path)
  })

  it("an address in the machine's own network is for the installation's people", async () => {
    const org = "reach"
    await make(stage().operator, org)
    const admin = await stage().browserOf("admin", org)
    const answer = await stage().server.ask(`/api/organizations/${org}/zendesk/connect`, {
      method: "POST",
      headers: { ...admin, "content-type": "application/json", "if-match": "1" },
      body: JSON.stringify({ zendesk: stage().zendesk() }),
    })
    assert.strictEqual(answer.status, 403, answer.text)
  })
})
