/** An authorization that a person gave: consent with PKCE, and refreshing with tokens that are good once. */
import { assert, describe, it } from "@effect/vitest"
import { StoreError } from "@opencx/core"
import { make as startEmulator } from "@opencx/zendesk-emulator"
import { Effect, Exit, Fiber, Schema } from "effect"
import { HttpClient } from "effect/http"
import { redeemCode } from "../src/client/Authorization.ts"
import type { OAuthAuthorizationCode } from "../src/client/Connection.ts"
import type { StoredTokens, TokenVault } from "../src/client/TokenVault.ts"
import { makeZendeskClient } from "../src/index.ts"
import { askConsent, readConsent } from "../src/setup/index.ts"
import { overHttp } from "./fake/http.ts"
import { type Reply, type Script, scripted } from "./fake/ScriptedServer.ts"

const auth: typeof OAuthAuthorizationCode.Type = { type: "oauth_authorization_code", clientId: "opencx" }
const redirectUri = "http://127.0.0.1:53682/callback"

const memoryVault = (first: StoredTokens | null = null, broken: number | null = null) => {
  const written: Array<string> = []
  let now = first
  let begun = broken
  const vault: TokenVault = {
    read: Effect.sync(() => now),
    write: (tokens) =>
      Effect.sync(() => {
        now = tokens
        written.push(tokens.accessToken)
      }),
    begun: Effect.sync(() => begun),
    noteBegun: (at) =>
      Effect.sync(() => {
        begun = at
        written.push(at === null ? "not begun" : "begun")
      }),
  }
  return { vault, written, now: () => now, put: (tokens: StoredTokens) => (now = tokens) }
}

/** Tokens whose renewal is due, with a refresh token; the access token works for another hour. */
const due = (more: Partial<StoredTokens> = {}): StoredTokens => ({
  origin: "https://acme.zendesk.com",
  accessToken: "access-1",
  expiresAt: Date.now() + 3_600_000,
  renewAt: 0,
  refreshToken: "refresh-1",
  refreshExpiresAt: null,
  ...more,
})

const Refresh = Schema.decodeUnknownSync(
  Schema.fromJsonString(Schema.Struct({ grant_type: Schema.String, refresh_token: Schema.String })),
)

/** Tokens rotate: `refresh-1` gives `access-2` and `refresh-2`; a used one is refused. */
const rotating = (api: (authorization: string) => Reply = () => ({ json: { count: 1 } })) => {
  let turn = 1
  const script: Script = (seen) => {
    if (seen.path !== "/oauth/tokens") return api(seen.headers.authorization ?? "")
    const asked = Refresh(seen.body)
    if (asked.refresh_token !== `refresh-${turn}`)
      return {
        status: 400,
        json: { error: "invalid_grant", error_description: "invalid, expired or revoked" },
      }
    turn += 1
    return {
      json: {
        access_token: `access-${turn}`,
        refresh_token: `refresh-${turn}`,
        expires_in: 1_800,
        refresh_token_expires_in: 7_776_000,
      },
    }
  }
  return script
}

const connected = (url: string, vault: TokenVault) =>
  makeZendeskClient({ subdomain: "acme", baseUrl: url, auth }, { timeoutMs: 1_000 }, vault)

/** With the tokens taken for those of this very server. */
const clientOf = (url: string, vault: TokenVault) =>
  connected(url, {
    ...vault,
    read: Effect.map(vault.read, (tokens) => (tokens === null ? null : { ...tokens, origin: url })),
  })

const count = { method: "GET", path: "/api/v2/tickets/count" } as const

