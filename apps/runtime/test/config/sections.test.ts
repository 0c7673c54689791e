/** Sections that adapters check by themselves: their sentences must reach whoever starts the runtime. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { checkConfig } from "../../src/config/load.ts"
import { servicesLayer } from "../../src/Runtime.ts"
import { inFolder, refusal } from "../support/run.ts"

const problemOf = (organization: object, rest: object = {}) =>
  inFolder(async (dataDir) => {
    const raw = { dataDir, organizations: [{ id: "acme", name: "Acme", ...organization }], ...rest }
    const building = Effect.gen(function* () {
      const config = yield* checkConfig(raw, {}, "the test")
      return yield* Layer.build(servicesLayer(config))
    })
    return String((await refusal(Effect.scoped(building))).message)
  })

const auth = { type: "oauth_client_credentials", clientId: "opencx", clientSecret: "s3cret-of-acme" }
const mailbox = {
  address: "support@acme.example",
  displayName: "Acme",
  outbound: { host: "127.0.0.1", port: 25 },
  inbound: { smtp: true },
}
const account = (id: string, settings: unknown, channel = "email") => ({ id, channel, settings })

describe("the Zendesk section", () => {
  it.each(["https://acme.zendesk.com", "acme.zendesk.com", "https://acme.zendesk.com/agent/"])(
    "given %s as subdomain says what to write instead",
    async (subdomain) => {
      const message = await problemOf({ zendesk: { subdomain, auth } })
      assert.include(message, '"acme"')
      assert.include(message, `Use \`acme\`, not \`${subdomain}\``)
      assert.include(message, "README")
    },
  )

  it("names a misspelt key, a missing one and a foreign host, and no secret", async () => {
    const message = await problemOf({
      zendesk: {
        subdomain: "acme",
        baseUrl: "https://evil.example",
        auth: { ...auth, clientID: "x" },
        firstComent: "public",
      },
    })
    assert.include(message, '["auth"]["clientID"]')
    assert.include(message, '["firstComent"]')
    assert.include(message, "loopback")
    assert.notInclude(message, "s3cret-of-acme")
  })
})

describe("channel accounts", () => {
  it("with wrong settings are named, with the plugin's own words and no secret", async () => {
    const broken = {
      ...mailbox,
      address: "support",
      outbound: { ...mailbox.outbound, auth: { user: "u", password: "" } },
    }
    const message = await problemOf({ accounts: [account("support", broken)] })
    assert.include(message, '"support"')
    assert.include(message, '"acme"')
    assert.include(message, "an email address such as")
    assert.include(message, '["outbound"]["auth"]["password"]')
  })

  it("of an unknown channel list the known ones", async () => {
    const message = await problemOf({ accounts: [account("wa", {}, "telegram")] })
    assert.include(message, '"telegram"')
    assert.include(message, "Known channels: email")
  })

  it("with one id twice are refused", async () => {
    const message = await problemOf({ accounts: [account("a", mailbox), account("a", mailbox)] })
    assert.include(message, 'two channel accounts with the id "a"')
  })
})

describe("sources and database", () => {
  it("a source without any connection says which two there could be", async () => {
    const message = await problemOf({ sources: [{ id: "hc", type: "zendesk_help_center" }] })
    assert.include(message, '"hc"')
    assert.include(message, "`zendesk` section")
  })

  it("a source's own connection is checked as the account's is", async () => {
    const connection = { subdomain: "https://acme.zendesk.com", auth: { type: "none" } }
    const message = await problemOf({ sources: [{ id: "hc", type: "zendesk_help_center", connection }] })
    assert.include(message, "Use `acme`")
  })

  it("a database that is not there is a sentence, without its password", async () => {
    const message = await problemOf({}, { databaseUrl: "postgres://joe:pass-4711@127.0.0.1:1/opencx" })
    assert.include(message, "database")
    assert.include(message, "databaseUrl")
    assert.notInclude(message, "pass-4711")
  })
})
