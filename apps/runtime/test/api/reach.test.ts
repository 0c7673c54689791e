/**
 * Every endpoint of the API does its work for somebody who may ask for it: what `tenants.test.ts` lets through really gets
 * somewhere. An endpoint that is in the description and not here fails the first test. A change of one's own password is
 * shown by `people.test.ts`.
 */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Contacts, OrgId } from "@opencx/core"
import { Effect, Schema } from "effect"
import { HttpApi } from "effect/http-api"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Api } from "../../src/api/contract/Api.ts"
import { make, operatorHeaders } from "../support/api.ts"
import { type ApiStage, orgOf, setApiStage } from "../support/apiStage.ts"
import { tellIn } from "../support/doctorStage.ts"
import { oauth } from "../support/zendeskStage.ts"

const endpoints = new Map<string, { readonly method: string; readonly path: string }>()
HttpApi.reflect(Api, {
  onGroup: () => undefined,
  onEndpoint: ({ endpoint: { identifier, method, path }, group }) =>
    void endpoints.set(`${group.identifier}.${identifier}`, { method, path }),
})

const box: { stage?: ApiStage; folder?: string } = {}
const stage = (): ApiStage => {
  if (box.stage === undefined) throw new Error("not started")
  return box.stage
}

const org = "reached"
/** What earlier answers told. */
const told = new Map<string, string>()
const people = new Map<string, Readonly<Record<string, string>>>()

beforeAll(async () => {
  box.stage = await setApiStage()
  box.folder = await mkdtemp(join(tmpdir(), "opencx-runtime-test-"))
  await writeFile(join(box.folder, "hours.md"), "# Hours\n\nNine to five.")
  await make(stage().operator, org)
  const task = { _tag: "Note", text: "Hello" } as const
  const dead = [1, 2, 3, 4].map((n) => ({ task, why: `no ${n}` }))
  const session = await stage().server.within(tellIn(OrgId.make(org), { session: { state: "ai" }, dead }))
  told.set("session", session.id)
  const letters = await Effect.runPromise(
    stage().operator.deadLetters.list({ params: orgOf(org), query: {} }),
  )
  letters.forEach(({ id }, n) => told.set(`work${n}`, id))
  const identity = { kind: "email", value: "kim@example.com", verified: true } as const
  const contact = { orgId: OrgId.make(org), identity, name: "Kim", locale: null }
  const { id } = await stage().server.within(Effect.flatMap(Contacts, ({ resolve }) => resolve(contact)))
  told.set("contact", id)
  people.set("owner", await stage().browserOf("owner", org))
  people.set("root", await stage().browserOf("owner", "*"))
}, 60_000)
afterAll(async () => {
  await stage().close()
  if (box.folder !== undefined) await rm(box.folder, { recursive: true, force: true })
})

interface Wish {
  readonly name: string
  /** Names in the path beside the organization, and a query. */
  readonly at?: Readonly<Record<string, string>>
  readonly query?: string
  readonly body?: () => unknown
  /** Whether the request changes settings, and names the version that it has seen. */
  readonly changes?: true
  /** `operator`: only who runs the machine may name folders and addresses on it. */
  readonly who?: "owner" | "operator" | "root"
  /** Keeps a value of the answer. */
  readonly keep?: readonly [name: string, field: string]
}

const of = (name: string) => told.get(name) ?? ""

