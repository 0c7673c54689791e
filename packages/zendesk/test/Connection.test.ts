import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted, Schema } from "effect"
import { originOf } from "../src/client/Connection.ts"
import { ZendeskConnection } from "../src/index.ts"

const decode = Schema.decodeUnknownEffect(ZendeskConnection)
const auth = { type: "oauth_client_credentials", clientId: "c", clientSecret: "very-secret" }
const refusal = (input: unknown) => Effect.map(Effect.flip(decode(input)), (error) => error.message)

describe("ZendeskConnection", () => {
  it.effect("takes plain JSON, keeps secrets out of sight, defaults to an internal first comment", () =>
    Effect.gen(function* () {
      const connection = yield* decode({ subdomain: "acme", auth })
      assert.strictEqual(connection.firstComment, "internal")
      assert.strictEqual(originOf(connection), "https://acme.zendesk.com")
      assert.notInclude(JSON.stringify(connection), "very-secret")
      assert.isTrue(
        connection.auth.type === "oauth_client_credentials" &&
          Redacted.value(connection.auth.clientSecret) === "very-secret",
      )
    }),
  )

  it.effect("says which subdomain to use when given a host or a URL", () =>
    Effect.gen(function* () {
      for (const wrong of [
        "acme.zendesk.com",
        "https://acme.zendesk.com",
        "https://Acme.zendesk.com/agent/",
      ]) {
        assert.include(yield* refusal({ subdomain: wrong, auth }), "Use `acme`, not")
      }
    }),
  )

  for (const attempt of [
    "evil.com/",
    "evil.com#",
    "evil.com?",
    "acme@evil.com",
    "127.0.0.1:80/",
    "acme.evil.com/x.zendesk.com",
    "",
    "-acme",
    "ACME",
    "a b",
    "acme\n",
    "acme\u0000",
    "ａcme",
    "a".repeat(64),
  ]) {
    it.effect(`refuses the subdomain ${JSON.stringify(attempt)}`, () =>
      Effect.gen(function* () {
        yield* refusal({ subdomain: attempt, auth })
        assert.throws(() => originOf({ subdomain: attempt, auth: { type: "none" } }))
      }),
    )
  }

  for (const attempt of [
    "https://evil.com",
    "http://127.0.0.1.evil.com",
    "http://127.0.0.1@evil.com",
    "http://user:pw@127.0.0.1",
    "http://169.254.169.254",
    "http://10.0.0.1",
    "file:///etc/passwd",
    "http://localhost/path",
    "not a url",
  ]) {
    it.effect(`refuses the base URL ${attempt}`, () =>
      Effect.gen(function* () {
        assert.include(yield* refusal({ subdomain: "acme", baseUrl: attempt, auth }), "loopback")
        assert.throws(() => originOf({ subdomain: "acme", baseUrl: attempt, auth: { type: "none" } }))
      }),
    )
  }

  it.effect("accepts loopback base URLs", () =>
    Effect.gen(function* () {
      for (const baseUrl of [
        "http://127.0.0.1:4010",
        "http://localhost:4010",
        "http://[::1]:4010",
        "http://127.0.0.1:4010/",
      ]) {
        const connection = yield* decode({ subdomain: "acme", baseUrl, auth })
        assert.isFalse(originOf(connection).endsWith("/"))
      }
    }),
  )
})
