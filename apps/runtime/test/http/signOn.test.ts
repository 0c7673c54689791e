/** Single sign-on against a provider on a real socket: the way through, and every way around that must be shut. */
import { afterAll, assert, beforeAll, beforeEach, describe, it } from "@effect/vitest"
import { Users } from "@opencx/storage"
import { Effect } from "effect"
import { type Answer, type Server, startServer } from "../support/server.ts"
import {
  clientSecret,
  type FakeProvider,
  hs256,
  rs256,
  startProvider,
  unsigned,
} from "../support/signOnProvider.ts"

const box: { server?: Server; provider?: FakeProvider } = {}
const server = (): Server => {
  if (box.server === undefined) throw new Error("not started")
  return box.server
}
const provider = (): FakeProvider => {
  if (box.provider === undefined) throw new Error("not started")
  return box.provider
}

beforeAll(async () => {
  box.provider = await startProvider()
  box.server = await startServer({
    operatorToken: "operator-token-5f1c9e7a",
    singleSignOn: {
      issuer: box.provider.url,
      clientId: box.provider.clientId,
      clientSecret,
      name: "Okta",
      emailDomains: ["acme.example"],
      newUsers: { organization: "acme", role: "agent" },
    },
  })
})
afterAll(async () => {
  await box.server?.close()
  await box.provider?.close()
})

const person = { sub: "u-1", email: "dana@acme.example", email_verified: true, name: "Dana" }

beforeEach(() => {
  const { behaviour, key } = provider()
  behaviour.claims = person
  behaviour.mint = (claims) => rs256(claims, key())
  behaviour.userInfo = {}
})

const cookies = (answer: Answer): ReadonlyArray<string> =>
  [answer.headers["set-cookie"] ?? []].flat().map((one) => one.split(";")[0] ?? "")
const cookieNamed = (answer: Answer, name: string): string =>
  cookies(answer).find((one) => one.startsWith(`${name}=`) && !one.endsWith("=")) ?? ""

const begin = async (next = "/dead-letters") => {
  const answer = await server().ask(`/login/oidc?next=${encodeURIComponent(next)}`)
  assert.strictEqual(answer.status, 303, answer.text)
  return { url: String(answer.headers["location"]), cookie: cookieNamed(answer, "opencx_sign_on") }
}

const finish = (query: URLSearchParams, cookie: string) =>
  server().ask(`/login/oidc/callback?${query.toString()}`, { headers: { cookie } })

/** A whole login. */
const signOn = async () => {
  const { cookie, url } = await begin()
  return finish(provider().logIn(url), cookie)
}

const isRefused = async (answer: Promise<Answer>, why: string) => {
  const { headers, status, text } = await answer
  assert.strictEqual(status, 401, why)
  assert.include(text, why)
  assert.notMatch(String(headers["set-cookie"]), /opencx_session=[^;]/)
}

