/** `verify`, `setup zendesk` and `disconnect zendesk` as people run them, and what a runtime makes of the stored secrets. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { createHmac } from "node:crypto"
import { readyOf, runCli, startCli, stopped } from "../support/cli.ts"
import { eventually } from "../support/run.ts"
import { urlsOf } from "../support/stage.ts"
import { setZendeskStage, type ZendeskStage } from "../support/zendeskStage.ts"

const timeout = 60_000

let stage: ZendeskStage
beforeAll(async () => {
  stage = await setZendeskStage()
}, 30_000)
afterAll(() => stage.close())

const View = Schema.Struct({ id: Schema.String, what: Schema.String })
const FindingWire = Schema.Struct({
  id: Schema.String,
  ok: Schema.Boolean,
  problem: Schema.NullOr(Schema.String),
})
const json = <A>(schema: Schema.ConstraintDecoder<A>) =>
  Schema.decodeUnknownSync(Schema.fromJsonString(schema))
const Report = json(
  Schema.Struct({
    ok: Schema.Boolean,
    done: Schema.Array(View),
    failed: Schema.Array(Schema.Unknown),
    left: Schema.Array(View),
    byHand: Schema.Array(Schema.String),
  }),
)
const Planned = json(Schema.Struct({ plan: Schema.Array(View), byHand: Schema.Array(Schema.String) }))
const Verified = json(
  Schema.Struct({
    ok: Schema.Boolean,
    organizations: Schema.Array(
      Schema.Struct({ ticketing: Schema.Array(FindingWire), messaging: Schema.Array(FindingWire) }),
    ),
  }),
)

const opencx = (...args: ReadonlyArray<string>) => runCli([...args, "--config", stage.configFile])

const writes = () =>
  stage.emulator.calls().filter(({ method, path }) => method !== "GET" && !path.startsWith("/oauth/"))

const signed = (secret: string, body: string) => {
  const timestamp = new Date().toISOString()
  return {
    "content-type": "application/json",
    "x-zendesk-webhook-signature-timestamp": timestamp,
    "x-zendesk-webhook-signature": createHmac("sha256", secret)
      .update(timestamp + body)
      .digest("base64"),
  }
}

const post = async (url: string, body: string, headers: Record<string, string> = {}) =>
  (await fetch(url, { method: "POST", body, headers })).status

describe("opencx setup, verify and disconnect", { timeout }, () => {
  it("verify finds what is missing, names the fix, and ends with 1", async () => {
    const { code, err, out } = await opencx("verify", "--json")
    assert.strictEqual(code, 1)
    const { ok, organizations } = Verified(out)
    assert.isFalse(ok)
    const bad = [...(organizations[0]?.ticketing ?? []), ...(organizations[0]?.messaging ?? [])].filter(
      (one) => !one.ok,
    )
    assert.includeMembers(
      bad.map(({ id }) => id),
      ["ticketing_webhook", "ticketing_trigger", "integration_name", "multi_conversations"],
    )
    assert.include(err, "Not everything")
    const people = await opencx("verify")
    assert.include(people.out, "acme Ticketing:")
    assert.include(people.out, "Run opencx setup zendesk: it shows what it would do")
  })

  it("a plan writes nothing; without a person or --yes nothing is done either", async () => {
    stage.emulator.clearCalls()
    const dry = await opencx("setup", "zendesk", "--dry-run", "--json")
    assert.strictEqual(dry.code, 0, dry.err)
    assert.include(
      Planned(dry.out).plan.map(({ id }) => id),
      "ticketing_webhook",
    )
    const asked = await opencx("setup", "zendesk")
    assert.strictEqual(asked.code, 1)
    assert.include(asked.err, "--yes")
    assert.include(asked.out, "cannot be undone")
    assert.deepStrictEqual(
      writes().filter(({ status }) => status < 300),
      [],
    )
  })

  it("sets up, and the second run has nothing to do; the runtime uses the secrets without a change of the file", async () => {
    const hooks = await urlsOf(stage.configFile)
    const hook = hooks.find(({ what }) => what === "zendesk ticketing")?.url ?? ""
    const running = startCli(["serve", "--config", stage.configFile, "--json"])
    await readyOf(running)
    const body = JSON.stringify({ ticket_id: "1", external_id: "", status: "open" })
    assert.strictEqual(await post(hook, body), 200)
    const first = await opencx(
      "setup",
      "zendesk",
      "--yes",
      "--multi-conversations",
      "--channel",
      "whatsapp",
      "--json",
    )
    assert.strictEqual(first.code, 0, first.err)
    const report = Report(first.out)
    assert.deepStrictEqual(report.failed, [])
    assert.includeMembers(
      report.done.map(({ id }) => id),
      ["ticketing_secret", "messaging_secret", "default_responder", "multi_conversations"],
    )
    assert.include(report.byHand.join("\n"), "Release control")
    stage.emulator.clearCalls()
    const second = Report((await opencx("setup", "zendesk", "--yes", "--json")).out)
    assert.deepStrictEqual([second.done, second.left], [[], []])
    assert.deepStrictEqual(
      writes().map(({ path }) => path),
      [],
    )
    // The webhook is now checked with the stored secret, in the process that was already running.
    await eventually("an unsigned webhook is refused", async () => (await post(hook, body)) === 401, 30)
    const WebhookState = Schema.decodeUnknownSync(
      Schema.Struct({ webhooks: Schema.Array(Schema.Struct({ id: Schema.String })) }),
    )
    const [webhook] = WebhookState(stage.emulator.state(["webhooks"])).webhooks
    const token = await fetch(`${stage.emulator.url}/oauth/tokens`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        grant_type: "client_credentials",
        client_id: "opencx",
        client_secret: "opencx-secret",
        scope: "read write",
      }),
    })
    const Token = Schema.decodeUnknownSync(Schema.Struct({ access_token: Schema.String }))
    const authorization = `Bearer ${Token(await token.json()).access_token}`
    const path = `${stage.emulator.url}/api/v2/webhooks/${webhook?.id}/signing_secret`
    const Secret = Schema.decodeUnknownSync(
      Schema.Struct({ signing_secret: Schema.Struct({ secret: Schema.String }) }),
    )
    const current = Secret(await (await fetch(path, { headers: { authorization } })).json()).signing_secret
      .secret
    assert.strictEqual(await post(hook, body, signed(current, body)), 200)
    assert.strictEqual(await post(hook, body, signed("another", body)), 401)
    // Reset in Zendesk: refused until setup has fetched the new one.
    await fetch(path, { method: "POST", headers: { authorization } })
    const reset = Secret(await (await fetch(path, { headers: { authorization } })).json()).signing_secret
      .secret
    assert.notStrictEqual(reset, current)
    assert.strictEqual(await post(hook, body, signed(reset, body)), 401)
    assert.strictEqual((await opencx("setup", "zendesk", "--yes", "--json")).code, 0)
    await eventually(
      "the new secret is known",
      async () => (await post(hook, body, signed(reset, body))) === 200,
      30,
    )
    assert.strictEqual((await stopped(running)).code, 0)
  })

  it("then verify is content", async () => {
    const { code, out } = await opencx("verify", "--json")
    assert.strictEqual(code, 0, out)
    assert.isTrue(Verified(out).ok)
  })

  it("disconnect takes everything away, once", async () => {
    const dry = await opencx("disconnect", "zendesk", "--dry-run", "--json")
    assert.isAbove(Planned(dry.out).plan.length, 5)
    const { code, err, out } = await opencx("disconnect", "zendesk", "--yes", "--json")
    assert.strictEqual(code, 0, err)
    assert.deepStrictEqual(Report(out).failed, [])
    const state = stage.emulator.state(["webhooks"])
    assert.deepStrictEqual(state["webhooks"], [])
    const again = await opencx("disconnect", "zendesk", "--yes", "--json")
    assert.deepStrictEqual(Report(again.out).done, [])
  })

  it("a subdomain that is a URL is found by verify, and setup sends there", async () => {
    await stage.configure({
      zendesk: {
        subdomain: "https://acme.zendesk.com",
        auth: { type: "api_token", email: "a@b.c", token: "t0ken-9" },
      },
    })
    const { code, err, out } = await opencx("verify")
    assert.strictEqual(code, 1)
    assert.include(out, "wrong subdomain format")
    assert.notInclude(out + err, "t0ken-9")
    const refused = await opencx("setup", "zendesk", "--yes")
    assert.strictEqual(refused.code, 1)
    assert.include(refused.err, "opencx verify")
    await stage.configure({})
  })

  it("an organization that does not exist is told the ones that do", async () => {
    const { code, err } = await opencx("verify", "--org", "nobody")
    assert.strictEqual(code, 2)
    assert.include(err, "Organizations: acme.")
  })
})
