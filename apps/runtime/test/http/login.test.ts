/** Users at the door: the first one, passwords, guessing, sessions, and what their cookie may do. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Users } from "@opencx/storage"
import { Effect } from "effect"
import { firstStart } from "../../src/access/firstStart.ts"
import { newLink } from "../../src/access/logIn.ts"
import { type Answer, type Ask, type Server, startServer } from "../support/server.ts"

const form = { "content-type": "application/x-www-form-urlencoded" }
const publicUrl = "https://ai.acme.example"
const password = "correct horse battery ✓"

const box: { server?: Server } = {}
const server = (): Server => {
  if (box.server === undefined) throw new Error("not started")
  return box.server
}
const ask = (path: string, given?: Ask): Promise<Answer> => server().ask(path, given)
const post = (path: string, fields: Readonly<Record<string, string>>, headers: Ask["headers"] = {}) =>
  ask(path, {
    method: "POST",
    headers: { ...form, ...headers },
    body: new URLSearchParams(fields).toString(),
  })
const cookieOf = (answer: Answer): string => String(answer.headers["set-cookie"] ?? "").split(";")[0] ?? ""
const tokenOf = (link: string | null): string => new URL(link ?? "").searchParams.get("token") ?? ""

const ana = { email: "ana@acme.example", password }
const again = { again: password }

beforeAll(async () => {
  box.server = await startServer({ publicUrl, operatorToken: "operator-token-5f1c9e7a" })
})
afterAll(() => box.server?.close())

describe("the first administrator", () => {
  it("is made by the newest link, once, and with a password worth the name", async () => {
    const old = tokenOf(await server().within(firstStart))
    const token = tokenOf(await server().within(firstStart))
    assert.strictEqual((await post("/login/link", { ...ana, ...again, token: old })).status, 410)
    const short = await post("/login/link", { ...ana, token, password: "123456789", again: "123456789" })
    assert.deepStrictEqual([short.status, short.text.includes("10 to 500")], [400, true])
    const differ = await post("/login/link", { ...ana, token, name: 'Ana "A" <b>', again: "another one" })
    assert.strictEqual(differ.status, 400)
    // What was typed is not asked again; passwords are.
    assert.include(differ.text, 'value="ana@acme.example"')
    assert.include(differ.text, 'value="Ana &quot;A&quot; &lt;b&gt;"')
    assert.notInclude(differ.text, password)
    assert.strictEqual((await post("/login/link", { ...ana, ...again, token, email: "ana" })).status, 400)
    assert.include((await ask(`/login/link?token=${token}`)).text, 'name="email"')
    const made = await post("/login/link", { ...ana, ...again, token })
    assert.strictEqual(made.status, 303)
    assert.strictEqual((await ask("/sessions", { headers: { cookie: cookieOf(made) } })).status, 200)
    assert.strictEqual((await post("/login/link", { ...ana, ...again, token })).status, 410)
    const used = await ask(`/login/link?token=${token}`)
    assert.strictEqual(used.status, 410)
    assert.include(used.text, 'href="/login"')
    assert.isNull(await server().within(firstStart))
  })

  it("is one, though a link was made before and is used after", async () => {
    const late = await server().within(newLink("setup", ""))
    const second = await post("/login/link", { ...ana, ...again, email: "eve@acme.example", token: late })
    assert.strictEqual(second.status, 410)
  })

  it("is there from the start where the configuration names them", async () => {
    const other = await startServer({ firstAdmin: ana })
    try {
      assert.isNull(await other.within(firstStart))
      assert.isNull(await other.within(firstStart))
      const body = new URLSearchParams(ana).toString()
      assert.strictEqual((await other.ask("/login", { method: "POST", headers: form, body })).status, 303)
      // With a user the machine alone is not let in any more.
      assert.strictEqual((await other.ask("/api/me")).status, 401)
    } finally {
      await other.close()
    }
  })
})

describe("a password", () => {
  it("opens a session by a cookie for our pages alone; logging out ends it here, not only in the browser", async () => {
    const answer = await post("/login", { ...ana, email: "ANA@acme.example", next: "/dead-letters" })
    assert.deepStrictEqual([answer.status, answer.headers["location"]], [303, "/dead-letters"])
    const flags = String(answer.headers["set-cookie"])
    for (const flag of [/; HttpOnly/i, /; SameSite=Lax/i, /; Secure/i, /; Path=\//i])
      assert.match(flags, flag)
    const cookie = cookieOf(answer)
    assert.strictEqual((await ask("/api/me", { headers: { cookie } })).status, 200)
    assert.strictEqual((await post("/login/out", {}, { cookie, "sec-fetch-site": "cross-site" })).status, 403)
    assert.strictEqual((await ask("/api/me", { headers: { cookie } })).status, 200)
    assert.strictEqual(
      (await post("/login/out", {}, { cookie, "sec-fetch-site": "same-origin" })).status,
      303,
    )
    assert.strictEqual((await ask("/api/me", { headers: { cookie } })).status, 401)
  })

  it("is wrong in one way for all: no such user, no password, another password", async () => {
    const users = await server().within(Users)
    const audit = { orgId: "*", actor: "x", actorName: "x", action: "x", target: "x", changes: [] }
    const input = { email: "bare@acme.example", name: "B", password: null, memberships: [] }
    await Effect.runPromise(users.create(input, audit))
    const said = new Set<string>()
    for (const email of ["nobody@acme.example", "bare@acme.example", ana.email]) {
      const answer = await post("/login", { email, password: "wrong wrong wrong" })
      assert.strictEqual(answer.status, 401)
      assert.notProperty(answer.headers, "set-cookie")
      said.add(answer.text)
    }
    assert.strictEqual(said.size, 1)
  })

  it("cannot be guessed: of forty tries at once few are looked at, and the right one then waits, too", async () => {
    const victim = "victim@acme.example"
    const from = { "x-forwarded-for": "203.0.113.7" }
    const tries = await Promise.all(
      Array.from({ length: 40 }, (_, n) => post("/login", { email: victim, password: `guess ${n}` }, from)),
    )
    assert.isAtMost(tries.filter(({ status }) => status === 401).length, 8)
    const locked = await post("/login", { email: victim, password }, from)
    assert.strictEqual(locked.status, 429)
    assert.isAbove(Number(locked.headers["retry-after"]), 0)
    // Others, and the same person from elsewhere, still get in.
    assert.strictEqual((await post("/login", { email: victim, password }, {})).status, 401)
    assert.strictEqual((await post("/login", { ...ana })).status, 303)
  })

  it("a login that another site sends is none", async () => {
    assert.strictEqual((await post("/login", ana, { origin: "https://evil.example" })).status, 403)
  })
})
