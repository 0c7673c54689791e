/** Every cause of a failed verification: the emulator is made to behave so, then the finding must name it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { applySetup, verifyAccount } from "../../src/setup/index.ts"
import { overHttp } from "../fake/http.ts"
import { openSetup } from "../fake/setup.ts"
import { oauth, zendesk, sunshine, account, verifying, badOnes, onlyBad } from "../fake/verify.ts"

describe("Messaging", () => {
  it.live("an Integration key: refused by its id, before any call", () =>
    Effect.gen(function* () {
      const { emulator, found } = yield* verifying((url) => ({
        ticketing: zendesk(url),
        messaging: sunshine({ keyId: "int_65b0f3a1" }),
      }))
      const { fix, id, problem } = onlyBad(found)
      assert.strictEqual(id, "app_key")
      assert.include(problem, "wrong key type (Integration key, not App key)")
      assert.include(fix, "app_")
      assert.lengthOf(
        emulator.calls().filter(({ path }) => path.startsWith("/sc/")),
        0,
      )
    }).pipe(overHttp),
  )

  it.live("a wrong App ID, and a lost secret", () =>
    Effect.gen(function* () {
      const wrongApp = yield* verifying((url) => ({
        ticketing: zendesk(url),
        messaging: sunshine({ appId: "0123456789abcdef01234567" }),
      }))
      assert.strictEqual(onlyBad(wrongApp.found).id, "app_id")
      assert.include(onlyBad(wrongApp.found).problem, "wrong App ID")
      const lost = yield* verifying((url) => ({
        ticketing: zendesk(url),
        messaging: sunshine({ secret: "x" }),
      }))
      assert.strictEqual(onlyBad(lost.found).id, "app_key")
      assert.include(onlyBad(lost.found).fix, "shows a secret only once")
    }).pipe(overHttp),
  )

  it.live("multi-conversations off, no integration of the exact name, somebody else answers first", () =>
    Effect.gen(function* () {
      const { found } = yield* verifying((url) => ({ ticketing: zendesk(url), messaging: sunshine() }))
      const ids = badOnes(found).map(({ id }) => id)
      assert.includeMembers(ids, ["multi_conversations", "integration_name"])
      assert.include(JSON.stringify(badOnes(found)), 'no integration named exactly \\"opencx\\"')
    }).pipe(overHttp),
  )

  it.live("an integration that is spelt differently", () =>
    Effect.gen(function* () {
      const world = yield* openSetup({ messaging: { integrationName: "OpenCX" } })
      yield* applySetup(world.input(), { irreversible: true })
      const found = yield* verifyAccount(
        account({ ticketing: zendesk(world.emulator.url), messaging: sunshine() }),
      )
      assert.include(JSON.stringify(badOnes(found)), 'There is \\"OpenCX\\", which is spelt differently')
    }).pipe(overHttp),
  )

  it.live("no API credentials for the user merge", () =>
    Effect.gen(function* () {
      const { found } = yield* verifying((url) => ({
        messaging: sunshine({ subdomain: "acme", baseUrl: url }),
      }))
      const merge = badOnes(found).find(({ id }) => id === "user_merge")
      assert.include(merge?.problem, "API credentials are missing from the Messaging integration")
      const broken = yield* verifying((url) => ({
        ticketing: zendesk(url, { auth: { ...oauth, clientSecret: "old" } }),
        messaging: sunshine({ subdomain: "acme", baseUrl: url }),
      }))
      assert.include(
        badOnes(broken.found).find(({ id }) => id === "user_merge")?.problem,
        "the user merge cannot work",
      )
    }).pipe(overHttp),
  )

  it.live("neither subdomain nor Ticketing connection, or one that is wrong", () =>
    Effect.gen(function* () {
      const { found } = yield* verifying(() => ({ messaging: sunshine() }))
      assert.include(onlyBad(found).problem, "name no subdomain")
      const wrong = yield* verifying((url) => ({
        ticketing: zendesk(url, { subdomain: "https://acme.zendesk.com" }),
        messaging: sunshine(),
      }))
      assert.include(JSON.stringify(badOnes(wrong.found)), "wrong subdomain format")
    }).pipe(overHttp),
  )
})
