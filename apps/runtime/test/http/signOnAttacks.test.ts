/** A sign-on provider that was taken over, or people who use it to become somebody else. */
import { afterEach, assert, beforeEach, describe, it } from "@effect/vitest"
import { Users } from "@opencx/storage"
import { Effect } from "effect"
import type { ServerResponse } from "node:http"
import { gzipSync } from "node:zlib"
import { type Answer, type Server, startServer } from "../support/server.ts"
import { clientSecret, type FakeProvider, startProvider } from "../support/signOnProvider.ts"

let provider: FakeProvider
let server: Server

beforeEach(async () => {
  provider = await startProvider()
  server = await startServer({
    operatorToken: "operator-token-5f1c9e7a",
    singleSignOn: {
      issuer: provider.url,
      clientId: provider.clientId,
      clientSecret,
      newUsers: { organization: "acme", role: "agent" },
    },
  })
})
afterEach(async () => {
  await server?.close()
  await provider?.close()
})

const begin = () => server.ask("/login/oidc?next=/sessions")

const signOn = async (claims: Readonly<Record<string, unknown>>): Promise<Answer> => {
  provider.behaviour.claims = claims
  const began = await begin()
  assert.strictEqual(began.status, 303, began.text)
  const cookie = [began.headers["set-cookie"] ?? []].flat()[0]?.split(";")[0] ?? ""
  const query = provider.logIn(String(began.headers["location"]))
  return server.ask(`/login/oidc/callback?${query.toString()}`, { headers: { cookie } })
}

const isOpened = ({ headers }: Answer): boolean => /opencx_session=[^;]/.test(String(headers["set-cookie"]))

const audit = { orgId: "*", actor: "x", actorName: "x", action: "x", target: "x", changes: [] }
const memberships = [{ orgId: "*", role: "owner" }]

const usersOf = () => server.within(Users)

const owner = async (email: string) => {
  const users = await usersOf()
  return Effect.runPromise(users.create({ email, name: "Owner", password: null, memberships }, audit))
}

describe("somebody at the provider", () => {
  it("who got the address of somebody that left does not get the account", async () => {
    const kim = await owner("kim@acme.example")
    await owner("the.other@acme.example")
    assert.isTrue(isOpened(await signOn({ sub: "kim-1", email: "kim@acme.example", email_verified: true })))
    const heir = { sub: "kim-2", email: "kim@acme.example", email_verified: true }
    const refused = await signOn(heir)
    assert.strictEqual(refused.status, 401)
    assert.isFalse(isOpened(refused))
    assert.include(refused.text, "switches the user off and on")
    // The first one still gets in; an administrator can give the account to the second.
    assert.isTrue(isOpened(await signOn({ sub: "kim-1", email: "kim@acme.example", email_verified: true })))
    const users = await usersOf()
    await Effect.runPromise(users.update(kim.id, { disabled: true }, audit))
    assert.isFalse(isOpened(await signOn(heir)), "switched off is off")
    await Effect.runPromise(users.update(kim.id, { disabled: false }, audit))
    assert.isTrue(isOpened(await signOn(heir)))
    assert.isFalse(isOpened(await signOn({ sub: "kim-1", email: "kim@acme.example", email_verified: true })))
  })

  it.each(["\u212Aim@acme.example", "ｋim@acme.example", "kim@acme.example\u200b", "KIM\u0000@acme.example"])(
    "who has an address that looks like an owner's (%j) is somebody else",
    async (email) => {
      const kim = await owner("kim@acme.example")
      await signOn({ sub: "evil", email, email_verified: true })
      const users = await usersOf()
      const found = await Effect.runPromise(users.byIdentity(provider.url, "evil"))
      assert.notStrictEqual(found?.id, kim.id)
      assert.notDeepInclude(found?.memberships ?? [], memberships[0])
    },
  )

  it("whose user info tells another address is not verified by what the token says", async () => {
    await owner("kim@acme.example")
    provider.behaviour.userInfo = { sub: "evil", email: "kim@acme.example" }
    const refused = await signOn({ sub: "evil", email_verified: true })
    assert.strictEqual(refused.status, 401)
    assert.isFalse(isOpened(refused))
  })
})

describe("a provider that was taken over", () => {
  const endless = (response: ServerResponse) => {
    response.writeHead(200, { "content-type": "application/json" })
    const chunk = Buffer.alloc(65_536, " ")
    const more = () => {
      while (!response.destroyed && response.write(chunk));
    }
    response.on("drain", more)
    more()
  }

  it.each(["/.well-known/openid-configuration", "/keys", "/token"])(
    "that answers without end at %s is heard no further than a megabyte",
    { timeout: 30_000 },
    async (path) => {
      provider.behaviour.instead = (at, response) => {
        if (at !== path) return false
        endless(response)
        return true
      }
      const answer = path.startsWith("/.well") ? await begin() : await signOn({ sub: "u" })
      assert.include([401, 503], answer.status)
      assert.include(answer.text, "1000000 bytes")
    },
  )

  it("that packs much into little is heard no further either", { timeout: 30_000 }, async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000, " "))
    assert.isBelow(bomb.length, 100_000)
    provider.behaviour.instead = (path, response) => {
      if (path !== "/keys") return false
      response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" }).end(bomb)
      return true
    }
    assert.include((await signOn({ sub: "u" })).text, "1000000 bytes")
  })

  it("that sends us on is not followed: the secret would go along", async () => {
    provider.behaviour.instead = (path, response) => {
      if (path !== "/token") return false
      response.writeHead(307, { location: `${provider.url}/elsewhere` }).end()
      return true
    }
    assert.strictEqual((await signOn({ sub: "u" })).status, 401)
    assert.notInclude(provider.seen, "/elsewhere")
  })

  it.each([
    { token_endpoint: "http://10.0.0.1/token" },
    { jwks_uri: "http://metadata.internal/keys" },
    { jwks_uri: "file:///etc/passwd" },
    { userinfo_endpoint: "ftp://127.0.0.1/x" },
    { authorization_endpoint: "javascript:alert(1)" },
    { authorization_endpoint: "no address" },
  ])("that names %j is not asked", async (discovery) => {
    provider.behaviour.discovery = discovery
    const answer = await begin()
    assert.strictEqual(answer.status, 503)
    assert.include(answer.text, "without TLS")
    assert.isUndefined(answer.headers["location"])
  })
})
