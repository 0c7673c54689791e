/**
 * Every route that the runtime has, and every answer that it gives without one: the headers that browsers need, no copy kept of
 * what is somebody's own, and a limit.
 */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { type Answer, type Server, startServer } from "../support/server.ts"
import { talk } from "../support/sockets.ts"

const token = "operator-token-5f1c9e7a"
const perMinute = 3

interface Route {
  readonly method: string
  readonly path: string
}

let server: Server
let routes: ReadonlyArray<Route>

beforeAll(async () => {
  const logs: Array<string> = []
  server = await startServer({
    logs,
    operatorToken: token,
    http: { host: "127.0.0.1", port: 0, callsPerMinute: perMinute, refusalsPerMinute: perMinute },
  })
  routes = logs.flatMap((line) => {
    const found = /Route (\*|[A-Z]+) (\/[^\s"]*)/.exec(line)
    return found === null ? [] : [{ method: found[1] ?? "", path: found[2] ?? "" }]
  })
})
afterAll(() => server?.close())

let caller = 0
const nextCaller = (): string => `10.${(caller += 1) >> 8}.${caller & 255}.1`

const filled = (path: string): string => path.replace(/:\w+|\*/g, "00000000-0000-4000-8000-000000000000")

const methodOf = ({ method }: Route): string => (method === "*" ? "GET" : method)

const asks = (route: Route, address: string, headers: Readonly<Record<string, string>> = {}) =>
  server.ask(filled(route.path), {
    method: methodOf(route),
    headers: { "x-forwarded-for": address, ...headers },
  })

const nameOf = ({ method, path }: Route): string => `${method} ${path}`

const isSafe = ({ headers }: Pick<Answer, "headers">, what: string) => {
  assert.strictEqual(headers["x-content-type-options"], "nosniff", what)
  assert.strictEqual(headers["x-frame-options"], "DENY", what)
  assert.strictEqual(headers["referrer-policy"], "no-referrer", what)
  assert.match(String(headers["content-security-policy"]), /default-src 'none'/, what)
  assert.notMatch(String(headers["content-security-policy"]), /unsafe-|\*|data:/, what)
  assert.isUndefined(headers["server"], what)
  assert.isUndefined(headers["x-powered-by"], what)
}

describe("every route", () => {
  it("is known", () => {
    const names = routes.map(nameOf)
    assert.isAbove(names.length, 60)
    for (const one of ["GET /healthz", "POST /login", "GET /api/openapi.json", "* /widget/*", "GET /metrics"])
      assert.include(names, one)
  })

  it("carries the headers, for a stranger and for the operator", { timeout: 60_000 }, async () => {
    for (const route of routes.filter(({ path }) => !path.endsWith("/events"))) {
      isSafe(await asks(route, nextCaller()), nameOf(route))
      isSafe(await asks(route, nextCaller(), { authorization: `Bearer ${token}` }), nameOf(route))
    }
  })

  it("is stored by no cache, unless its answer is for everybody", { timeout: 60_000 }, async () => {
    for (const route of routes.filter(({ path }) => !path.endsWith("/events"))) {
      const answer = await asks(route, nextCaller(), { authorization: `Bearer ${token}` })
      const kept = String(answer.headers["cache-control"])
      if (/^\/(?:api|sessions|dead-letters|sources|login|metrics|readyz|healthz)/.test(route.path))
        assert.match(kept, /no-store/, nameOf(route))
      assert.notStrictEqual(kept, "undefined", nameOf(route))
    }
  })

  it("holds strangers back", { timeout: 60_000 }, async () => {
    const free: Array<string> = []
    for (const route of routes) {
      // A stream that is given stays open: its head is enough, and `ask` waits for the end.
      const address = nextCaller()
      const seen: Array<number> = []
      for (let n = 0; n < 12; n++) seen.push((await asks(route, address)).status)
      if (seen.at(-1) !== 429) free.push(`${nameOf(route)}: ${seen.at(-1)}`)
    }
    assert.deepStrictEqual(free, [])
  })
})

describe("answers of no route", () => {
  it.each([
    ["GET", "/nope"],
    ["GET", "/nope/../x"],
    ["POST", "/healthz"],
    ["DELETE", "/login"],
    ["PUT", "/api/openapi.json"],
    ["OPTIONS", "/sessions"],
    ["OPTIONS", "*"],
    ["PATCH", "/metrics"],
    ["GET", "/api/nope"],
    ["GET", "/%zz"],
    ["GET", `/${"a".repeat(5000)}`],
    ["GET", "/hooks/email/x.y"],
    ["GET", "/"],
    ["HEAD", "/"],
    ["HEAD", "/nope"],
  ])("%s %s", async (method, path) => {
    const answer = await server.ask(path, { method, headers: { "x-forwarded-for": nextCaller() } })
    assert.isBelow(answer.status, 500)
    isSafe(answer, `${method} ${path.slice(0, 50)}`)
  })

  it.each([
    ["no HTTP", "\u0016\u0003\u0001\u0002\u0000\r\n\r\n", 400],
    ["another version", "GET / HTTP/9.9\r\n\r\n", 400],
    ["no host", "GET / HTTP/1.1\r\n\r\n", 400],
    [
      "a length and an encoding",
      "POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
      400,
    ],
    [
      "two different lengths",
      "POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
      400,
    ],
    [
      "a chunked encoding in disguise",
      "POST /login HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
      400,
    ],
    ["a broken chunk", "POST /login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n", 400],
    ["a header with a bare line feed", "GET / HTTP/1.1\r\nHost: x\r\nX: a\nGET /x HTTP/1.1\r\n\r\n", 400],
    ["too many bytes of headers", `GET / HTTP/1.1\r\nHost: x\r\nX: ${"a".repeat(70_000)}\r\n\r\n`, 431],
    ["an expectation", "GET / HTTP/1.1\r\nHost: x\r\nExpect: tea\r\n\r\n", 417],
  ] as const)("a request with %s", async (_, bytes, status) => {
    const { text } = await talk(server.port, bytes, { withinMs: 5000 })
    const answers = text.split(/(?=HTTP\/1\.1 \d{3} )/)
    assert.strictEqual(answers.length, 1, "one answer, and none to what is hidden in it")
    const [head = ""] = text.split("\r\n\r\n")
    assert.match(head, new RegExp(`^HTTP/1\\.1 ${status} `))
    const headers = Object.fromEntries(
      head
        .split("\r\n")
        .slice(1)
        .map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 2)]),
    )
    isSafe({ headers }, head)
    assert.strictEqual(headers["connection"], "close")
    assert.match(String(headers["cache-control"]), /no-store/)
  })
})
