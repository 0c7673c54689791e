/** Cookies under https: from our own host alone, so that a neighbour under the same domain cannot put one there. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { firstStart } from "../../src/access/firstStart.ts"
import { type Answer, type Server, startServer } from "../support/server.ts"

const operatorToken = "operator-token-5f1c9e7a"
const owner = { email: "root@acme.example", password: "a long password" }
const publicUrl = "https://ai.acme.example"

let server: Server
beforeAll(async () => {
  server = await startServer({ operatorToken, publicUrl, firstAdmin: owner })
  await server.within(firstStart)
})
afterAll(() => server?.close())

const logIn = (fields: Readonly<Record<string, string>>) =>
  server.ask("/login", {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", origin: publicUrl },
    body: new URLSearchParams(fields).toString(),
  })

const cookieOf = (answer: Answer): string => [answer.headers["set-cookie"] ?? []].flat()[0] ?? ""

describe("a cookie under https", () => {
  it.each([
    ["of the operator", { token: operatorToken }],
    ["of a user", owner],
  ])("%s carries the prefix and all that goes with it, and is a login", async (_, fields) => {
    const answer = await logIn(fields)
    assert.strictEqual(answer.status, 303)
    const cookie = cookieOf(answer)
    assert.match(cookie, /^__Host-opencx_(?:operator|session)=/)
    for (const flag of ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"]) assert.include(cookie, flag)
    assert.notMatch(cookie, /Domain/i)
    const [pair = ""] = cookie.split(";")
    assert.strictEqual((await server.ask("/sessions", { headers: { cookie: pair } })).status, 200)
    // As a neighbour could set it, for all hosts of the domain.
    const tossed = pair.replace("__Host-", "")
    assert.strictEqual((await server.ask("/sessions", { headers: { cookie: tossed } })).status, 303)
  })

  it("is a new one at each login: one that was there before is never taken over", async () => {
    const planted = "__Host-opencx_session=planted-by-somebody-0000000000000000000000000000"
    const first = cookieOf(await logIn(owner))
    const second = cookieOf(await logIn(owner))
    assert.notStrictEqual(first.split(";")[0], second.split(";")[0])
    assert.notInclude(first, "planted")
    assert.strictEqual((await server.ask("/sessions", { headers: { cookie: planted } })).status, 303)
  })

  it("goes at logout", async () => {
    const [pair = ""] = cookieOf(await logIn(owner)).split(";")
    const out = await server.ask("/login/out", {
      method: "POST",
      headers: { cookie: pair, origin: publicUrl },
    })
    assert.match(String(out.headers["set-cookie"]), /__Host-opencx_session=;.*Max-Age=0/)
    assert.strictEqual((await server.ask("/sessions", { headers: { cookie: pair } })).status, 303)
  })
})

describe("links and redirects", () => {
  it.each(["evil.example", "evil.example:443", "ai.acme.example.evil.example", "127.0.0.1\t.evil.example"])(
    "never name the host that a request made up (%s)",
    async (host) => {
      const clean = host.replace("\t", "")
      for (const path of ["/", "/sessions", "/login?next=//evil.example", "/dead-letters"]) {
        const answer = await server.ask(path, {
          headers: {
            host: clean,
            "x-forwarded-host": clean,
            "x-forwarded-proto": "http",
            forwarded: `host=${clean}`,
          },
        })
        assert.notInclude(JSON.stringify(answer), clean, path)
      }
      const invited = await server.ask("/api/installation/users", {
        method: "POST",
        headers: {
          host: clean,
          "x-forwarded-host": clean,
          authorization: `Bearer ${operatorToken}`,
          "content-type": "application/json",
        },
        body: JSON.stringify({ email: `u${clean.length}@acme.example`, name: "U", role: "viewer" }),
      })
      assert.strictEqual(invited.status, 201, invited.text)
      assert.include(invited.text, `${publicUrl}/login/link?token=`)
      assert.notInclude(invited.text, clean)
    },
  )
})
