import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { overHttp } from "./fake/http.ts"
import { TestClock } from "effect/testing"
import { reasonOf } from "../src/client/Reasons.ts"
import { makeZendeskClient } from "../src/index.ts"
import { routes, scripted } from "./fake/ScriptedServer.ts"
import { bodyJson, oauthTo } from "./fake/zendesk.ts"

const get = { method: "GET", path: "/api/v2/x" } as const

/** Hands out `token-1`, `token-2`…; the resource accepts what `accepts` says. */
const withTokens = (accepts: (token: string) => boolean, expiresIn = 1_800) => {
  let issued = 0
  return routes({
    "POST /oauth/tokens": () => {
      issued += 1
      return { json: { access_token: `token-${issued}`, token_type: "bearer", expires_in: expiresIn } }
    },
    "GET /api/v2/x": (seen) =>
      accepts((seen.headers.authorization ?? "").replace("Bearer ", ""))
        ? { json: { ok: true } }
        : { status: 401, json: { error: "Couldn't authenticate you" } },
  })
}

describe("OAuth client credentials", () => {
  it.live("asks for a token with an explicit lifetime and uses it", () =>
    Effect.gen(function* () {
      const server = yield* scripted(withTokens(() => true))
      const client = yield* makeZendeskClient(oauthTo(server.url))
      yield* client.request(get)
      yield* client.request(get)
      const asked = server.to("POST /oauth/tokens")
      assert.strictEqual(asked.length, 1)
      assert.deepStrictEqual(bodyJson(asked[0]), {
        grant_type: "client_credentials",
        client_id: "acme_connector",
        client_secret: "s3cret-value",
        scope: "read write",
        expires_in: 1_800,
      })
      assert.isUndefined(asked[0]?.headers.authorization)
      assert.strictEqual(server.to("GET /api/v2/x")[1]?.headers.authorization, "Bearer token-1")
    }).pipe(overHttp),
  )

  it.live("twenty calls at once share one token request", () =>
    Effect.gen(function* () {
      const server = yield* scripted(withTokens(() => true))
      const client = yield* makeZendeskClient(oauthTo(server.url))
      yield* Effect.all(
        Array.from({ length: 20 }, () => client.request(get)),
        { concurrency: "unbounded" },
      )
      assert.strictEqual(server.to("POST /oauth/tokens").length, 1)
      assert.strictEqual(server.to("GET /api/v2/x").length, 20)
    }).pipe(overHttp),
  )

  it.live("a token that is revoked in mid-run is replaced once for twenty concurrent calls", () =>
    Effect.gen(function* () {
      const server = yield* scripted(withTokens((token) => token !== "token-1"))
      const client = yield* makeZendeskClient(oauthTo(server.url))
      yield* Effect.all(
        Array.from({ length: 20 }, () => client.request(get)),
        { concurrency: "unbounded" },
      )
      assert.strictEqual(server.to("POST /oauth/tokens").length, 2)
      assert.strictEqual((yield* client.health).tokensFetched, 2)
    }).pipe(overHttp),
  )

  it.live("a refusal that comes late does not throw the new token away", () =>
    Effect.gen(function* () {
      let release: () => void = () => {}
      const held = new Promise<void>((resolve) => {
        release = resolve
      })
      let arrivals = 0
      let both: () => void = () => {}
      const bothArrived = new Promise<void>((resolve) => {
        both = resolve
      })
      const tokens = withTokens((token) => token !== "token-1")
      const server = yield* scripted(async (seen) => {
        if (seen.path === "/api/v2/x" && seen.headers.authorization === "Bearer token-1") {
          arrivals += 1
          const mine = arrivals
          if (mine === 2) both()
          await bothArrived
          if (mine === 2) await held
        }
        return tokens(seen)
      })
      const client = yield* makeZendeskClient(oauthTo(server.url))
      const done = Effect.tap(client.request(get), () => Effect.sync(() => release()))
      yield* Effect.all([done, done], { concurrency: 2 })
      assert.strictEqual(server.to("POST /oauth/tokens").length, 2)
    }).pipe(overHttp),
  )

  it.effect("renews 60 seconds before the end", () =>
    Effect.gen(function* () {
      const server = yield* scripted(withTokens(() => true))
      const client = yield* makeZendeskClient(oauthTo(server.url))
      yield* client.request(get)
      yield* TestClock.adjust("28 minutes")
      yield* client.request(get)
      assert.strictEqual(server.to("POST /oauth/tokens").length, 1)
      yield* TestClock.adjust("1 minute")
      yield* Effect.all(
        Array.from({ length: 20 }, () => client.request(get)),
        { concurrency: "unbounded" },
      )
      assert.strictEqual(server.to("POST /oauth/tokens").length, 2)
      assert.strictEqual(server.seen.at(-1)?.headers.authorization, "Bearer token-2")
    }).pipe(overHttp),
  )

  it.live("gives up after one refresh, with a hint", () =>
    Effect.gen(function* () {
      const server = yield* scripted(withTokens(() => false))
      const client = yield* makeZendeskClient(oauthTo(server.url))
      const failure = yield* Effect.flip(client.request(get))
      const reason = reasonOf(failure, { what: "x" })
      assert.isTrue(reason._tag === "CredentialsRejected" && /OAuth client/.test(reason.hint))
      assert.strictEqual(server.to("GET /api/v2/x").length, 2)
      assert.strictEqual(server.to("POST /oauth/tokens").length, 2)
    }).pipe(overHttp),
  )

  it.live("a wrong secret is one token request for all who wait, and is never shown", () =>
    Effect.gen(function* () {
      const server = yield* scripted(
        routes({
          "POST /oauth/tokens": {
            status: 401,
            json: { error: "invalid_client", error_description: "Client authentication failed" },
          },
        }),
      )
      const client = yield* makeZendeskClient(oauthTo(server.url))
      const results = yield* Effect.all(
        Array.from({ length: 10 }, () =>
          Effect.flip(client.request({ method: "POST", path: "/api/v2/tickets", json: "{}" })),
        ),
        { concurrency: "unbounded" },
      )
      assert.strictEqual(server.to("POST /oauth/tokens").length, 1)
      for (const failure of results) {
        assert.strictEqual(reasonOf(failure, { what: "x" })._tag, "CredentialsRejected")
        assert.notInclude(failure.message, "s3cret-value")
      }
      assert.strictEqual(server.to("POST /api/v2/tickets").length, 0)
    }).pipe(overHttp),
  )

  it.live("a wrong subdomain answers HTML: the hint is about the subdomain", () =>
    Effect.gen(function* () {
      const server = yield* scripted(() => ({
        status: 404,
        text: "<!DOCTYPE html><html>No help desk at acme.zendesk.com</html>",
      }))
      const client = yield* makeZendeskClient(oauthTo(server.url))
      const reason = reasonOf(yield* Effect.flip(client.request(get)), { what: "x" })
      assert.isTrue(reason._tag === "CredentialsRejected" && reason.hint.includes("Check the subdomain"))
    }).pipe(overHttp),
  )

  it.live("a token server that fails leaves a write certain: nothing was sent", () =>
    Effect.gen(function* () {
      const server = yield* scripted(routes({ "POST /oauth/tokens": { status: 500, text: "<html>" } }))
      const client = yield* makeZendeskClient(oauthTo(server.url))
      const failure = yield* Effect.flip(
        client.request({ method: "POST", path: "/api/v2/tickets", json: "{}" }),
      )
      assert.strictEqual(reasonOf(failure, { what: "x" })._tag, "Unavailable")
    }).pipe(overHttp),
  )
})
