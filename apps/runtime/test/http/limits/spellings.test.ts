/** One route, many spellings: a path that reaches a route falls under that route's limit, however it is written. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { classOf } from "../../../src/http/limits/classes.ts"
import { type Server, startServer } from "../../support/server.ts"

let server: Server
beforeAll(async () => {
  server = await startServer({
    operatorToken: "operator-token-5f1c9e7a",
    http: { host: "127.0.0.1", port: 0, callsPerMinute: 1000, refusalsPerMinute: 15 },
  })
})
afterAll(() => server?.close())

let caller = 0
const nextCaller = (): string => `198.51.100.${(caller += 1)}`

const guess = (path: string, address: string) =>
  server.ask(path, {
    method: "POST",
    headers: { "x-forwarded-for": address, "content-type": "application/x-www-form-urlencoded" },
    body: "token=wrong-wrong-wrong-wrong",
  })

describe("guessing the operator token", () => {
  it.each([
    "/login",
    "/LOGIN",
    "/Login",
    "/%6cogin",
    "/%6C%6F%67%69%6E",
    "/%4cOGIN",
    "//login",
    "///%6cogin",
    "/login/",
    "/login;x=1",
    "/login?x",
    "/login#x",
    "/login%3Fx",
    "http://127.0.0.1/login",
    "http://127.0.0.1//LOGIN",
    "HTTP://127.0.0.1/login",
    "/./login",
    "/x/../login",
  ])("at %s is stopped after ten tries, or is no guess at all", async (path) => {
    const address = nextCaller()
    const seen: Array<number> = []
    for (let n = 0; n < 12; n++) seen.push((await guess(path, address)).status)
    if (seen.includes(401)) assert.deepStrictEqual(seen.slice(10), [429, 429])
    else assert.deepStrictEqual([...new Set(seen)], [404])
  })
})

describe("what needs a proof", () => {
  it.each([
    "/FILES/x.y/name",
    "/%66iles/x.y/name",
    "/Hooks/email/x.y",
    "/%48ooks/email/x.y",
    "/API/sessions",
    "/Metrics",
  ])("%s: refusals count as such", async (path) => {
    const address = nextCaller()
    const method = /ooks/.test(path) ? "POST" : "GET"
    const seen: Array<number> = []
    for (let n = 0; n < 17; n++)
      seen.push((await server.ask(path, { method, headers: { "x-forwarded-for": address } })).status)
    assert.strictEqual(seen.at(-1), 429, path)
  })
})

it("a path that cannot be decoded has a class, too", () => {
  for (const path of ["/%", "/%zz/login", "/%ff", "/%c3%28", "", "*", "/\u0000"])
    assert.strictEqual(classOf("POST", path), "open", path)
  assert.strictEqual(classOf("POST", "/%6c%6fgin"), "login")
})
