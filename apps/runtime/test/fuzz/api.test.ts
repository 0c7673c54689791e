/**
 * The described API under requests that are almost right, from people and programs who may: bodies reach decoders, handlers and
 * the database. No 500 and no "not now", no answer that takes for ever, no secret in one, and whatever is stored can run.
 */
import { brokenJson, fuzzSeeds, hostileText, type Noise, noise, repeatedBy } from "@opencx/testing"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { OrgId } from "@opencx/core"
import { Effect, Schema } from "effect"
import type { ApiClient } from "../../src/api/client.ts"
import { firstStart } from "../../src/access/firstStart.ts"
import { clientOf, keyFor, make, operatorToken } from "../support/api.ts"
import { type Endpoint, endpointsOf, sampleOf } from "../support/openApi.ts"
import { type Answer, type Server, startServer } from "../support/server.ts"

const org = OrgId.make("fuzzed")
const owner = { email: "root@acme.example", password: "a long password" }
const kept = "kept-secret-of-fuzzed-0815"
const logs: Array<string> = []

let server: Server
let operator: ApiClient
let endpoints: ReadonlyArray<Endpoint>
let key: string
let cookie = ""

const logIn = async () => {
  const answer = await server.ask("/login", {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(owner).toString(),
  })
  cookie = [answer.headers["set-cookie"] ?? []].flat()[0]?.split(";")[0] ?? ""
  assert.strictEqual(answer.status, 303, answer.text)
}

const newKey = () =>
  keyFor(operator, org, [
    "organization.read",
    "organization.write",
    "organization.remove",
    "sessions.read",
    "sessions.command",
    "deadLetters.read",
    "deadLetters.write",
    "sources.sync",
    "users.read",
    "users.write",
    "keys.read",
    "keys.write",
    "audit.read",
  ])

const sms = {
  provider: {
    name: "twilio",
    accountSid: "AC0123456789abcdef0123456789abcdef",
    authToken: kept,
    from: "+14155550100",
    apiBaseUrl: "http://127.0.0.1:1",
  },
}
const email = {
  address: "support@fuzzed.example",
  displayName: "Fuzzed",
  outbound: { host: "127.0.0.1", port: 1, starttls: "never", auth: { user: "u", password: kept } },
  inbound: { postmark: { username: "u", password: kept } },
}

/** For bodies that the description leaves to plugins and adapters. Everything they name is on loopback, and closed. */
const samples: ReadonlyArray<readonly [RegExp, ReadonlyArray<unknown>]> = [
  [/^\/api\/organizations$/, [{ id: "made", settings: { name: "Made" } }]],
  [
    /organizations\/\{org\}$/,
    [{ settings: { name: "F", accounts: [{ id: "texts", channel: "sms", settings: sms }] } }],
  ],
  [
    /integrations/,
    [
      {
        value: {
          subdomain: "fuzzed",
          baseUrl: "http://127.0.0.1:1",
          auth: { type: "api_token", email: "a@b.example", token: kept },
        },
      },
      {
        value: {
          baseUrl: "http://127.0.0.1:1",
          appId: "5f1",
          keyId: "app_5f1",
          secret: kept,
          webhookSecret: kept,
        },
      },
    ],
  ],
  [
    /accounts/,
    [
      { channel: "sms", settings: sms },
      { channel: "email", settings: email },
      { channel: "widget", settings: { siteKey: "fuzz-site-key-01", origins: ["https://shop.example"] } },
    ],
  ],
  [
    /sources\/\{source\}$/,
    [
      { type: "sitemap", url: "http://127.0.0.1:1/sitemap.xml", locale: "en", schedule: "daily" },
      { type: "folder", path: "/nonexistent", locale: "en" },
    ],
  ],
  [/users$/, [{ email: "new@fuzzed.example", name: "New", role: "viewer" }]],
]

beforeAll(async () => {
  server = await startServer({ logs, operatorToken, firstAdmin: owner })
  await server.within(firstStart)
  operator = await clientOf(server, operatorToken)
  await make(operator, org)
  key = await newKey()
  // Those of Zendesk ask Zendesk, which nothing here may: they are tried against the emulator in `test/api/zendesk.test.ts`.
  const described = endpointsOf((await server.ask("/api/openapi.json")).text)
  endpoints = described.filter(({ path }) => !/\/(?:zendesk|schedules)(?:\/|$)/.test(path))
  await logIn()
})
afterAll(() => server?.close())

/** Odd names in paths, at most as long as a client lets through. */
const odd = (next: Noise): string => encodeURIComponent(hostileText(next).toWellFormed()).slice(0, 900) || "x"

const names: Readonly<Record<string, ReadonlyArray<string>>> = {
  org: [org, org, org, org, "made", "acme"],
  integration: ["zendesk", "messaging"],
  account: ["texts", "mail", "site"],
  source: ["help"],
}

