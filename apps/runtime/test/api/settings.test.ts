/** Settings through the API, on a real port, with the client that is made of the API's own description. */
import { AccountId, ChannelId, OrgId } from "@opencx/core"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { SqlClient } from "effect/sql"
import type { ApiClient } from "../../src/api/client.ts"
import { clientOf, fails, keyFor, make, operatorHeaders, operatorToken } from "../support/api.ts"
import { eventually } from "../support/run.ts"
import { type Server, startServer } from "../support/server.ts"

const box: { server?: Server; client?: ApiClient } = {}
const server = (): Server => {
  if (box.server === undefined) throw new Error("not started")
  return box.server
}
const client = (): ApiClient => {
  if (box.client === undefined) throw new Error("not started")
  return box.client
}
const run = Effect.runPromise

beforeAll(async () => {
  const acme = { id: "acme", name: "Acme", zendesk: zendesk("acme", "file-secret-4711") }
  box.server = await startServer({ operatorToken, organizations: [acme] })
  box.client = await clientOf(box.server, operatorToken)
})
afterAll(() => box.server?.close())

const zendesk = (subdomain: string, clientSecret: Schema.Json) => ({
  subdomain,
  auth: { type: "oauth_client_credentials", clientId: "opencx", clientSecret },
})
const secret = "zendesk-secret-0815"

const json = { ...operatorHeaders, "content-type": "application/json" }
const put = (path: string, body: unknown, version: number | null) =>
  server().ask(path, {
    method: "PUT",
    headers: { ...json, ...(version === null ? {} : { "if-match": `"${version}"` }) },
    body: JSON.stringify(body),
  })

const asJson = Schema.decodeUnknownSync(Schema.Json)
const at = (settings: unknown, ...path: ReadonlyArray<string | number>): unknown =>
  path.reduce<unknown>(
    (value, key) => (Object(value) === value ? Reflect.get(Object(value), key) : undefined),
    settings,
  )

describe("organizations of the API", () => {
  it("run as soon as they are made, and stop when they are removed", async () => {
    const org = OrgId.make("quick")
    const made = await make(client(), "quick")
    assert.deepInclude(made, { id: org, managedBy: "api", version: 1, runningVersion: 1, trouble: null })
    assert.deepStrictEqual(await run(client().sessions.list({ params: { org }, query: {} })), {
      sessions: [],
      next: null,
    })
    const all = await run(client().organizations.list())
    assert.includeMembers(
      all.map(({ id }) => id),
      [OrgId.make("acme"), org],
    )
    assert.deepInclude(
      await fails(client().organizations.create({ payload: { id: org, settings: { name: "x" } } })),
      {
        _tag: "Exists",
      },
    )
    await run(client().organizations.remove({ params: { org }, headers: { "if-match": 1 } }))
    assert.deepInclude(await fails(client().organizations.read({ params: { org } })), { _tag: "NotFound" })
    // The same name again is a new organization with a newer version, so that nobody takes it for the old one.
    assert.strictEqual((await make(client(), "quick")).version, 3)
  })

  it("of the file are shown without their secrets, and changed in the file alone", async () => {
    const org = OrgId.make("acme")
    const read = await run(client().organizations.read({ params: { org } }))
    assert.deepInclude(read, { managedBy: "file", version: 0, runningVersion: 0, name: "Acme" })
    assert.notInclude(JSON.stringify(read), "file-secret-4711")
    assert.strictEqual(at(read.settings, "zendesk", "subdomain"), "acme")
    const change = client().organizations.putIntegration({
      params: { org, integration: "assistSigningSecret" },
      headers: { "if-match": 0 },
      payload: { value: "x" },
    })
    const refused = await fails(change)
    assert.deepInclude(refused, { _tag: "ManagedByFile" })
    assert.include(JSON.stringify(refused), "configuration file")
    const again = client().organizations.create({ payload: { id: org, settings: { name: "Mine" } } })
    assert.deepInclude(await fails(again), { _tag: "Exists" })
  })
})

describe("the name of an organization", () => {
  it("is none that the installation keeps its own secrets under", async () => {
    const wish = client().organizations.create({
      payload: { id: OrgId.make("installation"), settings: { name: "x" } },
    })
    assert.deepInclude(await fails(wish), { _tag: "Exists" })
  })
})

