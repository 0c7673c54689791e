import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Schema } from "effect"
import { overHttp, recording } from "./fake/http.ts"
import { TestClock } from "effect/testing"
import { makeBreaker } from "../src/client/Breaker.ts"
import { reasonOf } from "../src/client/Reasons.ts"
import { type ClientLimits, makeZendeskClient } from "../src/index.ts"
import { type Reply, routes, scripted } from "./fake/ScriptedServer.ts"
import { connectionTo } from "./fake/zendesk.ts"

const Anything = Schema.Struct({ ok: Schema.Boolean })
const subject = { what: "ticket 1" }

const failing = (reply: Reply, method: "GET" | "POST" = "GET", limits: Partial<ClientLimits> = {}) =>
  Effect.gen(function* () {
    const server = yield* scripted(() => reply)
    const client = yield* makeZendeskClient(connectionTo(server.url), limits)
    const call = method === "GET" ? { method, path: "/api/v2/x" } : { method, path: "/api/v2/x", json: "{}" }
    const failure = yield* Effect.flip(client.json(Anything, call))
    return { failure, reason: reasonOf(failure, subject), server, client }
  }).pipe(overHttp)

describe("reasons", () => {
  const cases: ReadonlyArray<readonly [string, Reply, "GET" | "POST", string]> = [
    ["401", { status: 401, json: { error: "Couldn't authenticate you" } }, "GET", "CredentialsRejected"],
    [
      "403 on POST",
      { status: 403, json: { error: { title: "Forbidden", message: "m" } } },
      "POST",
      "PermissionDenied",
    ],
    ["404", { status: 404, json: { error: "RecordNotFound" } }, "GET", "NotFound"],
    [
      "404 HTML (wrong subdomain)",
      { status: 404, text: "<html>No help desk</html>" },
      "GET",
      "CredentialsRejected",
    ],
    ["409", { status: 409, json: {} }, "POST", "Conflict"],
    [
      "422",
      { status: 422, json: { error: "RecordInvalid", details: { base: [{ description: "d" }] } } },
      "POST",
      "Invalid",
    ],
    [
      "422 closed",
      { status: 422, json: { details: { status: [{ description: "closed prevents ticket update" }] } } },
      "POST",
      "Closed",
    ],
    [
      "429 JSON",
      { status: 429, headers: { "retry-after": "7" }, json: { error: "APIRateLimitExceeded" } },
      "POST",
      "RateLimited",
    ],
    [
      "429 text",
      {
        status: 429,
        headers: { "retry-after": "7" },
        text: "Number of allowed API requests per minute exceeded",
      },
      "GET",
      "RateLimited",
    ],
    [
      "503 with Retry-After on POST",
      { status: 503, headers: { "retry-after": "3" }, text: "" },
      "POST",
      "Unavailable",
    ],
    ["503 without Retry-After on POST", { status: 503, text: "" }, "POST", "Ambiguous"],
    ["500 HTML on GET", { status: 500, text: "<html>boom</html>" }, "GET", "Unavailable"],
    ["500 HTML on POST", { status: 500, text: "<html>boom</html>" }, "POST", "Ambiguous"],
    ["504 on POST", { status: 504, text: "" }, "POST", "Ambiguous"],
    ["reset on GET", "reset", "GET", "Unavailable"],
    ["reset on POST", "reset", "POST", "Ambiguous"],
    ["half an answer on GET", "cut", "GET", "Unavailable"],
    ["half an answer on POST", "cut", "POST", "Ambiguous"],
    ["unreadable JSON on GET", { text: "<html>" }, "GET", "Unavailable"],
    ["unreadable JSON on POST", { text: "{}" }, "POST", "Ambiguous"],
    [
      "redirect on POST",
      { status: 302, headers: { location: "https://evil.example/" }, text: "" },
      "POST",
      "Invalid",
    ],
  ]
  for (const [name, reply, method, expected] of cases) {
    it.live(`${name} → ${expected}`, () =>
      Effect.gen(function* () {
        const { reason, server } = yield* failing(reply, method)
        assert.strictEqual(reason._tag, expected)
        if (method === "POST") assert.strictEqual(server.seen.length, 1, "writes are never repeated")
      }),
    )
  }

  it.live("passes Retry-After on in milliseconds", () =>
    Effect.gen(function* () {
      const limited = yield* failing({ status: 429, headers: { "retry-after": "7" }, text: "slow" })
      assert.deepInclude(limited.reason, { _tag: "RateLimited", retryAfterMs: 7_000 })
      const down = yield* failing({ status: 503, headers: { "retry-after": "3" }, text: "" })
      assert.deepInclude(down.reason, { _tag: "Unavailable", retryAfterMs: 3_000 })
    }),
  )

  it.live("nothing was sent when the connection was refused, also for writes", () =>
    Effect.gen(function* () {
      const gone = yield* Effect.scoped(scripted(() => "reset"))
      const client = yield* makeZendeskClient(connectionTo(gone.url))
      const failure = yield* Effect.flip(
        client.request({ method: "POST", path: "/api/v2/tickets", json: "{}" }),
      )
      assert.isTrue(failure.neverSent)
      assert.strictEqual(reasonOf(failure, subject)._tag, "Unavailable")
    }).pipe(overHttp),
  )

  it.live("suspended requester: a hint that says what to do", () =>
    Effect.gen(function* () {
      const { reason } = yield* failing(
        {
          status: 422,
          json: {
            error: "RecordInvalid",
            details: { requester: [{ description: "Requester: X is suspended.", error: "UserSuspended" }] },
          },
        },
        "POST",
      )
      assert.isTrue(reason._tag === "Invalid" && /Unsuspend/.test(reason.hint))
      assert.isFalse(reason.isRetryable)
    }),
  )
})

