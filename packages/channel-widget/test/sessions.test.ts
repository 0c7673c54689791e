/** Sessions and identity over real sockets: who gets in, who does not, and whose conversation it is. */
import { createHmac, generateKeyPairSync } from "node:crypto"
import { SignJWT } from "jose"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { client, siteKey, startWorld, until, type World } from "./support/world.ts"

const secret = "a-shared-secret-of-more-than-32-bytes"
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 })
const ed = generateKeyPairSync("ed25519")
const pem = (key: typeof rsa.publicKey) => key.export({ type: "spki", format: "pem" }).toString()

let world: World
let me: ReturnType<typeof client>

beforeAll(async () => {
  world = await startWorld({
    settings: {
      identity: [
        { kid: "hs", alg: "HS256", key: secret },
        { kid: "rs", alg: "RS256", key: pem(rsa.publicKey) },
        { kid: "ed", alg: "EdDSA", key: pem(ed.publicKey) },
      ],
      limits: { messagesPerMinute: 1_000, callsPerMinute: 1_000, addressPerMinute: 5_000 },
    },
  })
  me = client(world)
})
afterAll(() => world.close())

const seconds = () => Math.floor(Date.now() / 1000)

const sign = (over: Record<string, unknown> = {}, header: { kid?: string; alg?: string } = {}) => {
  const { alg = "HS256", kid = "hs" } = header
  const key = alg === "RS256" ? rsa.privateKey : alg === "EdDSA" ? ed.privateKey : Buffer.from(secret)
  const claims = { sub: "user-1", aud: siteKey, iat: seconds(), exp: seconds() + 600, ...over }
  const kept = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined))
  return new SignJWT(kept).setProtectedHeader({ alg, kid }).sign(key)
}

const identify = async (jwt: string, token?: string) => {
  const answer = await me.post("identify", { jwt }, token)
  return { status: answer.status, body: JSON.parse(await answer.text()) }
}

const write = (token: string, text: string, id: string = crypto.randomUUID()) =>
  me.post("messages", { id, text }, token)

describe("a session", () => {
  it("is a token of this site, and goes on when it is shown again", async () => {
    const first = await me.session()
    assert.match(first.conversation, /^v[0-9a-f]{40}$/)
    const again = JSON.parse(await (await me.post("session", {}, first.token)).text())
    assert.strictEqual(again.visitor, first.visitor)
    const other = await me.session()
    assert.notStrictEqual(other.visitor, first.visitor)
    // 256 random bits inside, and no way from the public id to them.
    const claims = JSON.parse(Buffer.from(first.token.split(".")[0] ?? "", "base64url").toString())
    assert.match(claims.secret, /^[0-9a-f]{64}$/)
    assert.notInclude(first.visitor, claims.secret.slice(0, 16))
  })

  it("refuses strangers' pages, unknown sites, and tokens that are not ours", async () => {
    const { token } = await me.session()
    for (const origin of [
      "https://evil.example",
      "null",
      `${world.origin}.evil.example`,
      world.origin.toUpperCase(),
    ]) {
      const answer = await me.post("session", {}, undefined, { origin })
      assert.strictEqual(answer.status, 403, origin)
      assert.isNull(answer.headers.get("access-control-allow-origin"))
    }
    assert.strictEqual((await client(world, "no_such_site").post("session", {})).status, 404)
    // The same token at another site of the same installation.
    assert.strictEqual((await client(world, "site_other_002").get("lines", token)).status, 401)
    assert.strictEqual((await me.get("lines")).status, 401)
    const [body = "", mac = ""] = token.split(".")
    const forged = Buffer.from(
      JSON.stringify({ k: "u", sub: "boss", name: null, email: null, thread: "x", exp: 9e15 }),
    )
    for (const bad of [
      "x",
      `${body}.`,
      `${body}.${mac.slice(1)}`,
      `${forged.toString("base64url")}.${mac}`,
      `${forged.toString("base64url")}.${createHmac("sha256", "").update(forged).digest("base64url")}`,
      "a".repeat(9_000),
    ])
      assert.strictEqual((await me.get("lines", bad)).status, 401, bad.slice(0, 30))
  })

  it("answers preflights of the site's pages alone", async () => {
    const ask = (origin: string) => fetch(me.url("messages"), { method: "OPTIONS", headers: { origin } })
    const good = await ask(world.origin)
    assert.strictEqual(good.status, 204)
    assert.strictEqual(good.headers.get("access-control-allow-origin"), world.origin)
    assert.include(good.headers.get("access-control-allow-headers") ?? "", "authorization")
    assert.isNull(good.headers.get("access-control-allow-credentials"))
    const bad = await ask("https://evil.example")
    assert.strictEqual(bad.status, 403)
    assert.isNull(bad.headers.get("access-control-allow-origin"))
  })
})

