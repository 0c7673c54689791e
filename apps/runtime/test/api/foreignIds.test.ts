/**
 * An owner of one organization who has got hold of another one's ids, and asks about them under their own: `tenants.test.ts`
 * tries foreign organizations in the path, this one foreign things in an organization that is one's own.
 */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Contacts, OrgId } from "@opencx/core"
import { Effect } from "effect"
import { HttpApi } from "effect/http-api"
import { randomUUID } from "node:crypto"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Api } from "../../src/api/contract/Api.ts"
import { keyFor, make, operatorHeaders } from "../support/api.ts"
import { type ApiStage, orgOf, setApiStage } from "../support/apiStage.ts"
import { tellIn } from "../support/doctorStage.ts"

interface Endpoint {
  readonly name: string
  readonly method: string
  readonly path: string
}

const endpoints: Array<Endpoint> = []
HttpApi.reflect(Api, {
  onGroup: () => undefined,
  onEndpoint: ({ endpoint: { identifier, method, path }, group }) =>
    void endpoints.push({ name: `${group.identifier}.${identifier}`, method, path }),
})
const ofOrganizations = endpoints.filter(({ path }) => path.includes("/:org"))

/** What an organization keeps under a name of its own choice: the same name elsewhere is another thing. */
const makesOwn = new Set(["accounts.put", "sources.put"])
const ids = /:(session|work|user|key|account|source)\b/
const ofThings = ofOrganizations.filter(({ name, path }) => ids.test(path) && !makesOwn.has(name))

const box: { stage?: ApiStage; folder?: string } = {}
const stage = (): ApiStage => {
  if (box.stage === undefined) throw new Error("not started")
  return box.stage
}
const run = Effect.runPromise
/** North's things, by their names in paths. */
const theirs = new Map<string, string>()
const of = (name: string): string => theirs.get(name) ?? ""
let headers: Readonly<Record<string, string>> = {}
let plans: ReadonlyArray<string> = []

const north = orgOf("north")

const ask = (
  org: string,
  { method, path }: Endpoint,
  more: Readonly<Record<string, string>>,
  body?: object,
) =>
  stage().server.ask(path.replace(":org", org), {
    method,
    headers: { "content-type": "application/json", ...more },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })

const found = (name: string): Endpoint => {
  const endpoint = endpoints.find((one) => one.name === name)
  if (endpoint === undefined) throw new Error(`no endpoint ${name}`)
  return endpoint
}
const southAsks = (endpoint: Endpoint, body?: object) => ask("south", endpoint, headers, body)

/** Everything of north's that somebody could have changed. */
const allOfNorth = async (): Promise<ReadonlyArray<string>> => {
  const lists = ["users.list", "keys.list", "accounts.list", "sources.list", "organizations.read"]
  const things = [
    found("sessions.read").path.replace(":session", of("session")),
    found("deadLetters.read").path.replace(":work", of("work")),
    ...lists.map((name) => found(name).path),
  ]
  const answers = []
  for (const path of things) {
    const { status, text } = await ask("north", { name: "", method: "GET", path }, operatorHeaders)
    assert.strictEqual(status, 200, path)
    answers.push(text)
  }
  return answers
}
let before: ReadonlyArray<string> = []

beforeAll(async () => {
  const api = await setApiStage()
  box.stage = api
  box.folder = await mkdtemp(join(tmpdir(), "opencx-runtime-test-"))
  for (const org of ["north", "south"])
    await make(api.operator, org, { zendesk: api.zendesk(), messaging: api.messaging })
  const put = async (path: string, value: object) => {
    const { etag } = (await api.server.ask("/api/organizations/north", { headers: operatorHeaders })).headers
    const more = { ...operatorHeaders, "if-match": String(etag) }
    const { status, text } = await ask("north", { name: "", method: "PUT", path }, more, value)
    assert.isBelow(status, 300, text)
  }
  const account = {
    channel: "widget",
    settings: { siteKey: "north-site-key-01", origins: ["https://n.example"] },
  }
  await put("/api/organizations/:org/accounts/site", account)
  await put("/api/organizations/:org/sources/handbook", { type: "folder", path: box.folder, every: "manual" })
  theirs.set("account", "site").set("source", "handbook")
  const told = {
    session: { state: "ai" },
    dead: [{ task: { _tag: "Note", text: "Hello" }, why: "no" }],
  } as const
  const session = await api.server.within(tellIn(OrgId.make("north"), told))
  const [letter] = await run(api.operator.deadLetters.list({ params: north, query: {} }))
  const user = await run(
    api.operator.users.invite({ params: north, payload: { email: "n@n.example", name: "N", role: "agent" } }),
  )
  await keyFor(api.operator, "north", ["sessions.read"])
  const [key] = await run(api.operator.keys.list({ params: north }))
  const identity = { kind: "email", value: "kim@n.example", verified: true } as const
  const contact = { orgId: OrgId.make("north"), identity, name: "Kim", locale: null }
  const kim = await api.server.within(Effect.flatMap(Contacts, ({ resolve }) => resolve(contact)))
  theirs
    .set("session", session.id)
    .set("work", letter?.id ?? "")
    .set("user", user.user.id)
    .set("key", key?.id ?? "")
    .set("contact", kim.id)
  const setup = await run(api.operator.zendesk.planSetup({ params: north, payload: {} }))
  const away = await run(api.operator.zendesk.planDisconnect({ params: north, payload: { now: true } }))
  plans = [setup.id, away.id]
  headers = await api.browserOf("owner", "south")
  before = await allOfNorth()
}, 60_000)
afterAll(async () => {
  await box.stage?.close()
  if (box.folder !== undefined) await rm(box.folder, { recursive: true, force: true })
})

