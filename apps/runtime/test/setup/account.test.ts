/** Whose a webhook URL is: what setting up may repair, and what it must leave alone. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { checkConfig } from "../../src/config/load.ts"
import { accountToVerify, noChoice, setupInput } from "../../src/setup/account.ts"
import { setupServices } from "../../src/setup/services.ts"
import { inFolder, run } from "../support/run.ts"

const auth = { type: "oauth_client_credentials", clientId: "c", clientSecret: "s" }
const organization = (id: string) => ({ id, name: id, zendesk: { subdomain: "acme", auth } })

/** The hooks of two organizations, by an installation at `publicUrl` on these data. */
const hooksAt = (dataDir: string, publicUrl: string) =>
  run(
    Effect.scoped(
      Effect.gen(function* () {
        const raw = { dataDir, publicUrl, organizations: [organization("one"), organization("two")] }
        const config = yield* checkConfig(raw, {}, "the test")
        const services = yield* Layer.build(setupServices(config))
        const inputs = yield* Effect.forEach(config.organizations, (one) => setupInput(one, noChoice)).pipe(
          Effect.provide(services),
        )
        return inputs.map(({ support }) => support?.ticketing ?? { url: "", owns: () => "other" as const })
      }),
    ),
  )

describe("whose a URL is", { timeout: 30_000 }, () => {
  it("ours, ours once, another organization's, another installation's, a stranger's", () =>
    inFolder((one) =>
      inFolder(async (two) => {
        const [ours, neighbour] = await hooksAt(one, "https://ai.acme.example")
        const [moved] = await hooksAt(one, "https://new.acme.example")
        const [elsewhere] = await hooksAt(two, "https://staging.acme.example")
        const [lostKey] = await hooksAt(two, "https://ai.acme.example")
        if (!ours || !neighbour || !moved || !elsewhere || !lostKey) throw new Error("hooks are missing")
        assert.strictEqual(ours.owns(ours.url), "current")
        assert.strictEqual(moved.owns(ours.url), "stale", "the public URL moved")
        assert.strictEqual(ours.owns(lostKey.url), "stale", "signed by a key that was lost")
        assert.strictEqual(ours.owns(neighbour.url), "other", "another organization here")
        assert.strictEqual(ours.owns(elsewhere.url), "other", "another installation")
        for (const url of [
          "",
          "not a url",
          "https://ai.acme.example/",
          "https://evil.example/?/hooks/zendesk/ticketing/x",
        ])
          assert.strictEqual(ours.owns(url), "other", url)
      }),
    ))

  it("settings that are broken are something to find, and no obstacle to the other side", () =>
    inFolder(async (dataDir) => {
      const account = await run(
        Effect.scoped(
          Effect.gen(function* () {
            const broken = {
              ...organization("one"),
              zendesk: { subdomain: "https://x" },
              messaging: { keyId: "int_1" },
            }
            const config = yield* checkConfig({ dataDir, organizations: [broken] }, {}, "the test")
            const services = yield* Layer.build(setupServices(config))
            const [first] = config.organizations
            if (first === undefined) throw new Error("one organization")
            return yield* Effect.provide(accountToVerify(first), services)
          }),
        ),
      )
      assert.deepInclude(account.setup, { support: null, messaging: null })
      assert.deepStrictEqual(account.ticketing, { subdomain: "https://x" })
    }))
})
