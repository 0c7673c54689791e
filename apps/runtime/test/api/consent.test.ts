/** A person's consent through the API: whoever begins it brings the answer, once, in time; everybody else changes nothing. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { clientOf, fails, keyFor, make } from "../support/api.ts"
import { type ApiStage, orgOf, setApiStage } from "../support/apiStage.ts"
import type { Answer } from "../support/server.ts"
import { oauth } from "../support/zendeskStage.ts"

const run = Effect.runPromise
const box: { stage?: ApiStage } = {}
const stage = (): ApiStage => {
  if (box.stage === undefined) throw new Error("not started")
  return box.stage
}
type Browser = Readonly<Record<string, string>>
const people = new Map<string, Browser>()
const as = (name: string): Browser => people.get(name) ?? {}

const { clientId, clientSecret } = oauth
const auth = { type: "oauth_authorization_code", clientId, clientSecret }

beforeAll(async () => {
  box.stage = await setApiStage()
  for (const org of ["acme", "other"]) await make(stage().operator, org, { zendesk: stage().zendesk(auth) })
  people.set("ana", await stage().browserOf("admin", "acme", "ana@acme.example"))
  people.set("ana elsewhere", await stage().browserOf("admin", "acme", "ana@acme.example"))
  people.set("ben", await stage().browserOf("owner", "acme", "ben@acme.example"))
  people.set("eve", await stage().browserOf("owner", "other", "eve@other.example"))
  people.set("vic", await stage().browserOf("viewer", "acme", "vic@acme.example"))
}, 30_000)
afterAll(() => box.stage?.close())

const Begun = Schema.fromJsonString(
  Schema.Struct({
    url: Schema.String,
    state: Schema.String,
    redirectUri: Schema.String,
    expiresAt: Schema.Number,
  }),
)

const beginAs = async (who: Browser, org = "acme") => {
  const path = `/api/organizations/${org}/zendesk/consent`
  const answer = await stage().server.ask(path, { method: "POST", headers: who })
  assert.strictEqual(answer.status, 200, answer.text)
  return Schema.decodeUnknownSync(Begun)(answer.text)
}

/** Where Zendesk's consent page sends the browser. */
const consentTo = async (url: string): Promise<URL> =>
  new URL((await fetch(url, { redirect: "manual" })).headers.get("location") ?? "")

const come = (who: Browser, to: URL): Promise<Answer> =>
  stage().server.ask(to.pathname + to.search, { headers: who })

const exchanges = () =>
  stage()
    .emulator.calls()
    .filter(({ path }) => path === "/oauth/tokens").length

const isConnected = async (): Promise<boolean> => {
  const { ticketing } = await run(stage().operator.zendesk.verify({ params: orgOf("acme") }))
  return ticketing.some(({ id, ok }) => id === "credentials" && ok)
}