describe("consent", () => {
  it.live("goes once around: consent page, code, tokens, calls", () =>
    Effect.gen(function* () {
      const emulator = yield* startEmulator()
      const consent = askConsent(emulator.url, auth, redirectUri)
      assert.notInclude(consent.url, consent.verifier)
      const response = yield* Effect.promise(() => fetch(consent.url, { redirect: "manual" }))
      const back = new URL(response.headers.get("location") ?? "")
      assert.strictEqual(back.origin + back.pathname, redirectUri)
      const answer = readConsent(back.searchParams, consent)
      if (!("code" in answer)) throw new Error(answer.refusal)
      const server = { http: yield* HttpClient.HttpClient, origin: emulator.url, timeoutMs: 2_000 }
      const given = { code: answer.code, redirectUri, scope: consent.scope }
      const stolen = yield* Effect.exit(redeemCode(server, auth, { ...given, verifier: "guessed" }))
      assert.isTrue(Exit.isFailure(stolen))
      // The emulator's codes are good once, also when the proof was wrong: a new one is needed.
      const second = yield* Effect.promise(() => fetch(consent.url, { redirect: "manual" }))
      const code = new URL(second.headers.get("location") ?? "").searchParams.get("code") ?? ""
      const tokens = yield* redeemCode(server, auth, { ...given, code, verifier: consent.verifier })
      assert.isString(tokens.refreshToken)
      const kept = memoryVault(tokens)
      const client = yield* clientOf(emulator.url, kept.vault)
      yield* client.request(count)
      assert.lengthOf(kept.written, 0)
    }).pipe(overHttp),
  )

  it("an answer to another request, a denial, and an answer without a code", () => {
    const consent = askConsent("https://acme.zendesk.com", auth, redirectUri)
    const read = (query: Record<string, string>) =>
      JSON.stringify(readConsent(new URLSearchParams({ state: consent.state, ...query }), consent))
    assert.include(read({ state: "forged", code: "x" }), "another request")
    assert.include(read({ error: "access_denied" }), "denied in Zendesk")
    assert.include(read({ error: "invalid_scope", error_description: "no such scope" }), "no such scope")
    assert.include(read({}), "no code")
    assert.include(read({ code: "c-1" }), "c-1")
  })
})