describe("an identity token", () => {
  it.each([
    ["HS256", "hs"],
    ["RS256", "rs"],
    ["EdDSA", "ed"],
  ])("of %s names the visitor", async (alg, kid) => {
    const { body, status } = await identify(await sign({ name: "Ann" }, { alg, kid }))
    assert.strictEqual(status, 200, JSON.stringify(body))
    assert.deepInclude(body, { identified: true, name: "Ann" })
    const again = await identify(await sign({}, { alg, kid }))
    assert.strictEqual(again.body.conversation, body.conversation, "the same person has one conversation")
    assert.notStrictEqual(again.body.token, body.token, "and a new token each time")
  })

  it("counts an address as verified only when the site says so", async () => {
    const cases = [
      [{ email: "Ann@Shop.Example", email_verified: true }, "ann@shop.example"],
      [{ email: "ann@shop.example" }, undefined],
      [{ email: "ann@shop.example", email_verified: "true" }, undefined],
      [{ email: "not an address", email_verified: true }, undefined],
    ] as const
    for (const [claims, wanted] of cases) {
      const { body } = await identify(await sign({ sub: `mail-${crypto.randomUUID()}`, ...claims }))
      assert.strictEqual((await write(body.token, "Hello")).status, 202)
      const event = world.timeline.events.at(-1)
      assert.strictEqual(event?._tag, "Message")
      if (event?._tag !== "Message") continue
      assert.strictEqual(event.sender.kind, "external")
      assert.match(event.sender.value, new RegExp(`^${siteKey}:mail-`))
      assert.isTrue(event.sender.verified)
      assert.strictEqual(event.sender.also?.[0]?.value, wanted)
    }
  })

  const now = seconds()
  const b64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url")
  const claims = { sub: "user-1", aud: siteKey, iat: now, exp: now + 600 }
  const none = (alg: string) => `${b64({ alg, kid: "hs" })}.${b64(claims)}.`
  /** The public key as the secret of an HMAC: what a careless verifier takes. */
  const confused = (kid: string, key: string) => {
    const text = `${b64({ alg: "HS256", kid })}.${b64(claims)}`
    return `${text}.${createHmac("sha256", key).update(text).digest("base64url")}`
  }
  const refusals: ReadonlyArray<readonly [string, () => string | Promise<string>]> = [
    ["alg none", () => none("none")],
    ["alg nOnE", () => none("nOnE")],
    ["the RSA public key as HMAC secret", () => confused("rs", pem(rsa.publicKey))],
    ["the Ed25519 public key as HMAC secret", () => confused("ed", pem(ed.publicKey))],
    ["another secret", () => confused("hs", "another-secret-of-more-than-32-bytes")],
    ["a key that is not there", () => confused("nobody", secret)],
    ["no kid where there are several keys", () => confused("", secret)],
    ["an expired token", () => sign({ iat: now - 4_000, exp: now - 120 })],
    ["a token for ten years", () => sign({ exp: now + 315_360_000 })],
    [
      "a token for ten years that was made in the future",
      () => sign({ iat: now + 315_356_500, exp: now + 315_360_000 }),
    ],
    ["a token for two hours", () => sign({ exp: now + 7_200 })],
    ["no exp", () => sign({ exp: undefined })],
    ["another audience", () => sign({ aud: "site_other_002" })],
    ["no audience", () => sign({ aud: undefined })],
    ["no subject", () => sign({ sub: undefined })],
    ["an empty subject", () => sign({ sub: "" })],
    ["a token of the future", () => sign({ nbf: now + 600 })],
    ["RS256 by the wrong key", async () => await sign({}, { alg: "RS256", kid: "hs" })],
    [
      "a changed body",
      async () => (await sign()).replace(/\.[^.]+\./, `.${b64({ ...claims, sub: "boss" })}.`),
    ],
    ["no token at all", () => "hello"],
    ["a huge token", () => `${"a".repeat(20_000)}.b.c`],
  ]
  it.each(refusals)("is refused: %s", async (_, make) => {
    const { body, status } = await identify(await make())
    assert.strictEqual(status, 401, JSON.stringify(body))
    assert.strictEqual(body.error, "identity_refused")
    assert.notInclude(JSON.stringify(body), secret)
  })

  it("is taken a minute after its end: clocks differ", async () => {
    const { status } = await identify(await sign({ iat: seconds() - 600, exp: seconds() - 20 }))
    assert.strictEqual(status, 200)
  })
})