describe("consent in a browser", { timeout: 60_000 }, () => {
  it("is refused to everybody but the one who asked, and leaves the request to them", async () => {
    const { expiresAt, redirectUri, state, url } = await beginAs(as("ana"))
    assert.match(redirectUri, /\/connect\/zendesk\/callback$/)
    assert.strictEqual(new URL(url).searchParams.get("state"), state)
    assert.isAbove(expiresAt, Date.now())
    const back = await consentTo(url)
    for (const name of ["ana elsewhere", "ben", "eve", "vic", "nobody"]) {
      const { status, text } = await come(as(name), back)
      assert.include([400, 401], status, name)
      assert.include(text, "Not connected")
    }
    const forged = new URL(back)
    forged.searchParams.set("state", "forged")
    assert.strictEqual((await come(as("ana"), forged)).status, 400)
    assert.strictEqual(exchanges(), 0)
    assert.isFalse(await isConnected())
    const here = await come(as("ana"), back)
    assert.strictEqual(here.status, 200, here.text)
    assert.include(here.text, "OpenCX acts as OpenCX Integration")
    assert.include(String(here.headers["content-security-policy"]), "default-src 'none'")
    assert.isTrue(await isConnected())
    const twice = await come(as("ana"), back)
    assert.strictEqual(twice.status, 400)
    assert.strictEqual(exchanges(), 1)
    const [entry] = await run(stage().operator.audit.list({ params: orgOf("acme"), query: {} }))
    assert.deepInclude(entry, { action: "zendesk.consent", actorName: "ana@acme.example", target: "acme" })
  })

  it("brought twice at once connects once", async () => {
    const before = exchanges()
    const back = await consentTo((await beginAs(as("ana"))).url)
    const answers = await Promise.all([come(as("ana"), back), come(as("ana"), back)])
    assert.deepStrictEqual(answers.map(({ status }) => status).sort(), [200, 400])
    assert.strictEqual(exchanges(), before + 1)
  })

  it("a denial ends the request and changes nothing", async () => {
    const { redirectUri, state } = await beginAs(as("ana"))
    const denied = new URL(`${redirectUri}?error=access_denied&state=${state}`)
    const answer = await come(as("ana"), denied)
    assert.strictEqual(answer.status, 400)
    assert.include(answer.text, "denied in Zendesk")
    const late = new URL(`${redirectUri}?code=x&state=${state}`)
    assert.include((await come(as("ana"), late)).text, "no request that is still waited for")
    assert.isTrue(await isConnected())
  })

  it("what Zendesk says stays text, in any language", async () => {
    const { redirectUri, state } = await beginAs(as("ana"))
    const words = "<script>alert(1)</script> رفض الطلب"
    const back = new URL(`${redirectUri}?error=server_error&state=${state}`)
    back.searchParams.set("error_description", words)
    const { text } = await come(as("ana"), back)
    assert.include(text, "رفض الطلب")
    assert.notInclude(text, "<script>")
  })

  it("an answer that comes too late is none", async () => {
    const back = await consentTo((await beginAs(as("ana"))).url)
    const before = exchanges()
    const sql = await stage().server.within(SqlClient.SqlClient)
    await run(sql`UPDATE opencx_one_time_tokens SET expires_at = 1 WHERE purpose = 'zendesk-consent'`)
    assert.strictEqual((await come(as("ana"), back)).status, 400)
    assert.strictEqual(exchanges(), before)
  })

  it("a newer request of the organization makes an older one void", async () => {
    const older = await consentTo((await beginAs(as("ana"))).url)
    const newer = await consentTo((await beginAs(as("ben"))).url)
    assert.strictEqual((await come(as("ana"), older)).status, 400)
    assert.strictEqual((await come(as("ben"), newer)).status, 200)
  })

  it("a code that Zendesk does not take, or takes and does not answer: begin again, and it works", async () => {
    const wrong = await consentTo((await beginAs(as("ana"))).url)
    wrong.searchParams.set("code", "made-up")
    const refused = await come(as("ana"), wrong)
    assert.strictEqual(refused.status, 400)
    assert.notInclude(refused.text, clientSecret)
    const fault = stage().emulator.addFault({
      kind: "resetAfterCommit",
      match: { path: "/oauth/tokens" },
      times: 1,
    })
    const lost = await come(as("ana"), await consentTo((await beginAs(as("ana"))).url))
    assert.strictEqual(lost.status, 400)
    assert.include(lost.text, "Begin again")
    stage().emulator.removeFault(fault)
    const again = await come(as("ana"), await consentTo((await beginAs(as("ana"))).url))
    assert.strictEqual(again.status, 200, again.text)
  })
})

describe("consent for a program", { timeout: 60_000 }, () => {
  it("is finished by the program that began it, with the address that the browser shows", async () => {
    const params = orgOf("acme")
    const machine = await clientOf(
      stage().server,
      await keyFor(stage().operator, "acme", ["organization.write"]),
    )
    const { url } = await run(machine.zendesk.beginConsent({ params }))
    const redirected = (await consentTo(url)).href
    const page = await come({}, new URL(redirected))
    assert.strictEqual(page.status, 401)
    assert.include(page.text, "whole address")
    const finish = (who: typeof machine, org = params) =>
      who.zendesk.finishConsent({ params: org, payload: { redirected } })
    assert.deepInclude(await fails(finish(stage().operator)), { _tag: "NotPossible" })
    assert.deepInclude(await fails(finish(stage().operator, orgOf("other"))), { _tag: "NotPossible" })
    assert.deepInclude(await run(finish(machine)), { name: "OpenCX Integration" })
    assert.deepInclude(await fails(finish(machine)), { _tag: "NotPossible" })
  })

  it("an organization that signs in another way is told so", async () => {
    await make(stage().operator, "plain", { zendesk: stage().zendesk() })
    const begin = stage().operator.zendesk.beginConsent({ params: orgOf("plain") })
    const refused = await fails(begin)
    assert.include(JSON.stringify(refused), "oauth_authorization_code")
    const connect = stage().operator.zendesk.connect({
      params: orgOf("plain"),
      headers: { "if-match": 1 },
      payload: { zendesk: stage().zendesk(auth) },
    })
    assert.include(JSON.stringify(await fails(connect)), "zendesk/consent")
  })

  it("nothing that opens the account stands in the database as text, or in the audit log", async () => {
    const sql = await stage().server.within(SqlClient.SqlClient)
    const tables = ["opencx_organizations", "opencx_secrets", "opencx_audit", "opencx_one_time_tokens"]
    const rows = await run(Effect.forEach(tables, (table) => sql`SELECT * FROM ${sql.literal(table)}`))
    const text = JSON.stringify(rows)
    for (const word of [clientSecret, "accessToken", "refreshToken", "verifier"])
      assert.notInclude(text, word)
  })
})