describe("single sign-on", () => {
  it("goes by code, PKCE, state and nonce, and ends where it began", async () => {
    assert.include((await server().ask("/login")).text, "Log in with Okta")
    const { cookie, url } = await begin()
    const asked = new URL(url).searchParams
    assert.strictEqual(asked.get("code_challenge_method"), "S256")
    assert.strictEqual(asked.get("response_type"), "code")
    assert.strictEqual(asked.get("scope"), "openid email profile")
    const answer = await finish(provider().logIn(url), cookie)
    assert.deepStrictEqual([answer.status, answer.headers["location"]], [303, "/dead-letters"])
    const users = await server().within(Users)
    const user = await Effect.runPromise(users.byIdentity(provider().url, "u-1"))
    assert.deepInclude(user, { email: "dana@acme.example", name: "Dana", hasPassword: false })
    assert.deepStrictEqual(user?.memberships, [{ orgId: "acme", role: "agent" }])
    const session = cookieNamed(answer, "opencx_session")
    const page = "/sessions/acme/00000000-0000-4000-8000-000000000000"
    assert.notStrictEqual((await server().ask(page, { headers: { cookie: session } })).status, 303)
  })

  it("knows a person again by the provider's own id, also after a new address", async () => {
    provider().behaviour.claims = { ...person, email: "dana.new@elsewhere.example", email_verified: false }
    assert.strictEqual((await signOn()).status, 303)
    const users = await server().within(Users)
    assert.isNull(await Effect.runPromise(users.byEmail("dana.new@elsewhere.example")))
  })

  it("takes the address from the user info, when it is the same person's", async () => {
    provider().behaviour.claims = { sub: "u-2" }
    provider().behaviour.userInfo = { sub: "u-2", email: "two@acme.example", email_verified: "true" }
    assert.strictEqual((await signOn()).status, 303)
    provider().behaviour.claims = { sub: "u-3" }
    await isRefused(signOn(), "about somebody else")
  })

  it("takes new signing keys, and lets go of old ones", async () => {
    const old = provider().key()
    provider().rotate("k2")
    assert.strictEqual((await signOn()).status, 303)
    provider().behaviour.mint = (claims) => rs256(claims, old)
    await isRefused(signOn(), "not good")
  })

  it("an invited user is found by their verified address", async () => {
    const users = await server().within(Users)
    const audit = { orgId: "*", actor: "x", actorName: "x", action: "x", target: "x", changes: [] }
    const memberships = [{ orgId: "acme", role: "admin" }]
    const made = await Effect.runPromise(
      users.create({ email: "invited@acme.example", name: "I", password: null, memberships }, audit),
    )
    provider().behaviour.claims = { sub: "u-9", email: "Invited@acme.example", email_verified: true }
    assert.strictEqual((await signOn()).status, 303)
    assert.strictEqual((await Effect.runPromise(users.byIdentity(provider().url, "u-9")))?.id, made.id)
    await Effect.runPromise(users.update(made.id, { disabled: true }, audit))
    await isRefused(signOn(), "switched off")
  })
})

describe("single sign-on refuses", () => {
  const claim = (claims: Readonly<Record<string, unknown>>) => {
    provider().behaviour.claims = { ...person, sub: "new", email: "new@acme.example", ...claims }
    return signOn()
  }
  const past = Math.floor(Date.now() / 1000) - 3_600

  it.each([
    [{ aud: "another-client" }, "not good"],
    [{ aud: ["opencx", "another-client"] }, "another client"],
    [{ azp: "another-client" }, "another client"],
    [{ iss: "https://evil.example" }, "not good"],
    [{ exp: past }, "not good"],
    [{ nonce: "of another login" }, "another login"],
    [{ email_verified: false }, "verified"],
    [{ email_verified: undefined }, "verified"],
    [{ email: "eve@evil.example" }, "evil.example"],
    [{ email: "eve@evil.example@acme.example.evil.example" }, "evil.example"],
    [{ sub: "" }, "not good"],
  ])("%j", (claims, why) => isRefused(claim(claims), why))

  it.each([
    ["without a signature", (claims: unknown) => unsigned(claims)],
    ["signed with the client's secret", (claims: unknown) => hs256(claims, clientSecret)],
    [
      "signed by a stranger's key of the same name",
      (claims: unknown) => rs256(claims, { ...provider().strangersKey, kid: provider().key().kid }),
    ],
    ["that is no token", () => "a.b"],
  ])("a token %s", async (_, mint) => {
    provider().behaviour.mint = mint
    await isRefused(signOn(), "not good")
  })

  it("an answer to a login of another browser, a second one, and one that was made up", async () => {
    const mine = await begin()
    const theirs = await begin()
    await isRefused(finish(provider().logIn(theirs.url), mine.cookie), "another login")
    await isRefused(finish(provider().logIn(mine.url), ""), "not begun in this browser")
    await isRefused(finish(provider().logIn(mine.url), `${mine.cookie}x`), "not begun in this browser")
    const query = provider().logIn(mine.url)
    assert.strictEqual((await finish(query, mine.cookie)).status, 303)
    await isRefused(finish(query, mine.cookie), "did not take the code")
    const denied = new URLSearchParams({ error: "access_denied", state: query.get("state") ?? "" })
    await isRefused(finish(denied, mine.cookie), "access_denied")
    const mixed = provider().logIn(mine.url)
    mixed.set("iss", "https://evil.example")
    await isRefused(finish(mixed, mine.cookie), "another provider")
  })

  it.each(["//evil.example", "https://evil.example", "/\\evil.example"])(
    "to send people to %s",
    async (next) => {
      const { cookie, url } = await begin(next)
      assert.strictEqual((await finish(provider().logIn(url), cookie)).headers["location"], "/sessions")
    },
  )
})