describe("from anonymous to known", () => {
  it("the conversation under way goes on, and the old token reads no more", async () => {
    const before = await me.session()
    await write(before.token, "I need help with my order")
    const { body: known } = await identify(await sign({ sub: "mover" }), before.token)
    assert.strictEqual(known.conversation, before.conversation)
    world.timeline.say(before.conversation, "human", "Your card ends in 1234", { authorName: "Sam" })
    const read = await (await me.get("lines", known.token)).text()
    assert.include(read, "1234")
    // Somebody who has kept the token (a shared computer) must not.
    const stolen = await me.get("lines", before.token)
    assert.strictEqual(stolen.status, 401)
    assert.notInclude(await stolen.text(), "1234")
  })

  it("the thread itself remembers whose it is, also after a restart", async () => {
    const before = await me.session()
    await write(before.token, "Hello")
    const { body: known } = await identify(await sign({ sub: "keeper" }), before.token)
    await write(known.token, "It is me")
    const { body: thief } = await identify(await sign({ sub: "thief" }), before.token)
    assert.notStrictEqual(thief.conversation, before.conversation)
    await world.stop()
    await world.restart()
    assert.strictEqual((await me.get("lines", before.token)).status, 401)
    assert.strictEqual((await me.get("lines", known.token)).status, 200)
    // The browser's own ids come back without the mark.
    const page = JSON.parse(await (await me.get("lines", known.token)).text())
    for (const line of page.lines) assert.match(line.id, /^[0-9a-f-]{36}$/)
  })

  it("what is over does not come along, and a later session returns to one's own", async () => {
    const before = await me.session()
    await write(before.token, "Something private of somebody else")
    world.timeline.become(before.conversation, "closed")
    const { body: known } = await identify(await sign({ sub: "late" }), before.token)
    assert.match(known.conversation, /^u[0-9a-f]{40}$/)
    assert.notInclude(await (await me.get("lines", known.token)).text(), "private")

    const open = await me.session()
    await write(open.token, "Open question")
    const { body: moved } = await identify(await sign({ sub: "late" }), open.token)
    assert.strictEqual(moved.conversation, open.conversation)
    world.timeline.become(open.conversation, "closed")
    const later = JSON.parse(await (await me.post("session", {}, moved.token)).text())
    assert.strictEqual(later.conversation, known.conversation)
  })

  it("two people at one browser keep apart", async () => {
    const { body: ann } = await identify(await sign({ sub: "ann" }))
    await write(ann.token, "I am Ann")
    const { body: bob } = await identify(await sign({ sub: "bob" }), ann.token)
    assert.notStrictEqual(bob.conversation, ann.conversation)
    assert.notInclude(await (await me.get("lines", bob.token)).text(), "I am Ann")
  })

  it("a stream of the old token ends when the thread becomes somebody's", async () => {
    const before = await me.session()
    await write(before.token, "Hello")
    const { ticket } = JSON.parse(await (await me.post("ticket", {}, before.token)).text())
    const stream = await fetch(me.url("stream", { ticket }), { headers: { origin: world.origin } })
    assert.strictEqual(stream.status, 200)
    const text = stream.text()
    const { body: known } = await identify(await sign({ sub: "streamer" }), before.token)
    await write(known.token, "Now it is mine")
    world.timeline.say(before.conversation, "human", "Secret for the owner")
    const all = await text
    assert.include(all, "event: gone")
    assert.notInclude(all, "Secret for the owner")
    await until("no listener is left", () => world.timeline.thread(before.conversation).listeners.size === 0)
  })
})