describe("client", () => {
  it.effect("gives up after 10 s without an answer; a write is then doubtful, a read is not", () =>
    Effect.gen(function* () {
      for (const [method, expected] of [
        ["GET", "Unavailable"],
        ["POST", "Ambiguous"],
      ] as const) {
        let arrived: () => void = () => {}
        const waiting = new Promise<void>((resolve) => {
          arrived = resolve
        })
        const server = yield* scripted(() => {
          arrived()
          return "hang"
        })
        const client = yield* makeZendeskClient(connectionTo(server.url))
        const fiber = yield* Effect.forkChild(Effect.flip(client.request({ method, path: "/api/v2/x" })))
        yield* Effect.promise(() => waiting)
        yield* TestClock.adjust("10 seconds")
        const failure = yield* Fiber.join(fiber)
        assert.strictEqual(failure.kind, "timeout")
        assert.strictEqual(reasonOf(failure, subject)._tag, expected)
        assert.strictEqual(server.seen.length, 1)
      }
    }).pipe(overHttp),
  )

  it.live("reads again once when a connection broke", () =>
    Effect.gen(function* () {
      const server = yield* scripted(
        routes({ "GET /api/v2/x": (_, nth) => (nth === 1 ? "reset" : { json: { ok: true } }) }),
      )
      const client = yield* makeZendeskClient(connectionTo(server.url))
      assert.deepStrictEqual(yield* client.json(Anything, { method: "GET", path: "/api/v2/x" }), { ok: true })
      assert.strictEqual(server.seen.length, 2)
    }).pipe(overHttp),
  )

  it.live("does not read more than the cap", () =>
    Effect.gen(function* () {
      const big = yield* failing({ text: `{"ok":true,"pad":"${"x".repeat(50_000)}"}` }, "GET", {
        maxJsonBytes: 10_000,
      })
      assert.strictEqual(big.failure.kind, "too_large")
    }),
  )

  it.live("never takes credentials to another host", () =>
    Effect.gen(function* () {
      const stranger = yield* scripted(() => ({ json: { ok: true } }))
      for (const status of [301, 302, 303, 307, 308]) {
        const server = yield* scripted(() => ({
          status,
          headers: { location: `${stranger.url}/steal` },
          text: "",
        }))
        const client = yield* makeZendeskClient(connectionTo(server.url))
        const failure = yield* Effect.flip(client.json(Anything, { method: "GET", path: "/api/v2/x" }))
        assert.strictEqual(failure.kind, "redirect")
      }
      assert.strictEqual(stranger.seen.length, 0)
    }).pipe(overHttp),
  )

  it.live("sends API tokens as Basic, and warns about their end", () => {
    const lines: Array<string> = []
    return Effect.gen(function* () {
      const server = yield* scripted(() => ({ json: { ok: true } }))
      const client = yield* makeZendeskClient(connectionTo(server.url))
      yield* client.request({ method: "GET", path: "/api/v2/x" })
      const header = server.seen[0]?.headers.authorization ?? ""
      assert.strictEqual(
        Buffer.from(header.slice(6), "base64").toString(),
        "admin@acme.test/token:tok-secret-1",
      )
      assert.isUndefined(server.seen[0]?.headers["traceparent"])
      assert.isTrue(
        lines.some(
          (line) => line.startsWith("Warn") && line.includes("2027-04-30") && line.includes("2026-10-27"),
        ),
      )
      assert.isFalse(lines.some((line) => line.includes("tok-secret-1")))
    }).pipe(Effect.provide(recording(lines)))
  })
})