describe("versions", () => {
  it("of two changes from the same version one is made; the other is told which version stands", async () => {
    const org = OrgId.make("races")
    await make(client(), "races")
    const change = (agentLanguage: string) =>
      put("/api/organizations/races/settings", { name: "Races", agentLanguage }, 1)
    const answers = await Promise.all(["de", "fr", "it", "es"].map(change))
    assert.deepStrictEqual(answers.map(({ status }) => status).sort(), [200, 412, 412, 412])
    const loser = answers.find(({ status }) => status === 412)
    assert.deepInclude(JSON.parse(loser?.text ?? "{}"), { _tag: "VersionMismatch", version: 2 })
    const read = await server().ask(`/api/organizations/${org}`, { headers: operatorHeaders })
    assert.strictEqual(JSON.parse(read.text).version, 2)
    assert.strictEqual(read.headers["etag"], '"2"')
  })

  it("must be named: without one, or with nonsense, nothing is changed and the answer says how", async () => {
    await make(client(), "nameless")
    for (const headers of [json, { ...json, "if-match": "*" }, { ...json, "if-match": '"one"' }]) {
      const answer = await server().ask("/api/organizations/nameless/settings", {
        method: "PUT",
        headers,
        body: JSON.stringify({ name: "x" }),
      })
      assert.strictEqual(answer.status, 400)
      assert.include(answer.text, "if-match")
    }
  })
})