/** Bodies that would do something, were the thing one's own. */
const bodies: Readonly<Record<string, object>> = {
  "sessions.command": { command: "take_over" },
  "deadLetters.discard": { reason: "seen" },
  "users.setRole": { role: "viewer" },
  "sources.sync": { mode: "full" },
}

describe("another organization's things, under one's own", { timeout: 60_000 }, () => {
  it("there are some of every kind", () => {
    for (const name of ["session", "work", "user", "key", "account", "source", "contact"])
      assert.isAbove(of(name).length, 3, name)
    assert.isAtLeast(ofThings.length, 11)
  })

  it.each(ofThings)("$name: not there, as if nobody had them", async (endpoint) => {
    const { etag } = (await stage().server.ask("/api/organizations/south", { headers })).headers
    const asked = async (id: (kind: string) => string) => {
      const path = endpoint.path.replace(new RegExp(ids, "g"), (_, kind: string) => id(kind))
      const more = { ...headers, "if-match": String(etag) }
      const { status, text } = await ask("south", { ...endpoint, path }, more, bodies[endpoint.name])
      return { status, text: text.replaceAll(path.split("/")[5] ?? "-", "?") }
    }
    const foreign = await asked(of)
    const nobodys = await asked((kind) => (/account|source/.test(kind) ? "unknown" : randomUUID()))
    assert.deepStrictEqual(foreign, nobodys)
    assert.strictEqual(foreign.status, 404, foreign.text)
  })

  it.each([
    ["deadLetters.replayMany", {}],
    ["deadLetters.discardMany", { reason: "seen" }],
  ])("%s: unknown, and none among all", async (name, more) => {
    const byId = await southAsks(found(name), { ids: [of("work")], ...more })
    assert.strictEqual(byId.text, JSON.stringify([{ id: of("work"), result: "unknown" }]))
    assert.strictEqual((await southAsks(found(name), { all: true, ...more })).text, "[]")
  })

  it.each([
    ["contacts.export", {}],
    ["contacts.erase", { yes: true }],
    ["contacts.erase", { yes: true, inZendesk: true }],
  ])("%s %j: no such contact", async (name, more) => {
    for (const contact of [of("contact"), "kim@n.example"]) {
      const { status, text } = await southAsks(found(name), { contact, ...more })
      assert.strictEqual(status, 404, text)
      assert.notInclude(text, "Kim")
    }
  })

  it("a plan is for the organization that it was made for", async () => {
    const asked = [
      southAsks(found("zendesk.applySetup"), { plan: plans[0] }),
      southAsks(found("zendesk.applyDisconnect"), { plan: plans[1], now: true }),
    ]
    for (const { status, text } of await Promise.all(asked)) assert.strictEqual(status, 409, text)
    assert.deepStrictEqual(stage().writes(), [])
  })

  it("the doctor knows no such session", async () => {
    const endpoint = found("doctor.look")
    const asked = (id: string) => southAsks({ ...endpoint, path: `${endpoint.path}?session=${id}` })
    const { status, text } = await asked(of("session"))
    assert.strictEqual(status, 404)
    const id = randomUUID()
    assert.strictEqual(text, (await asked(id)).text.replaceAll(id, of("session")))
  })

  it("a page of one's own is none of theirs", async () => {
    for (const org of ["north", "south"]) {
      const { status, text } = await stage().server.ask(`/sessions/${org}/${of("session")}`, { headers })
      assert.strictEqual(status, 404)
      assert.notInclude(text, "Hello")
    }
  })

  it.each(ofOrganizations.filter(({ method, path }) => method === "GET" && !ids.test(path)))(
    "$name shows none of them",
    async (endpoint) => {
      const { status, text } = await southAsks(endpoint)
      assert.isBelow(status, 300, text)
      for (const kind of ["session", "work", "user", "key", "contact", "source"])
        assert.notInclude(text, of(kind))
      for (const word of ["n@n.example", "kim@", "north-site"]) assert.notInclude(text, word)
    },
  )

  it("and after all of this each is as it was", async () => {
    assert.deepStrictEqual(await allOfNorth(), before)
  })
})