describe("circuit breaker", () => {
  it.effect("opens after five outages, answers at once, lets one probe through, closes on success", () =>
    Effect.gen(function* () {
      let healthy = false
      const server = yield* scripted(() =>
        healthy ? { json: { ok: true } } : { status: 500, text: "<html>" },
      )
      const client = yield* makeZendeskClient(connectionTo(server.url))
      const call = client.json(Anything, { method: "GET", path: "/api/v2/x" })
      for (let i = 0; i < 5; i++) yield* Effect.flip(call)
      const open = yield* Effect.flip(call)
      assert.strictEqual(open.kind, "breaker_open")
      assert.deepInclude(reasonOf(open, subject), { _tag: "Unavailable", retryAfterMs: 30_000 })
      assert.strictEqual(server.seen.length, 5)
      assert.strictEqual((yield* client.health).breaker.state, "open")
      yield* TestClock.adjust("30 seconds")
      assert.strictEqual((yield* client.health).breaker.state, "half_open")
      yield* Effect.flip(call)
      assert.strictEqual((yield* Effect.flip(call)).kind, "breaker_open")
      assert.strictEqual(server.seen.length, 6)
      healthy = true
      yield* TestClock.adjust("30 seconds")
      yield* call
      assert.strictEqual((yield* client.health).breaker.state, "closed")
    }).pipe(overHttp),
  )

  it.effect("one probe at a time; a probe that is given up leaves room for the next", () =>
    Effect.gen(function* () {
      const breaker = makeBreaker(2, 1_000)
      for (let i = 0; i < 2; i++) {
        assert.isNull(yield* breaker.enter)
        yield* breaker.settle("outage")
      }
      assert.strictEqual(yield* breaker.enter, 1_000)
      yield* TestClock.adjust("1 second")
      assert.isNull(yield* breaker.enter)
      assert.isNotNull(yield* breaker.enter)
      yield* breaker.settle("abandoned")
      assert.isNull(yield* breaker.enter)
    }),
  )

  it.live("refusals are not outages", () =>
    Effect.gen(function* () {
      const server = yield* scripted(() => ({ status: 404, json: { error: "RecordNotFound" } }))
      const client = yield* makeZendeskClient(connectionTo(server.url))
      for (let i = 0; i < 8; i++) yield* Effect.flip(client.request({ method: "GET", path: "/api/v2/x" }))
      assert.strictEqual(server.seen.length, 8)
    }).pipe(overHttp),
  )
})