describe("refreshing", () => {
  it.live("is written down before it is sent, and kept before it is used; callers share one", () =>
    Effect.gen(function* () {
      const kept = memoryVault(due())
      const server = yield* scripted(
        rotating((authorization) => {
          assert.strictEqual(authorization, "Bearer access-2")
          assert.strictEqual(kept.now()?.accessToken, "access-2")
          return { json: { count: 1 } }
        }),
      )
      const client = yield* clientOf(server.url, kept.vault)
      yield* Effect.all(
        Array.from({ length: 8 }, () => client.request(count)),
        { concurrency: 8 },
      )
      assert.lengthOf(server.to("POST /oauth/tokens"), 1)
      assert.deepStrictEqual(kept.written, ["begun", "access-2", "not begun"])
    }).pipe(overHttp),
  )

  it.live("two processes on one store: the loser takes the winner's tokens", () =>
    Effect.gen(function* () {
      const kept = memoryVault(due())
      const server = yield* scripted(rotating())
      const clients = [yield* clientOf(server.url, kept.vault), yield* clientOf(server.url, kept.vault)]
      yield* Effect.all(
        clients.map((client) => client.request(count)),
        { concurrency: 2 },
      )
      assert.strictEqual(kept.now()?.accessToken, "access-2")
      const used = server.to("GET /api/v2/tickets/count").map(({ headers }) => headers.authorization)
      assert.deepStrictEqual(new Set(used), new Set(["Bearer access-2"]))
    }).pipe(overHttp),
  )

  it.live(
    "a crash between Zendesk's answer and the store: the old access token works on, then it says what to do",
    () =>
      Effect.gen(function* () {
        const lost = due({ refreshToken: "refresh-0" })
        const kept = memoryVault(lost, 1_700_000_000_000)
        const server = yield* scripted(rotating())
        const client = yield* clientOf(server.url, kept.vault)
        yield* client.request(count)
        assert.deepStrictEqual(
          server.to("GET /api/v2/tickets/count").map(({ headers }) => headers.authorization),
          ["Bearer access-1"],
        )
        const again = memoryVault({ ...lost, expiresAt: 0 }, 1_700_000_000_000)
        const after = yield* clientOf(server.url, again.vault)
        const failure = yield* Effect.flip(after.request(count))
        assert.strictEqual(failure.kind, "credentials")
        assert.include(failure.detail, "opencx connect zendesk")
        assert.include(failure.detail, "2023-11-14T22:13:20.000Z was broken off")
      }).pipe(overHttp),
    20_000,
  )

  it.live("Zendesk does not answer: what works goes on, and nothing is thrown away", () =>
    Effect.gen(function* () {
      const kept = memoryVault(due())
      const server = yield* scripted((seen) =>
        seen.path === "/oauth/tokens" ? { status: 503, text: "down" } : { json: { count: 1 } },
      )
      const client = yield* clientOf(server.url, kept.vault)
      yield* client.request(count)
      assert.strictEqual(kept.now()?.refreshToken, "refresh-1")
      kept.put(due({ expiresAt: 0 }))
      const other = yield* clientOf(server.url, kept.vault)
      assert.strictEqual((yield* Effect.flip(other.request(count))).status, 503)
      assert.strictEqual(kept.now()?.refreshToken, "refresh-1")
    }).pipe(overHttp),
  )

  it.live("a token that Zendesk refuses is renewed once, though it was not due", () =>
    Effect.gen(function* () {
      const kept = memoryVault(due({ renewAt: Date.now() + 3_600_000 }))
      const server = yield* scripted(
        rotating((authorization) =>
          authorization === "Bearer access-2"
            ? { json: { count: 1 } }
            : { status: 401, json: { error: "Couldn't authenticate you" } },
        ),
      )
      const client = yield* clientOf(server.url, kept.vault)
      yield* client.request(count)
      assert.lengthOf(server.to("POST /oauth/tokens"), 1)
    }).pipe(overHttp),
  )

  it.live("tokens are shown to the account that gave them, and to no other", () =>
    Effect.gen(function* () {
      const theirs = yield* scripted(rotating())
      const other = yield* scripted(rotating())
      const kept = memoryVault(due({ origin: theirs.url }))
      yield* (yield* connected(theirs.url, kept.vault)).request(count)
      const refused = yield* Effect.flip((yield* connected(other.url, kept.vault)).request(count))
      assert.strictEqual(refused.kind, "credentials")
      assert.include(refused.detail, "opencx connect zendesk")
      assert.lengthOf(other.to("GET /api/v2/tickets/count"), 0)
      assert.lengthOf(other.to("POST /oauth/tokens"), 0)
      assert.strictEqual(kept.now()?.origin, theirs.url)
    }).pipe(overHttp),
  )

  it.live("an interrupted caller does not interrupt a refresh", () =>
    Effect.gen(function* () {
      const kept = memoryVault(due())
      const script = rotating()
      const server = yield* scripted(async (seen) => {
        if (seen.path === "/oauth/tokens") await new Promise((resolve) => setTimeout(resolve, 200))
        return script(seen)
      })
      const client = yield* clientOf(server.url, kept.vault)
      const fiber = yield* Effect.forkChild(client.request(count))
      for (let i = 0; i < 500 && server.to("POST /oauth/tokens").length === 0; i++) yield* Effect.sleep(5)
      yield* Fiber.interrupt(fiber)
      assert.strictEqual(kept.now()?.accessToken, "access-2")
    }).pipe(overHttp),
  )

  it.live(
    "a store that fails is told, and the new tokens work meanwhile",
    () =>
      Effect.gen(function* () {
        let writes = 0
        const broken = new StoreError({ operation: "Secrets.put", detail: "disk full" })
        const vault: TokenVault = {
          read: Effect.succeed(due()),
          write: () =>
            Effect.suspend(() => {
              writes += 1
              return Effect.fail(broken)
            }),
          begun: Effect.succeed(null),
          noteBegun: () => Effect.void,
        }
        const server = yield* scripted(rotating())
        const client = yield* clientOf(server.url, vault)
        yield* client.request(count)
        yield* client.request(count)
        assert.lengthOf(server.to("POST /oauth/tokens"), 1)
        assert.isAbove(writes, 5)
      }).pipe(overHttp),
    20_000,
  )
})