/** In this order: later ones need what earlier ones have made. */
const wishes: ReadonlyArray<Wish> = [
  { name: "me.read" },
  { name: "organizations.list" },
  { name: "organizations.read" },
  { name: "organizations.create", who: "operator", body: () => ({ id: "made", settings: { name: "Made" } }) },
  { name: "organizations.replace", changes: true, body: () => ({ settings: { name: "Reached" } }) },
  {
    name: "organizations.putSettings",
    changes: true,
    body: () => ({ name: "Reached", agentLanguage: "de" }),
  },
  {
    name: "zendesk.connect",
    who: "operator",
    changes: true,
    body: () => ({ zendesk: stage().zendesk(), messaging: stage().messaging }),
  },
  { name: "zendesk.verify" },
  { name: "zendesk.status" },
  { name: "zendesk.hooks" },
  { name: "zendesk.planSetup", body: () => ({}), keep: ["setup", "id"] },
  { name: "zendesk.applySetup", body: () => ({ plan: of("setup") }) },
  { name: "schedules.list" },
  { name: "schedules.read" },
  { name: "zendesk.planDisconnect", body: () => ({ now: true }), keep: ["away", "id"] },
  { name: "zendesk.applyDisconnect", body: () => ({ plan: of("away"), now: true }) },
  {
    name: "organizations.putIntegration",
    who: "operator",
    changes: true,
    at: { integration: "zendesk" },
    body: () => ({ value: stage().zendesk({ ...oauth, type: "oauth_authorization_code" }) }),
  },
  { name: "zendesk.beginConsent", keep: ["consent", "url"] },
  { name: "zendesk.finishConsent", body: () => ({ redirected: of("consent") }) },
  { name: "organizations.removeIntegration", changes: true, at: { integration: "messaging" } },
  { name: "doctor.look" },
  { name: "accounts.list" },
  {
    name: "accounts.put",
    changes: true,
    at: { account: "site" },
    body: () => ({
      channel: "widget",
      settings: { siteKey: "reach-site-key-01", origins: ["https://shop.example"] },
    }),
  },
  { name: "accounts.remove", changes: true, at: { account: "site" } },
  {
    name: "sources.put",
    who: "operator",
    changes: true,
    at: { source: "help" },
    body: () => ({ type: "folder", path: box.folder, every: "manual" }),
  },
  { name: "sources.list" },
  { name: "sources.events" },
  { name: "sources.sync", at: { source: "help" }, body: () => ({ mode: "full" }) },
  { name: "sources.remove", changes: true, at: { source: "help" } },
  { name: "sessions.list", query: "?text=nothing&state=ai&state=human" },
  { name: "sessions.read" },
  { name: "sessions.command", body: () => ({ command: "take_over" }) },
  { name: "deadLetters.list", query: "?task=Note" },
  { name: "deadLetters.read", at: { work: "work0" } },
  { name: "deadLetters.discard", at: { work: "work0" }, body: () => ({ reason: "seen" }) },
  { name: "deadLetters.discardMany", body: () => ({ ids: [of("work1")], reason: "seen" }) },
  { name: "deadLetters.replay", at: { work: "work2" } },
  { name: "deadLetters.replayMany", body: () => ({ ids: [of("work3")] }) },
  { name: "report.make", query: "?from=2026-01-01" },
  { name: "users.list" },
  {
    name: "users.invite",
    body: () => ({ email: "new@reached.example", name: "New", role: "viewer" }),
    keep: ["user", "id"],
  },
  { name: "users.setRole", body: () => ({ role: "agent" }) },
  { name: "users.remove" },
  { name: "keys.list" },
  { name: "keys.create", body: () => ({ name: "CI", scopes: ["sessions.read"] }), keep: ["key", "id"] },
  { name: "keys.revoke" },
  { name: "audit.list" },
  { name: "installation.users", who: "root" },
  { name: "installation.audit", who: "root" },
  {
    name: "installation.invite",
    who: "root",
    body: () => ({ email: "all@reached.example", name: "All", role: "admin" }),
    keep: ["user", "id"],
  },
  { name: "installation.setRole", who: "root", body: () => ({ role: "viewer" }) },
  { name: "installation.setDisabled", who: "root", body: () => ({ disabled: true }) },
  { name: "contacts.export", body: () => ({ contact: of("contact") }) },
  { name: "contacts.erase", body: () => ({ contact: of("contact"), yes: true }) },
  { name: "organizations.remove", changes: true },
  { name: "me.setPassword" },
  { name: "me.endSessions" },
]

const headersOf = (who: NonNullable<Wish["who"]>) =>
  who === "operator" ? operatorHeaders : (people.get(who) ?? {})

const version = async (): Promise<string> => {
  const { headers } = await stage().server.ask(`/api/organizations/${org}`, { headers: operatorHeaders })
  return String(headers["etag"])
}

const ask = async ({ at = {}, body, changes, name, query = "", who = "owner" }: Wish) => {
  const { method, path } = endpoints.get(name) ?? { method: "GET", path: "/none" }
  const place = path.replace(/:(\w+)/g, (_, key: string) => {
    if (key === "org") return org
    return told.get(at[key] ?? key) ?? at[key] ?? key
  })
  return stage().server.ask(place + query, {
    method,
    headers: {
      "content-type": "application/json",
      ...headersOf(who),
      ...(changes === undefined ? {} : { "if-match": await version() }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body()) }),
  })
}

const parse = Schema.decodeUnknownSync(Schema.fromJsonString(Schema.Json))
/** The first value under this name, wherever it stands. */
const find = (value: unknown, field: string): string | null => {
  if (typeof value !== "object" || value === null) return null
  for (const [key, item] of Object.entries(value)) {
    if (key === field && typeof item === "string") return item
    const deeper = find(item, field)
    if (deeper !== null) return deeper
  }
  return null
}

describe("every endpoint, for who may", { timeout: 60_000 }, () => {
  it("is asked here", () => {
    assert.deepStrictEqual(wishes.map(({ name }) => name).sort(), [...endpoints.keys()].sort())
  })

  it.each(wishes.filter(({ name }) => !name.startsWith("me.set")))("$name answers", async (wish) => {
    const { status, text } = await ask(wish)
    assert.isBelow(status, 300, text)
    assert.notInclude(text, oauth.clientSecret)
    if (wish.keep !== undefined) told.set(wish.keep[0], find(parse(text), wish.keep[1]) ?? "")
    if (wish.name === "zendesk.beginConsent") {
      const page = await fetch(of("consent"), { redirect: "manual" })
      told.set("consent", page.headers.get("location") ?? "")
    }
  })

  it("a password is not changed without knowing it", async () => {
    const body = { current: "not mine", new: "something else" }
    const { status } = await ask({ name: "me.setPassword", who: "root", body: () => body })
    assert.strictEqual(status, 403)
  })
})
