/** The signing key lives in the store: URLs that people have pasted stay valid. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { checkConfig } from "../../src/config/load.ts"
import { type Database, DatabaseLive } from "../../src/layers/Database.ts"
import { hookUrls } from "../../src/layers/HookUrls.ts"
import { Settings } from "../../src/layers/Settings.ts"
import { Signing } from "../../src/layers/Signing.ts"
import { inFolder, run } from "../support/run.ts"

const zendesk = (clientSecret: string) => ({
  subdomain: "acme",
  auth: { type: "oauth_client_credentials", clientId: "opencx", clientSecret },
})
const organization = (id: string, clientSecret = "first") => ({
  id,
  name: id,
  zendesk: zendesk(clientSecret),
  accounts: [
    { id: "support", channel: "email", settings: {} },
    { id: "sales", channel: "email", settings: {} },
  ],
})

const started = <A, E>(
  dataDir: string,
  raw: object,
  use: Effect.Effect<A, E, Settings | Signing | Database>,
): Promise<A> =>
  run(
    Effect.gen(function* () {
      const config = yield* checkConfig({ dataDir, ...raw }, {}, "the test")
      const layer = Signing.layer.pipe(
        Layer.provideMerge(DatabaseLive),
        Layer.provideMerge(Settings.layer(config)),
      )
      return yield* Effect.provide(use, layer)
    }),
  )

describe("webhook URLs", () => {
  it("are the same after a restart, with new credentials and with organizations around", () =>
    inFolder(async (dir) => {
      const first = await started(dir, { organizations: [organization("acme")] }, hookUrls)
      const again = await started(
        dir,
        { organizations: [organization("globex"), organization("acme", "rotated")] },
        hookUrls,
      )
      assert.strictEqual(first.length, 4)
      assert.deepStrictEqual(
        again.filter((hook) => hook.organization === "acme"),
        first,
      )
    }))

  it("are all different, between organizations, accounts and installations", () =>
    inFolder((dir) =>
      inFolder(async (other) => {
        const raw = { organizations: [organization("acme"), organization("globex")] }
        const urls = [...(await started(dir, raw, hookUrls)), ...(await started(other, raw, hookUrls))]
        const macs = urls.map(({ url }) => url.split(".").at(-1))
        assert.strictEqual(new Set(macs).size, 16)
      }),
    ))

  it("begin with the public URL, without a doubled slash", () =>
    inFolder(async (dir) => {
      const raw = { publicUrl: "https://ai.acme.example/opencx//", organizations: [organization("acme")] }
      const [ticketing, assist, support] = await started(dir, raw, hookUrls)
      assert.match(
        ticketing?.url ?? "",
        /^https:\/\/ai\.acme\.example\/opencx\/hooks\/zendesk\/ticketing\/acme\.[a-z2-7]{32}$/,
      )
      assert.match(assist?.url ?? "", /\/opencx\/hooks\/zendesk\/assist\/acme\.[a-z2-7]{32}$/)
      assert.match(support?.url ?? "", /\/opencx\/hooks\/email\/acme\.support\.[a-z2-7]{32}$/)
      assert.strictEqual(support?.what, "email account support")
    }))

  it("leave ticketing out where there is no Zendesk", () =>
    inFolder(async (dir) => {
      const raw = {
        http: { host: "::1", port: 8080 },
        organizations: [{ id: "acme", name: "A", accounts: organization("x").accounts }],
      }
      const hooks = await started(dir, raw, hookUrls)
      assert.deepStrictEqual(
        hooks.map((hook) => hook.what),
        ["email account support", "email account sales"],
      )
      assert.isTrue(hooks.every(({ url }) => url.startsWith("http://[::1]:8080/hooks/email/acme.")))
    }))
})

describe("account signers", () => {
  it("of two organizations give different tokens, and neither opens the other's; both survive a restart", () =>
    inFolder(async (dir) => {
      const raw = { organizations: [organization("acme")] }
      const tokens = Effect.map(Signing, (signing) => ({
        acme: signing.account("acme", "support").sign("thread", "abc"),
        globex: signing.account("globex", "support").sign("thread", "abc"),
      }))
      const { acme, globex } = await started(dir, raw, tokens)
      assert.notStrictEqual(acme, globex)
      const opened = Effect.map(Signing, (signing) => [
        signing.account("acme", "support").open("thread", acme),
        signing.account("acme", "support").open("thread", globex),
        signing.account("globex", "support").open("thread", acme),
      ])
      assert.deepStrictEqual(await started(dir, raw, opened), ["abc", null, null])
    }))

  it("of two processes that start at once are the same", () =>
    inFolder(async (dir) => {
      const raw = { organizations: [organization("acme")] }
      const all = await Promise.all([1, 2, 3, 4].map(() => started(dir, raw, hookUrls)))
      // Whoever lost the race must not go on with a key of its own: asked again, all say the same.
      const now = await started(dir, raw, hookUrls)
      for (const urls of all) assert.deepStrictEqual(urls, now)
    }))
})