const pathOf = ({ path, query }: Endpoint, next: Noise): string => {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const known = names[name] ?? ["00000000-0000-4000-8000-000000000000"]
    return next(8) === 0 ? odd(next) : (known[next(known.length)] ?? "")
  })
  const asked = query
    .filter(() => next(2) === 0)
    .map((name) => `${name}=${next(3) === 0 ? odd(next) : next(50)}`)
  return asked.length === 0 ? filled : `${filled}?${asked.join("&")}`
}

const bodyOf = ({ body, path }: Endpoint, next: Noise): string | undefined => {
  if (body === null) return undefined
  const ready = samples.find(([pattern]) => pattern.test(path))?.[1]
  const right = ready === undefined ? sampleOf(body, next) : ready[next(ready.length)]
  const sent = next(4) === 0 ? right : brokenJson(right, next)
  return JSON.stringify(sent) ?? "null"
}

const versions = Schema.Struct({ version: Schema.Int })
const versionIn = Schema.decodeUnknownOption(Schema.fromJsonString(versions))

/** What a caller sends to be known. */
type Caller = () => Readonly<Record<string, string>>
const callers: Readonly<Record<string, Caller>> = {
  "the owner": () => ({ cookie, "sec-fetch-site": "same-origin" }),
  "an API key": () => ({ authorization: `Bearer ${key}` }),
}

const shoot = async (endpoint: Endpoint, caller: Caller, next: Noise) => {
  const path = pathOf(endpoint, next)
  const about = /^\/api\/organizations\/([\w-]+)/.exec(path)?.[1]
  const seen =
    about === undefined
      ? null
      : await server.ask(`/api/organizations/${about}`, { headers: callers["the owner"]?.() ?? {} })
  const version = seen === null ? 1 : versionIn(seen.text)
  const tag = next(10) === 0 ? hostileText(next).replace(/[^\x20-\x7e]/g, "?") : version
  const body = bodyOf(endpoint, next)
  const headers = {
    ...caller(),
    "content-type": "application/json",
    ...(endpoint.needsVersion
      ? {
          "if-match":
            typeof tag === "string"
              ? tag.slice(0, 900)
              : `"${tag !== 1 && tag._tag === "Some" ? tag.value.version : 1}"`,
        }
      : {}),
  }
  const began = performance.now()
  const answer = await server.ask(path, {
    method: endpoint.method,
    headers,
    ...(body === undefined ? {} : { body }),
  })
  return { path, body, answer, ms: performance.now() - began }
}

const isFine = (answer: Answer, ms: number, what: string) => {
  assert.isBelow(answer.status, 500, `${what}: ${answer.text.slice(0, 300)}`)
  assert.isBelow(ms, 10_000, what)
  assert.isBelow(answer.text.length, 5_000_000, what)
  assert.isFalse(answer.text.includes(kept), `a secret in the answer to ${what}`)
  assert.isUndefined(Reflect.get({}, "polluted"), what)
}

/** Everything that is stored runs, as it was stored. */
const runsOn = async (what: string) => {
  for (const one of await Effect.runPromise(operator.organizations.list())) {
    assert.isNull(one.trouble, `${what} left ${one.id} with ${JSON.stringify(one.trouble)}`)
    assert.strictEqual(one.runningVersion, one.version, what)
  }
  assert.strictEqual((await server.ask("/readyz")).status, 200, what)
}

const mend = async () => {
  if ((await server.ask("/api/me", { headers: { cookie } })).status === 401) await logIn()
  const all = await Effect.runPromise(operator.organizations.list())
  if (!all.some(({ id }) => id === org)) {
    await make(operator, org)
  }
  const { status } = await server.ask(`/api/organizations/${org}`, {
    headers: callers["an API key"]?.() ?? {},
  })
  if (status === 401) key = await newKey()
}

describe("every endpoint of the description", () => {
  it.each(Object.entries(callers))("by %s", { timeout: 300_000 }, async (who, caller) => {
    let taken = 0
    let shots = 0
    for (const seed of fuzzSeeds(14)) {
      for (const endpoint of endpoints) {
        const next = noise(seed * 1000 + shots)
        shots += 1
        const { answer, body, ms, path } = await shoot(endpoint, caller, next)
        const what = `${endpoint.method} ${path.slice(0, 200)} by ${who} with ${String(body).slice(0, 500)} (${repeatedBy(seed)})`
        isFine(answer, ms, what)
        if (answer.status >= 300) continue
        taken += 1
        if (endpoint.method !== "GET") await runsOn(what)
        if (endpoint.method === "DELETE") await mend()
      }
    }
    assert.isAbove(taken, 50, "many of them were taken")
    const failed = logs.filter((line) =>
      /The API failed|does not fit its description|cannot run|TypeError|RangeError/.test(line),
    )
    assert.deepStrictEqual(failed.slice(0, 3), [])
    assert.deepStrictEqual(
      logs.filter((line) => line.includes(kept)).slice(0, 3),
      [],
      "the secret is in no line, redacted or not",
    )
  })
})