describe("secrets", () => {
  it("go in and never come out: not in answers, not in the audit log, not as text in the database", async () => {
    const org = OrgId.make("sealed")
    const made = await make(client(), "sealed", { zendesk: zendesk("sealed", secret) })
    const shown = at(made.settings, "zendesk", "auth", "clientSecret")
    assert.match(String(at(shown, "$secret")), /^settings\//)
    const audit = await run(client().audit.list({ params: { org }, query: {} }))
    const change = audit[0]?.changes.find(({ path }) => path === "zendesk.auth.clientSecret")
    assert.deepStrictEqual(change, { path: "zendesk.auth.clientSecret", to: "(secret)" })
    const sql = await server().within(SqlClient.SqlClient)
    const tables = ["opencx_organizations", "opencx_secrets", "opencx_audit"]
    const rows = await run(Effect.forEach(tables, (table) => sql`SELECT * FROM ${sql.literal(table)}`))
    for (const text of [JSON.stringify(made), JSON.stringify(audit), JSON.stringify(rows)])
      assert.notInclude(text, secret)
  })

  it("stay when a document is sent back as it came, and are gone from the store when they are replaced", async () => {
    const org = OrgId.make("kept")
    const first = await make(client(), "kept", { zendesk: zendesk("kept", secret) })
    const second = await run(
      client().organizations.replace({
        params: { org },
        headers: { "if-match": 1 },
        payload: { settings: { ...first.settings, agentLanguage: "de" } },
      }),
    )
    assert.deepStrictEqual(at(second.settings, "zendesk"), at(first.settings, "zendesk"))
    assert.strictEqual(second.runningVersion, 2)
    const third = await run(
      client().organizations.putIntegration({
        params: { org, integration: "zendesk" },
        headers: { "if-match": 2 },
        payload: { value: zendesk("kept", "another-secret-0816") },
      }),
    )
    assert.notDeepEqual(at(third.settings, "zendesk"), at(first.settings, "zendesk"))
    const sql = await server().within(SqlClient.SqlClient)
    assert.strictEqual((await run(sql`SELECT name FROM opencx_secrets WHERE scope = ${org}`)).length, 1)
  })

  it("cannot be had by sending them elsewhere: to another place, host or organization", async () => {
    const org = OrgId.make("thief")
    const made = await make(client(), "thief", { zendesk: zendesk("thief", secret) })
    const ref = at(made.settings, "zendesk", "auth", "clientSecret")
    const other = await make(client(), "victim", { zendesk: zendesk("victim", secret) })
    const theirs = at(other.settings, "zendesk", "auth", "clientSecret")
    const tries: ReadonlyArray<readonly [string, unknown, string]> = [
      ["integrations/zendesk", { value: zendesk("attacker", asJson(ref)) }, "address changes"],
      ["integrations/zendesk", { value: zendesk("thief", asJson(theirs)) }, "not kept here"],
      ["integrations/llm", { value: { provider: "openai", model: "m", apiKey: ref } }, "not kept here"],
      [
        "integrations/zendesk",
        { value: zendesk("thief", { $secret: "settings/none", setAt: 0 }) },
        "not kept here",
      ],
      ["integrations/zendesk", { value: zendesk("thief", { $env: "PATH" }) }, "$env"],
    ]
    for (const [path, body, why] of tries) {
      const answer = await put(`/api/organizations/${org}/${path}`, body, 1)
      assert.strictEqual(answer.status, 400, answer.text)
      assert.include(answer.text, why)
    }
  })
})

describe("what cannot be used", () => {
  it.each([
    ["settings", { name: "" }, "name"],
    ["settings", { name: "x", handoff: { noHumanMinutes: -1 } }, "handoff.noHumanMinutes"],
    ["settings", { name: "x", nmae: "y" }, "nmae"],
    ["settings", { name: "x", id: "other" }, "id"],
    ["settings", [], ""],
    [
      "integrations/zendesk",
      { value: { subdomain: "https://acme.zendesk.com", auth: 1 } },
      "zendesk.subdomain",
    ],
    ["integrations/messaging", { value: { appId: "a", keyId: "b" } }, "messaging.secret"],
    ["integrations/nothing", { value: {} }, "integration"],
    ["accounts/support", { channel: "fax", settings: {} }, "fax"],
    ["accounts/support", { channel: "email", settings: { address: 5 } }, "support"],
    ["sources/help", { type: "zendesk_help_center" }, "no connection"],
    ["sources/help", { type: "sitemap", url: 5 }, "sources[0].url"],
    ["sources/help", { type: "ftp" }, "sources[0]"],
  ])("%s %j is refused with its place, and changes nothing", async (path, body, place) => {
    await make(client(), "strict").catch(() => null)
    const answer = await put(`/api/organizations/strict/${path}`, body, 1)
    assert.strictEqual(answer.status, 400, answer.text)
    assert.include(answer.text, place)
    const read = await run(client().organizations.read({ params: { org: OrgId.make("strict") } }))
    assert.strictEqual(read.version, 1)
  })

  it("no JSON, too much of it, and too deep a nest of it are refused, never a 500", async () => {
    const bodies = ["{", "", "null", "[".repeat(100_000), `{"name":"${"x".repeat(2_000_000)}"}`]
    for (const body of bodies) {
      const headers = { ...json, "if-match": '"1"' }
      const answer = await server().ask("/api/organizations/strict/settings", {
        method: "PUT",
        headers,
        body,
      })
      assert.include([400, 413], answer.status, body.slice(0, 20))
    }
    const proto = '{"name":"x","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'
    const headers = { ...json, "if-match": '"1"' }
    const answer = await server().ask("/api/organizations/strict/settings", {
      method: "PUT",
      headers,
      body: proto,
    })
    assert.strictEqual(answer.status, 400)
    assert.notProperty({}, "polluted")
  })

  it("settings that reach into the machine are for the installation's people", async () => {
    await make(client(), "tenant")
    const key = await keyFor(client(), "tenant", ["organization.read", "organization.write"])
    const admin = await clientOf(server(), key)
    const org = OrgId.make("tenant")
    const source = { type: "folder", path: "/etc" }
    const headers = { "if-match": 1 }
    const wish = (who: ApiClient) =>
      who.sources.put({ params: { org, source: "etc" }, headers, payload: source })
    assert.deepInclude(await fails(wish(admin)), { _tag: "Forbidden" })
    const local = { ...zendesk("tenant", secret), baseUrl: "http://127.0.0.1:8080" }
    const loopback = admin.organizations.putIntegration({
      params: { org, integration: "zendesk" },
      headers,
      payload: { value: local },
    })
    assert.deepInclude(await fails(loopback), { _tag: "Forbidden" })
    assert.strictEqual((await run(wish(client()))).version, 2)
    // What is there already does not keep the tenant from changing the rest.
    const rest = await server().ask(`/api/organizations/${org}/settings`, {
      method: "PUT",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json", "if-match": "2" },
      body: JSON.stringify({ name: "T" }),
    })
    assert.strictEqual(rest.status, 200, rest.text)
  })
})

describe("accounts and sources", () => {
  it("come and go by themselves; a widget answers as soon as its account is there, and no longer than it is", async () => {
    const org = OrgId.make("shop")
    await make(client(), "shop")
    const account = AccountId.make("site")
    const channel = ChannelId.make("widget")
    const params = { org, account }
    const settings = { siteKey: "shop-site-key-01", origins: ["https://shop.example"] }
    const config = () =>
      server().ask("/widget/config?site=shop-site-key-01", { headers: { origin: "https://shop.example" } })
    const before = await config()
    assert.notStrictEqual(before.status, 200)
    const made = await run(
      client().accounts.put({ params, headers: { "if-match": 1 }, payload: { channel, settings } }),
    )
    assert.strictEqual(made.runningVersion, 2)
    const [listed] = await run(client().accounts.list({ params: { org } }))
    assert.deepInclude(listed, { id: account, channel: "widget" })
    assert.include(listed?.hookUrl, "/hooks/widget/")
    await eventually("the widget's configuration", async () => (await config()).status === 200)
    await run(client().accounts.remove({ params, headers: { "if-match": 2 } }))
    await eventually("its end", async () => (await config()).status !== 200)
  })
})
