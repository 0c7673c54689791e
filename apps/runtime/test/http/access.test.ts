/** Who sees what operators see, on a real port. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { type Answer, type Ask, type Server, startServer } from "../support/server.ts"

const token = "operator-token-5f1c9e7a"
const form = { "content-type": "application/x-www-form-urlencoded" }
const uuid = "00000000-0000-4000-8000-000000000000"

const pages = ["/sessions", `/sessions/acme/${uuid}`, "/dead-letters", "/sources"]
const api = [
  "/api/organizations/acme/sessions",
  `/api/organizations/acme/sessions/${uuid}`,
  "/api/organizations/acme/dead-letters",
  "/api/organizations/acme/sources",
  "/api/organizations/acme/sources/events",
]

const serverWith = (config: Parameters<typeof startServer>[0]) => {
  const box: { server?: Server } = {}
  beforeAll(async () => {
    box.server = await startServer(config)
  })
  afterAll(() => box.server?.close())
  return (path: string, ask?: Ask): Promise<Answer> => {
    if (box.server === undefined) throw new Error("not started")
    return box.server.ask(path, ask)
  }
}

const isClosed = async (ask: (path: string, ask?: Ask) => Promise<Answer>, headers: Ask["headers"] = {}) => {
  for (const path of pages) {
    const answer = await ask(path, { headers })
    assert.strictEqual(answer.status, 303, path)
    assert.strictEqual(answer.headers["location"], `/login?next=${encodeURIComponent(path)}`)
  }
  for (const path of api) assert.strictEqual((await ask(path, { headers })).status, 401, path)
  assert.strictEqual((await ask("/metrics", { headers })).status, 401)
  const acts = [
    `/dead-letters/acme/${uuid}/replay`,
    `/dead-letters/acme/${uuid}/discard`,
    "/sources/acme/files/sync",
  ]
  for (const path of acts) {
    assert.strictEqual((await ask(path, { method: "POST", headers })).status, 403, path)
  }
}

const isOpen = async (ask: (path: string, ask?: Ask) => Promise<Answer>, headers: Ask["headers"] = {}) => {
  assert.strictEqual((await ask("/sessions", { headers })).status, 200)
  const sessions = "/api/organizations/acme/sessions"
  assert.deepStrictEqual(JSON.parse((await ask(sessions, { headers })).text), { sessions: [], next: null })
  assert.strictEqual((await ask(`${sessions}/${uuid}`, { headers })).status, 404)
  assert.strictEqual((await ask(`${sessions}/x`, { headers })).status, 400)
  assert.match((await ask("/metrics", { headers })).text, /^opencx_work_dead(?:\{[^}]*\})? 0$/m)
  assert.strictEqual(
    (await ask(`/dead-letters/acme/${uuid}/replay`, { method: "POST", headers })).status,
    404,
  )
}

describe("without a token, on loopback", () => {
  const ask = serverWith({})

  it("this machine sees everything", () => isOpen(ask))

  it.each(["localhost", "LOCALHOST:3000", "127.0.0.1:99", "[::1]:3000", "[::1]"])("as %s too", (host) =>
    isOpen(ask, { host }),
  )

  it.each(["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80", "0.0.0.0", "127.0.0.2"])(
    "a page that had its name pointed here (%s) sees nothing",
    (host) => isClosed(ask, { host }),
  )

  it.each(["x-forwarded-for", "x-forwarded-host", "x-real-ip", "forwarded"])(
    "what a proxy passes on with %s sees nothing",
    (name) => isClosed(ask, { [name]: "127.0.0.1" }),
  )

  it("there is nothing to log in with", async () => {
    const answer = await ask("/login", { method: "POST", headers: form, body: "token=" })
    assert.strictEqual(answer.status, 401)
    assert.notProperty(answer.headers, "set-cookie")
    assert.include(answer.text, "OPENCX_OPERATOR_TOKEN")
  })
})

describe("without a token, on all addresses", () => {
  const ask = serverWith({ host: "0.0.0.0" })
  it("nobody sees anything, this machine neither", () => isClosed(ask))
  it("health and readiness still answer", async () => {
    assert.deepStrictEqual(JSON.parse((await ask("/healthz")).text), { ok: true })
    assert.strictEqual((await ask("/readyz")).status, 200)
  })
})

describe("with a token", () => {
  const ask = serverWith({ operatorToken: token, publicUrl: "https://ai.acme.example" })
  const login = (fields: Readonly<Record<string, string>>) =>
    ask("/login", { method: "POST", headers: form, body: new URLSearchParams(fields).toString() })

  it("loopback alone is not enough", () => isClosed(ask))

  it.each([`Bearer ${token}`, `bearer ${token}`])("%s opens everything", (authorization) =>
    isOpen(ask, { authorization }),
  )

  it.each([
    { authorization: `Bearer ${token}x` },
    { authorization: `Bearer ${token.slice(0, -1)}` },
    { authorization: "Bearer " },
    { authorization: token },
    { cookie: `opencx_operator=${token}` },
    { cookie: "opencx_operator=" },
    { cookie: `other=${token}` },
  ])("%j opens nothing", (headers) => isClosed(ask, headers))

  it("a login gives a cookie that scripts cannot read and other sites cannot send, without the token in it", async () => {
    const answer = await login({ token, next: "/dead-letters" })
    assert.strictEqual(answer.status, 303)
    assert.strictEqual(answer.headers["location"], "/dead-letters")
    const [cookie = ""] = [answer.headers["set-cookie"] ?? []].flat()
    for (const flag of [/; HttpOnly/i, /; SameSite=Lax/i, /; Secure/i, /; Path=\//i, /; Max-Age=43200/i]) {
      assert.match(cookie, flag)
    }
    assert.notInclude(cookie, token)
    await isOpen(ask, { cookie: cookie.split(";")[0] ?? "" })
  })

  it("a wrong token is told, and gives no cookie", async () => {
    const answer = await login({ token: `${token}x`, next: "/sessions" })
    assert.strictEqual(answer.status, 401)
    assert.include(answer.text, "not the operator token")
    assert.notProperty(answer.headers, "set-cookie")
    assert.strictEqual((await login({})).status, 401)
  })

  const elsewhere = [
    "//evil.example",
    "/\\evil.example",
    "https://evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "javascript:alert(1)",
    "evil.example",
    "",
    "/sessions\r\nset-cookie: x=1",
    "/größe",
  ]
  it.each(elsewhere)("after the login %j leads nowhere else", async (next) => {
    assert.strictEqual((await login({ token, next })).headers["location"], "/sessions")
    const shown = await ask(`/login?next=${encodeURIComponent(next)}`)
    assert.include(shown.text, 'name="next" value="/sessions"')
  })

  it("the way back keeps its query, as text", async () => {
    const answer = await ask("/sessions?a=%22%3E%3Cscript%3E")
    assert.strictEqual(
      answer.headers["location"],
      `/login?next=${encodeURIComponent("/sessions?a=%22%3E%3Cscript%3E")}`,
    )
  })

  it("a form of 20 kB is no login", async () => {
    const answer = await login({ token, next: `/${"a".repeat(20_000)}` })
    assert.strictEqual(answer.status, 413)
  })

  it("with the cookie, changes come from our own pages only", async () => {
    const [cookie = ""] = [(await login({ token })).headers["set-cookie"] ?? []].flat()
    const replay = (headers: Readonly<Record<string, string>>) =>
      ask(`/dead-letters/acme/${uuid}/replay`, {
        method: "POST",
        headers: { cookie: cookie.split(";")[0] ?? "", ...headers },
      })
    for (const allowed of [{ "sec-fetch-site": "same-origin" }, { origin: "https://ai.acme.example" }, {}]) {
      assert.strictEqual((await replay(allowed)).status, 404)
    }
    for (const refused of [
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site", origin: "https://ai.acme.example" },
      { origin: "https://evil.example" },
      { origin: "null" },
    ]) {
      assert.strictEqual((await replay(refused)).status, 403)
    }
  })
})

describe("over plain HTTP", () => {
  const ask = serverWith({ operatorToken: token })
  it("the cookie is not marked Secure, or it would never come back", async () => {
    const answer = await ask("/login", { method: "POST", headers: form, body: `token=${token}` })
    assert.notMatch(String(answer.headers["set-cookie"]), /Secure/i)
  })
})
