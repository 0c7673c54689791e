import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted, Result, Schema } from "effect"
import { makeSunshineClient, messagingOf, sunshineAccess, SunshineConnection } from "../../src/index.ts"
import { overHttp } from "../fake/http.ts"
import { scripted } from "../fake/ScriptedServer.ts"
import { access, connection } from "../fake/sunshine.ts"

const decode = Schema.decodeUnknownResult(SunshineConnection)
const good = { appId: "65b0f3a1c2d4e5f60718293a", keyId: "app_1", secret: "s" }

const refusal = (settings: object): string => {
  const result = decode(settings)
  return Result.isFailure(result) ? result.failure.message : "accepted"
}

describe("SunshineConnection", () => {
  it("fills in the names and keeps secrets redacted", () => {
    const read = Result.getOrThrow(decode({ ...good, webhookSecret: "hk-1" }))
    assert.strictEqual(read.integrationName, "opencx")
    assert.strictEqual(read.agentWorkspaceName, "zd-agentWorkspace")
    assert.strictEqual(read.attachmentAccess, "public")
    assert.notInclude(JSON.stringify(read), '"s"')
    assert.notInclude(JSON.stringify(read), "hk-1")
    assert.strictEqual(Redacted.value(read.secret), "s")
  })

  for (const keyId of ["act_1", "int_1", "5f1b", "app_", "app_1:x"]) {
    it(`refuses the key id ${keyId}, and says which key to make`, () => {
      const why = refusal({ ...good, keyId })
      assert.include(why, "must start with app_")
      assert.include(why, "Integration key")
    })
  }

  it("refuses names that the switchboard cannot have, and addresses of someone else's choice", () => {
    assert.notStrictEqual(refusal({ ...good, integrationName: "open cx" }), "accepted")
    assert.notStrictEqual(refusal({ ...good, appId: "../users" }), "accepted")
    assert.include(refusal({ ...good, subdomain: "https://acme.zendesk.com" }), "Use `acme`")
    assert.notStrictEqual(refusal({ ...good, baseUrl: "https://evil.example" }), "accepted")
  })

  it("takes the address from the Support connection unless it has its own", () => {
    const read = Result.getOrThrow(decode(good))
    const own = Result.getOrThrow(decode({ ...good, subdomain: "chat" }))
    const support = { subdomain: "acme", baseUrl: "http://127.0.0.1:4010" }
    assert.strictEqual(sunshineAccess(read, support)?.origin, "http://127.0.0.1:4010")
    assert.strictEqual(sunshineAccess(read, { subdomain: "acme" })?.origin, "https://acme.zendesk.com")
    assert.strictEqual(sunshineAccess(own, support)?.origin, "https://chat.zendesk.com")
    assert.isNull(sunshineAccess(read, null))
  })

  it.live("does not send an Integration key anywhere, wherever it came from", () =>
    Effect.gen(function* () {
      const server = yield* scripted(() => ({ json: {} }))
      const client = yield* makeSunshineClient({ ...access(server.url), keyId: "act_1" })
      const error = yield* Effect.flip(messagingOf(connection(server.url), client).port.verify)
      assert.strictEqual(error.reason._tag, "CredentialsRejected")
      assert.include(error.message, "must start with app_")
      assert.lengthOf(server.seen, 0)
    }).pipe(overHttp),
  )
})
