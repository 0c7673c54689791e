/** What verification says of things that setting up makes. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { applySetup, isVerified, verifyAccount } from "../../src/setup/index.ts"
import { overHttp } from "../fake/http.ts"
import { scripted } from "../fake/ScriptedServer.ts"
import { openSetup } from "../fake/setup.ts"
import { zendesk, sunshine, account, verifying, badOnes, onlyBad } from "../fake/verify.ts"

describe("what was set up", () => {
  it.live("after setting up everything is good; each thing that breaks is found", () =>
    Effect.gen(function* () {
      const world = yield* openSetup({ messaging: { choose: ["whatsapp", "web", "messenger", "instagram"] } })
      const look = (more: Parameters<typeof world.input>[0] = {}) =>
        verifyAccount(
          account({
            ticketing: zendesk(world.emulator.url),
            messaging: sunshine(),
            setup: world.input(more),
          }),
        )
      const before = badOnes(yield* look()).map(({ id }) => id)
      assert.includeMembers(before, [
        "ticketing_webhook",
        "ticketing_trigger",
        "requester_mail",
        "integration",
      ])
      yield* applySetup(world.input(), { irreversible: true })
      assert.deepStrictEqual(badOnes(yield* look()), [])
      world.kept.set("zendesk-ticketing-signing-secret", "an old one")
      const [secret] = badOnes(yield* look())
      assert.strictEqual(secret?.id, "ticketing_secret")
      assert.isTrue(secret?.needed)
      yield* applySetup(world.input(), { irreversible: true })
      const triggers = JSON.parse(
        new TextDecoder().decode(
          (yield* world.support.request({ method: "GET", path: "/api/v2/triggers" })).bytes,
        ),
      ).triggers
      const ours = triggers.find(({ title }: { readonly title: string }) => title.includes("public replies"))
      yield* world.support.request({
        method: "PUT",
        path: `/api/v2/triggers/${ours.id}`,
        json: JSON.stringify({ trigger: { active: false } }),
      })
      const [inactive] = badOnes(yield* look())
      assert.strictEqual(inactive?.id, "ticketing_trigger")
      assert.include(inactive?.problem, "Agent public replies don't reach the contact")
      assert.include(inactive?.problem, "not active")
    }).pipe(overHttp),
  )

  it.live("an authorization whose refresh was lost works, and says until when", () =>
    Effect.gen(function* () {
      const server = yield* scripted(({ method, path }) => {
        if (path === "/oauth/tokens") return { status: 400, json: { error: "invalid_grant" } }
        if (path === "/api/v2/users/me") return { json: { user: { id: 1, name: "OpenCX", role: "admin" } } }
        if (method === "POST") return { status: 422, json: { error: "RecordInvalid" } }
        return { json: { count: 0 } }
      })
      const tokens = {
        origin: server.url,
        accessToken: "access-1",
        expiresAt: 4_000_000_000_000,
        renewAt: 0,
        refreshToken: "used",
        refreshExpiresAt: null,
      }
      const vault = {
        read: Effect.succeed(tokens),
        write: () => Effect.void,
        begun: Effect.succeed(1_700_000_000_000),
        noteBegun: () => Effect.void,
      }
      const consent = { type: "oauth_authorization_code", clientId: "opencx" }
      const found = yield* verifyAccount(
        account({ ticketing: zendesk(server.url, { auth: consent }), vault, helpCenter: false }),
      )
      assert.isTrue(isVerified(found))
      const lost = badOnes(found).find(({ id }) => id === "authorization")
      assert.include(lost?.problem, "ends at 2096-10-02")
      assert.include(lost?.fix, "opencx connect zendesk")
    }).pipe(overHttp),
  )

  it.live("the vault of an authorization is asked, and says to connect when it is empty", () =>
    Effect.gen(function* () {
      const { found } = yield* verifying((url) => ({
        ticketing: zendesk(url, { auth: { type: "oauth_authorization_code", clientId: "opencx" } }),
        vault: {
          read: Effect.succeed(null),
          write: () => Effect.void,
          begun: Effect.succeed(null),
          noteBegun: () => Effect.void,
        },
      }))
      assert.strictEqual(onlyBad(found).id, "credentials")
      assert.include(onlyBad(found).fix, "opencx connect zendesk")
    }).pipe(overHttp),
  )
})
