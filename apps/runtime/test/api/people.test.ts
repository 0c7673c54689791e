/** Users, keys, the audit log and one's own account, through the API. */
import { OrgId } from "@opencx/core"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { ApiClient } from "../../src/api/client.ts"
import { clientOf, fails, keyFor, make, operatorHeaders, operatorToken } from "../support/api.ts"
import { type Ask, type Server, startServer } from "../support/server.ts"

const box: { server?: Server; operator?: ApiClient } = {}
const server = (): Server => {
  if (box.server === undefined) throw new Error("not started")
  return box.server
}
const operator = (): ApiClient => {
  if (box.operator === undefined) throw new Error("not started")
  return box.operator
}
const run = Effect.runPromise
const north = OrgId.make("north")
const south = OrgId.make("south")
const params = { org: north }
const none = { sessions: [], next: null }

beforeAll(async () => {
  box.server = await startServer({ operatorToken, organizations: [] })
  box.operator = await clientOf(box.server, operatorToken)
  await make(box.operator, "north")
  await make(box.operator, "south")
})
afterAll(() => box.server?.close())

const password = "correct horse battery"
const form = (fields: Readonly<Record<string, string>>): Ask => ({
  method: "POST",
  headers: { "content-type": "application/x-www-form-urlencoded" },
  body: new URLSearchParams(fields).toString(),
})
const tokenOf = (url: string | null): string => new URL(url ?? "").searchParams.get("token") ?? ""

/** Follows an invitation; the cookie of the session that it opens. */
const follow = async (url: string | null): Promise<string> => {
  const answer = await server().ask("/login/link", form({ token: tokenOf(url), password, again: password }))
  assert.strictEqual(answer.status, 303, answer.text)
  return String(answer.headers["set-cookie"] ?? "").split(";")[0] ?? ""
}

const invite = (email: string, role: "owner" | "admin" | "agent" | "viewer", org = north) =>
  run(operator().users.invite({ params: { org }, payload: { email, name: email, role } }))

