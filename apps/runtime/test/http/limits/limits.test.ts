/** Rate limits, on a real port: strangers are held back, whoever proves who they are is not. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { checkConfig } from "../../../src/config/load.ts"
import { hookUrls } from "../../../src/layers/HookUrls.ts"
import { Effect } from "effect"
import { type Answer, type Server, startServer } from "../../support/server.ts"

const operatorToken = "operator-token-5f1c9e7a"
const postmark = { username: "opencx", password: "postmark-password-1" }

let server: Server
let hook: string

beforeAll(async () => {
  server = await startServer({
    operatorToken,
    http: { host: "127.0.0.1", port: 0, callsPerMinute: 30, refusalsPerMinute: 20 },
    organizations: [
      {
        id: "acme",
        name: "Acme",
        accounts: [
          {
            id: "support",
            channel: "email",
            settings: {
              address: "support@acme.example",
              displayName: "Acme",
              outbound: { host: "127.0.0.1", port: 1, starttls: "never" },
              inbound: { postmark },
              authentication: "trust",
            },
          },
        ],
      },
    ],
  })
  const [only] = await server.within(hookUrls)
  hook = new URL(only?.url ?? "").pathname
})
afterAll(() => server?.close())

const from = (address: string, more: Readonly<Record<string, string>> = {}) => ({
  headers: { "x-forwarded-for": address, ...more },
})

const statuses = async (times: number, ask: () => Promise<Answer>): Promise<ReadonlyArray<number>> => {
  const seen: Array<number> = []
  for (let n = 0; n < times; n++) seen.push((await ask()).status)
  return seen
}

const logIn = (address: string, token: string) =>
  server.ask("/login", {
    method: "POST",
    headers: {
      "x-forwarded-for": address,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: new URLSearchParams({ token }).toString(),
  })

const basic = `Basic ${Buffer.from(`${postmark.username}:${postmark.password}`).toString("base64")}`
const mail = (n: number) =>
  JSON.stringify({
    From: "dana@example.com",
    FromFull: { Email: "dana@example.com", Name: "Dana", MailboxHash: "" },
    To: "support@acme.example",
    ToFull: [{ Email: "support@acme.example", Name: "", MailboxHash: "" }],
    OriginalRecipient: "support@acme.example",
    Subject: "Hello",
    MessageID: `limits-${n}`,
    TextBody: "A question.",
    Headers: [],
    Attachments: [],
  })
const deliver = (address: string, n: number, authorization = basic, path = hook) =>
  server.ask(path, {
    method: "POST",
    headers: { "x-forwarded-for": address, authorization, "content-type": "application/json" },
    body: mail(n),
  })

describe("what anybody may see", () => {
  it("is given so many times a minute, then 429 with the time to wait", async () => {
    const seen = await statuses(34, () => server.ask("/healthz", from("198.51.100.1")))
    assert.deepStrictEqual([...new Set(seen.slice(0, 30))], [200])
    const last = await server.ask("/login", from("198.51.100.1"))
    assert.strictEqual(last.status, 429)
    assert.match(String(last.headers["retry-after"]), /^[1-9]\d?$/)
    assert.strictEqual(JSON.parse(last.text).error, "slow_down")
    assert.strictEqual(last.headers["x-content-type-options"], "nosniff")
    // Paths that do not exist count as well.
    assert.strictEqual((await server.ask("/nope", from("198.51.100.1"))).status, 429)
  })

  it("is still given to others", async () => {
    await statuses(40, () => server.ask("/healthz", from("198.51.100.2")))
    assert.strictEqual((await server.ask("/healthz", from("198.51.100.2"))).status, 429)
    assert.strictEqual((await server.ask("/healthz", from("198.51.100.3"))).status, 200)
  })

  it("counts the addresses of one IPv6 network as one", async () => {
    await statuses(40, () => server.ask("/healthz", from("2001:db9:1:2::1")))
    assert.strictEqual((await server.ask("/healthz", from("2001:db9:1:2:ffff::9"))).status, 429)
    assert.strictEqual((await server.ask("/healthz", from("2001:db9:1:3::1"))).status, 200)
  })

  it("cannot be had by making up hops before one's own", async () => {
    let n = 0
    const asking = () => server.ask("/healthz", from(`10.9.9.${(n += 1)}, 198.51.100.4`))
    assert.include(await statuses(40, asking), 429)
    // A proxy of ours before the one that we see, and a hop that is no address.
    assert.strictEqual((await server.ask("/healthz", from("198.51.100.4, 127.0.0.5"))).status, 429)
    assert.strictEqual((await server.ask("/healthz", from("not an address"))).status, 200)
  })
})

describe("the login", () => {
  it("after ten wrong tokens looks at none, the right one neither, for a while", async () => {
    const wrong = await statuses(11, () => logIn("198.51.100.10", "wrong-wrong-wrong-wrong"))
    assert.deepStrictEqual(
      wrong.slice(0, 10),
      Array.from({ length: 10 }, () => 401),
    )
    assert.strictEqual(wrong[10], 429)
    const refused = await logIn("198.51.100.10", operatorToken)
    assert.strictEqual(refused.status, 429)
    assert.isUndefined(refused.headers["set-cookie"])
    assert.strictEqual((await logIn("198.51.100.11", operatorToken)).status, 303)
  })

  it("does not count those that succeed", async () => {
    const seen = await statuses(25, () => logIn("198.51.100.12", operatorToken))
    assert.deepStrictEqual([...new Set(seen)], [303])
  })
})

describe("what needs a proof", () => {
  it("webhooks that are genuine are never held back, also beside forged ones of the same address", async () => {
    const forged = await statuses(30, () => deliver("198.51.100.20", 0, "Basic Zm9vOmJhcg=="))
    assert.deepStrictEqual([...new Set(forged.slice(0, 20))], [401])
    assert.include(forged, 429)
    let n = 0
    const genuine = await statuses(60, () => deliver("198.51.100.20", (n += 1)))
    assert.deepStrictEqual([...new Set(genuine)], [200])
    const wrong = `${hook.slice(0, -4)}aaaa`
    assert.include(await statuses(20, () => deliver("198.51.100.20", 1, basic, wrong)), 429)
  })

  it("operators with their token are not either; without it they are", async () => {
    const bearer = { authorization: `Bearer ${operatorToken}` }
    const guessing = await statuses(30, () => server.ask("/api/me", from("198.51.100.21")))
    assert.deepStrictEqual([...new Set(guessing.slice(0, 20))], [401])
    assert.strictEqual(guessing.at(-1), 429)
    assert.strictEqual((await server.ask("/sessions", from("198.51.100.21"))).status, 429)
    assert.strictEqual((await server.ask("/metrics", from("198.51.100.21"))).status, 429)
    const seen = await statuses(40, () => server.ask("/api/me", from("198.51.100.21", bearer)))
    assert.deepStrictEqual([...new Set(seen)], [200])
  })

  it("files: wrong addresses are counted", async () => {
    const seen = await statuses(30, () => server.ask("//files/x.y/name", from("198.51.100.22")))
    assert.deepStrictEqual([...new Set(seen.slice(0, 20))], [404])
    assert.strictEqual(seen.at(-1), 429)
  })
})

describe("trusted proxies", () => {
  it("that are not named are not believed", async () => {
    const strict = await startServer({
      http: { host: "127.0.0.1", port: 0, callsPerMinute: 20, trustedProxies: ["10.0.0.0/8"] },
    })
    try {
      let n = 0
      const seen = await statuses(24, () => strict.ask("/healthz", from(`198.51.100.${(n += 1)}`)))
      assert.include(seen, 429)
    } finally {
      await strict.close()
    }
  })

  it("are networks, or the configuration is refused with an example", async () => {
    for (const bad of ["10.0.0.1/8", "proxy.example", "", "10.0.0.0", "10.0.0.0/33"]) {
      const raw = { http: { trustedProxies: [bad] }, organizations: [{ id: "a", name: "A" }] }
      const error = await Effect.runPromise(Effect.flip(checkConfig(raw, {}, "the file")))
      assert.include(error.problem, "10.0.0.0/8", bad)
      assert.include(error.problem, "trustedProxies")
    }
  })
})