/** Asks as a browser of ours would. */
const asUser = async (cookie: string, method: string, path: string, body?: unknown) => {
  const headers = { cookie, "sec-fetch-site": "same-origin", "content-type": "application/json" }
  return server().ask(path, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

describe("users", () => {
  it("see the pages of their organization, and are told of those that are not for them, not sent to log in again", async () => {
    const cookie = await follow((await invite("lead@north.example", "agent")).inviteUrl)
    const sessions = await server().ask("/sessions", { headers: { cookie } })
    assert.strictEqual(sessions.status, 200)
    for (const path of ["/dead-letters", "/sources"]) {
      const page = await server().ask(path, { headers: { cookie } })
      assert.strictEqual(page.status, 403)
      assert.match(page.text, /ask an administrator/)
      assert.strictEqual((await server().ask(path)).status, 303)
    }
  })

  it("are invited, choose a password, and have their role in that organization alone", async () => {
    const { inviteUrl, user } = await invite("ana@north.example", "admin")
    assert.deepInclude(user, { email: "ana@north.example", role: "admin", hasPassword: false })
    const cookie = await follow(inviteUrl)
    const me = JSON.parse((await asUser(cookie, "GET", "/api/me")).text)
    assert.deepStrictEqual(Object.keys(me.grants), ["north"])
    assert.strictEqual((await asUser(cookie, "GET", "/api/organizations/north")).status, 200)
    assert.strictEqual((await asUser(cookie, "GET", "/api/organizations/south")).status, 404)
    const again = await fails(
      operator().users.invite({ params, payload: { email: "ANA@north.example", name: "x", role: "viewer" } }),
    )
    assert.deepInclude(again, { _tag: "Exists" })
  })

  it("of another organization get the role and no link: a link would let its holder be them everywhere", async () => {
    const first = await invite("ben@both.example", "owner", south)
    const second = await invite("ben@both.example", "viewer", north)
    assert.isNotNull(first.inviteUrl)
    assert.isNull(second.inviteUrl)
    assert.strictEqual(second.user.id, first.user.id)
  })

  it("of another organization are given a role by the installation alone: whose they are was proven to nobody here", async () => {
    // Somebody makes a user with an address that is not theirs, and waits for the day when others trust it.
    await follow((await invite("ceo@north.example", "admin", south)).inviteUrl)
    const cookie = await follow((await invite("cto@north.example", "owner")).inviteUrl)
    const wish = { email: "CEO@north.example", name: "The boss", role: "owner" }
    const refused = await asUser(cookie, "POST", "/api/organizations/north/users", wish)
    assert.strictEqual(refused.status, 403, refused.text)
    assert.include(refused.text, "another organization")
    assert.strictEqual((await invite("ceo@north.example", "viewer")).user.role, "viewer")
  })

  it("give and take no more than they have", async () => {
    const cookie = await follow((await invite("climber@north.example", "admin")).inviteUrl)
    const { id } = JSON.parse((await asUser(cookie, "GET", "/api/me")).text.replace("userId", "id"))
    const boss = await invite("boss@north.example", "owner")
    const users = "/api/organizations/north/users"
    const tries: ReadonlyArray<readonly [string, string, unknown]> = [
      ["PUT", `${users}/${id}`, { role: "owner" }],
      ["PUT", `${users}/${boss.user.id}`, { role: "viewer" }],
      ["DELETE", `${users}/${boss.user.id}`, undefined],
      ["POST", users, { email: "pal@north.example", name: "Pal", role: "owner" }],
      ["POST", users, { email: "boss@north.example", name: "Boss", role: "viewer" }],
      ["POST", "/api/organizations/north/keys", { name: "k", scopes: ["organization.remove"] }],
    ]
    for (const [method, path, body] of tries) {
      const answer = await asUser(cookie, method, path, body)
      assert.include([403, 409], answer.status, `${method} ${path}`)
    }
    assert.strictEqual((await asUser(cookie, "PUT", `${users}/${id}`, { role: "agent" })).status, 200)
    assert.strictEqual((await asUser(cookie, "GET", users)).status, 403)
  })

  it("lose what was taken at once; the last owner stays", async () => {
    const { inviteUrl, user } = await invite("temp@north.example", "agent")
    const cookie = await follow(inviteUrl)
    assert.strictEqual((await asUser(cookie, "GET", "/api/organizations/north")).status, 200)
    await run(operator().users.remove({ params: { org: north, user: user.id } }))
    assert.strictEqual((await asUser(cookie, "GET", "/api/organizations/north")).status, 404)
    assert.deepInclude(await fails(operator().users.remove({ params: { org: north, user: user.id } })), {
      _tag: "NotFound",
    })
    const [owner] = (await run(operator().users.list({ params: { org: south } }))).filter(
      ({ role }) => role === "owner",
    )
    const gone = operator().users.remove({ params: { org: south, user: owner?.id ?? "" } })
    assert.deepInclude(await fails(gone), { _tag: "LastOwnerStays" })
  })

  it("that are switched off are out everywhere, with the sessions that they have", async () => {
    const { inviteUrl, user } = await run(
      operator().installation.invite({
        payload: { email: "root@acme.example", name: "Root", role: "admin" },
      }),
    )
    const cookie = await follow(inviteUrl)
    assert.strictEqual((await asUser(cookie, "GET", "/api/organizations/south")).status, 200)
    const off = { params: { user: user.id }, payload: { disabled: true } }
    await run(operator().installation.setDisabled(off))
    assert.strictEqual((await asUser(cookie, "GET", "/api/me")).status, 401)
    const login = await server().ask("/login", form({ email: "root@acme.example", password }))
    assert.strictEqual(login.status, 401)
  })
})

describe("oneself", () => {
  it("changes the password by knowing it, and is out everywhere afterwards", async () => {
    const cookie = await follow((await invite("self@north.example", "viewer")).inviteUrl)
    const wish = (current: string, next: string) =>
      asUser(cookie, "POST", "/api/me/password", { current, new: next })
    assert.strictEqual((await wish("wrong wrong wrong", "another password")).status, 403)
    assert.strictEqual((await wish(password, "short")).status, 400)
    assert.strictEqual((await wish(password, "another password")).status, 204)
    assert.strictEqual((await asUser(cookie, "GET", "/api/me")).status, 401)
    const login = (with_: string) =>
      server().ask("/login", form({ email: "self@north.example", password: with_ }))
    assert.strictEqual((await login(password)).status, 401)
    assert.strictEqual((await login("another password")).status, 303)
  })

  it("may send the token of /api/me where a browser says nothing of where a change comes from", async () => {
    const cookie = await follow((await invite("csrf@north.example", "viewer")).inviteUrl)
    const me = JSON.parse((await server().ask("/api/me", { headers: { cookie } })).text)
    const end = (headers: Readonly<Record<string, string>>) =>
      server().ask("/api/me/sessions", { method: "DELETE", headers: { cookie, ...headers } })
    assert.strictEqual((await end({})).status, 403)
    assert.strictEqual((await end({ "x-csrf-token": `${me.csrfToken}x` })).status, 403)
    // A page elsewhere can make a browser send a password of its own making: that proves nothing either.
    assert.strictEqual((await end({ authorization: "Basic eDp5" })).status, 403)
    assert.strictEqual((await end({ "x-csrf-token": me.csrfToken })).status, 204)
    assert.strictEqual((await server().ask("/api/me", { headers: { cookie } })).status, 401)
  })

  it("is no user with a token or key: those have neither password nor sessions", async () => {
    assert.deepInclude(await fails(operator().me.endSessions()), { _tag: "Forbidden" })
    const me = await run(operator().me.read())
    assert.deepInclude(me, { kind: "operator", userId: null, csrfToken: null })
  })
})

describe("keys", () => {
  it.each([1.5, -1, 1e308, 9e15, "1", true])(
    "that end at %j are refused: nobody could read the list with such a one in it",
    async (expiresAt) => {
      const answer = await server().ask("/api/organizations/north/keys", {
        method: "POST",
        headers: { ...operatorHeaders, "content-type": "application/json" },
        body: JSON.stringify({ name: "odd", scopes: ["sessions.read"], expiresAt }),
      })
      assert.strictEqual(answer.status, 400, answer.text)
      assert.isAtLeast((await run(operator().keys.list({ params }))).length, 0)
    },
  )

  it("are shown once, kept as digests, noted when used, and void when revoked or over", async () => {
    const made = await run(
      operator().keys.create({ params, payload: { name: "CI", scopes: ["sessions.read"], expiresAt: null } }),
    )
    assert.match(made.key, /^opencx_key_[\w-]{43}$/)
    const machine = await clientOf(server(), made.key)
    assert.deepStrictEqual(await run(machine.sessions.list({ params, query: {} })), none)
    assert.deepInclude(await fails(machine.keys.list({ params })), { _tag: "Forbidden" })
    const listed = await run(operator().keys.list({ params }))
    const mine = listed.find(({ id }) => id === made.about.id)
    assert.isNumber(mine?.lastUsedAt)
    assert.notInclude(JSON.stringify(listed), made.key)
    await run(operator().keys.revoke({ params: { org: north, key: made.about.id } }))
    assert.deepInclude(await fails(machine.sessions.list({ params, query: {} })), { _tag: "Unauthenticated" })
    const over = { name: "old", scopes: ["sessions.read"] as const, expiresAt: 1 }
    const expired = await clientOf(
      server(),
      (await run(operator().keys.create({ params, payload: over }))).key,
    )
    assert.deepInclude(await fails(expired.sessions.list({ params, query: {} })), { _tag: "Unauthenticated" })
  })

  it("make no keys that can do more than themselves, and none for the installation", async () => {
    const machine = await clientOf(server(), await keyFor(operator(), "north", ["keys.write"]))
    const more = machine.keys.create({ params, payload: { name: "x", scopes: ["sessions.read"] } })
    assert.deepInclude(await fails(more), { _tag: "Forbidden" })
    const all = operator().keys.create({ params, payload: { name: "x", scopes: ["installation.write"] } })
    assert.deepInclude(await fails(all), { _tag: "BadRequest" })
  })
})

describe("the audit log", () => {
  it("says who did what, page by page, of one organization", async () => {
    const org = OrgId.make("logged")
    await make(operator(), "logged")
    const cookie = await follow((await invite("eve@logged.example", "admin", org)).inviteUrl)
    const body = JSON.stringify({ name: "Logged", agentLanguage: "ja" })
    const changed = await server().ask("/api/organizations/logged/settings", {
      method: "PUT",
      headers: {
        cookie,
        "sec-fetch-site": "same-origin",
        "content-type": "application/json",
        "if-match": "1",
      },
      body,
    })
    assert.strictEqual(changed.status, 200, changed.text)
    const first = await run(operator().audit.list({ params: { org }, query: { limit: 1 } }))
    assert.deepInclude(first[0], { actorName: "eve@logged.example", action: "settings.update" })
    const changes = first[0]?.changes ?? []
    assert.include(
      changes.map(({ path, to }) => `${path}=${String(to)}`),
      "agentLanguage=ja",
    )
    const before = first[0]?.position ?? 0
    const rest = await run(operator().audit.list({ params: { org }, query: { before } }))
    assert.deepStrictEqual(
      rest.map(({ action, actor }) => [action, actor]),
      [
        ["user.invite", "operator"],
        ["organization.create", "operator"],
      ],
    )
    const text = JSON.stringify(await run(operator().installation.audit({ query: {} })))
    assert.notInclude(text, password)
  })
})
