/** The operators' pages: closed to everybody else, not to be driven from other sites, and silent about secrets. */
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { request } from "node:http"
import { eventuallyAsked, operatorOf, settled } from "../support/operator.ts"
import { customerOf, type DeskTicket, handedOff, signedSignal } from "../support/people.ts"
import { type Site, startInstallation, startSite } from "../support/world.ts"

const operatorToken = "operator-token-5f1c9e7a"
const bearer = { authorization: `Bearer ${operatorToken}` }

let site: Site
let ticket: DeskTicket

beforeAll(async () => {
  const [only] = await startInstallation({
    organizations: ["guarded"],
    change: (config) => ({ ...config, operatorToken }),
  })
  if (only === undefined) throw new Error("nothing was installed")
  site = only
  ticket = (
    await handedOff(
      site,
      customerOf(site, "dana@example.com"),
      "I want to talk to a human. My secret is 4471.",
    )
  ).ticket
})
afterAll(() => site?.close())

const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
  fetch(site.runtimeUrl + path, { headers, redirect: "manual" })

const send = (path: string, headers: Readonly<Record<string, string>>, body = "") =>
  fetch(site.runtimeUrl + path, { method: "POST", headers, body, redirect: "manual" })

const logIn = async (next = "/sessions", token = operatorToken) =>
  send(
    "/login",
    { "content-type": "application/x-www-form-urlencoded" },
    new URLSearchParams({ token, next }).toString(),
  )

const cookieOf = (answer: Response): string => (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? ""

const api = "/api/organizations/guarded"
const nobody = "00000000-0000-4000-8000-000000000000"

describe("without the operator token", () => {
  const wrong: ReadonlyArray<Readonly<Record<string, string>>> = [
    {},
    { authorization: "Bearer wrong-token-wrong-token" },
    { authorization: `Bearer ${operatorToken} x` },
    { authorization: `Basic ${Buffer.from(`x:${operatorToken}`).toString("base64")}` },
    { cookie: `opencx_operator=${operatorToken}` },
    { cookie: "opencx_operator=" },
    { "x-forwarded-for": "127.0.0.1", host: "localhost" },
  ]

  it("pages lead to the login, the API and the metrics refuse, and nothing is told", async () => {
    const session = `guarded/${ticket.external_id}`
    for (const headers of wrong) {
      for (const path of ["/sessions", `/sessions/${session}`, "/dead-letters"]) {
        const answer = await get(path, headers)
        assert.strictEqual(answer.status, 303)
        assert.strictEqual(answer.headers.get("location"), `/login?next=${encodeURIComponent(path)}`)
        assert.notInclude(await answer.text(), "4471")
      }
      for (const path of [
        `${api}/sessions`,
        `${api}/sessions/${ticket.external_id}`,
        `${api}/dead-letters`,
      ]) {
        const answer = await get(path, headers)
        assert.strictEqual(answer.status, 401)
        assert.notInclude(await answer.text(), "4471")
      }
      assert.strictEqual((await get("/metrics", headers)).status, 401)
      for (const path of [
        `${api}/sessions/${ticket.external_id}/commands`,
        `${api}/dead-letters/00000000-0000-4000-8000-000000000000/replay`,
      ]) {
        assert.strictEqual(
          (await send(path, { ...headers, "content-type": "application/json" }, '{"command":"close"}'))
            .status,
          401,
        )
      }
      assert.strictEqual((await send(`/dead-letters/acme/${nobody}/replay`, headers)).status, 403)
    }
    assert.strictEqual(
      (await operatorOf(site, bearer).session(ticket.external_id ?? "")).session.state,
      "handing_off",
    )
  })

  it("health says that it lives, and no more", async () => {
    assert.deepStrictEqual(await (await get("/healthz")).json(), { ok: true })
    assert.strictEqual((await get("/readyz")).status, 200)
  })
})

describe("the login", () => {
  it("opens with the token alone, by a cookie that is not the token", async () => {
    const refused = await logIn("/sessions", "wrong")
    assert.strictEqual(refused.status, 401)
    assert.isNull(refused.headers.get("set-cookie"))
    const opened = await logIn()
    assert.strictEqual(opened.status, 303)
    const cookie = opened.headers.get("set-cookie") ?? ""
    assert.match(cookie, /HttpOnly/i)
    assert.match(cookie, /SameSite=(Lax|Strict)/i)
    assert.notInclude(cookie, operatorToken)
    const page = await get(`/sessions/guarded/${ticket.external_id}`, { cookie: cookieOf(opened) })
    assert.strictEqual(page.status, 200)
    assert.include(await page.text(), "4471")
    assert.strictEqual(page.headers.get("cache-control"), "no-store")
  })

  it("leads to pages of our own only", async () => {
    const elsewhere = [
      "https://evil.example",
      "//evil.example",
      "/\\evil.example",
      "\\\\evil.example",
      "/\t/evil.example",
      "/\n/evil.example",
      "/\r\n/evil.example",
      "\t//evil.example",
      "javascript:alert(1)",
      "/%0d%0aSet-Cookie:x=1",
      "",
      "evil.example",
    ]
    for (const next of elsewhere) {
      for (const answer of [await logIn(next), await get(`/login?next=${encodeURIComponent(next)}`)]) {
        const location =
          answer.headers.get("location") ?? /name="next" value="([^"]*)"/.exec(await answer.text())?.[1] ?? ""
        // What a browser makes of it.
        const goes = new URL(location, site.runtimeUrl)
        assert.strictEqual(goes.origin, site.runtimeUrl, JSON.stringify(next))
        assert.isNull(answer.headers.get("x"), JSON.stringify(next))
        assert.isBelow(answer.status, 500, JSON.stringify(next))
      }
    }
    assert.strictEqual((await logIn("/dead-letters?x=1")).headers.get("location"), "/dead-letters?x=1")
  })

  it("takes no body without end", async () => {
    const answer = await send(
      "/login",
      { "content-type": "application/x-www-form-urlencoded" },
      `token=${"a".repeat(50_000)}`,
    )
    assert.strictEqual(answer.status, 413)
  })
})

describe("commands", () => {
  it("that another site makes a browser send are refused, cookie or not", async () => {
    const cookie = cookieOf(await logIn())
    const path = `${api}/sessions/${ticket.external_id}/commands`
    const command = JSON.stringify({ command: "close" })
    const foreign: ReadonlyArray<Readonly<Record<string, string>>> = [
      { cookie, origin: "https://evil.example" },
      { cookie, origin: "null" },
      { cookie, "sec-fetch-site": "cross-site" },
      { cookie, "sec-fetch-site": "same-site", origin: "http://sub.127.0.0.1" },
    ]
    for (const headers of foreign) {
      for (const type of ["text/plain", "application/json", "application/x-www-form-urlencoded"]) {
        assert.strictEqual((await send(path, { ...headers, "content-type": type }, command)).status, 403)
      }
    }
    assert.strictEqual(
      (await operatorOf(site, bearer).session(ticket.external_id ?? "")).session.state,
      "handing_off",
    )
  })

  it("that nobody knows are refused with 400, for unknown sessions with 404", async () => {
    const path = (org: string, id: string) => `/api/organizations/${org}/sessions/${id}/commands`
    const json = { ...bearer, "content-type": "application/json" }
    for (const body of ["", "{}", '{"command":"drop"}', "[".repeat(50_000), '{"command":["close"]}']) {
      assert.strictEqual(
        (await send(path("guarded", ticket.external_id ?? ""), json, body)).status,
        400,
        body.slice(0, 30),
      )
    }
    assert.strictEqual(
      (await send(path("guarded", "00000000-0000-4000-8000-000000000000"), json, '{"command":"close"}'))
        .status,
      404,
    )
    assert.strictEqual(
      (await send(path("other", ticket.external_id ?? ""), json, '{"command":"close"}')).status,
      404,
    )
    for (const id of ["x", "00000000-0000-4000-8000-000000000000", "%00", "' OR 1=1"]) {
      const replay = `dead-letters/${encodeURIComponent(id)}/replay`
      assert.include([400, 404], (await send(`${api}/${replay}`, json, "{}")).status)
      const page = `/dead-letters/acme/${encodeURIComponent(id)}/replay`
      assert.strictEqual((await send(page, json)).status, 404)
    }
    const large = await send(
      path("guarded", ticket.external_id ?? ""),
      json,
      `{"command":"close","key":"${"k".repeat(30_000_000)}"}`,
    )
    assert.include([400, 413], large.status)
    await settled(site, bearer)
    assert.strictEqual(
      (await operatorOf(site, bearer).session(ticket.external_id ?? "")).session.state,
      "handing_off",
    )
  })

  it("of an operator are carried out", async () => {
    const path = `${api}/sessions/${ticket.external_id}/commands`
    const origin = {
      cookie: cookieOf(await logIn()),
      origin: site.runtimeUrl,
      "sec-fetch-site": "same-origin",
      "content-type": "application/json",
    }
    assert.strictEqual((await send(path, origin, '{"command":"hand_back"}')).status, 202)
    await eventuallyAsked(
      "the session with the AI",
      async () => (await operatorOf(site, bearer).session(ticket.external_id ?? "")).session.state === "ai",
    )
  })
})

describe("what is logged", () => {
  it("holds no secret, whatever went wrong", async () => {
    const body = JSON.stringify({ ticket_id: ticket.id })
    await fetch(site.hook, { method: "POST", body, headers: signedSignal("wrong", body) })
    await fetch(site.hook, { method: "POST", body: "{", headers: signedSignal(site.signingSecret, "{") })
    await get(`${api}/sessions`, { authorization: "Bearer almost-the-token-5f1c" })
    // Zendesk fails in every way, and forgets our token in between.
    site.emulator.advanceClock(24 * 3_600_000)
    for (const kind of ["status500html", "status503", "resetBeforeCommit", "status429text"] as const)
      site.emulator.addFault({ kind, times: 1 })
    site.sink.refuse({ code: 451, message: "not now" })
    const noa = customerOf(site, "noa@example.com")
    await noa.write("I want to talk to a human.")
    await eventuallyAsked("a failure in the log", async () =>
      site.logs.some((line) => line.includes("next try in")),
    )
    site.sink.refuse(null)
    await noa.gets("the handoff message", (m) => m.text.includes("colleague"), 25)
    site.emulator.advanceClock(-24 * 3_600_000)
    await settled(site, bearer)

    const hookToken = site.hook.slice(site.hook.lastIndexOf("/") + 1)
    const plusTag = /\+([a-z0-9]+)@/.exec(noa.mails()[0]?.replyTo ?? "")?.[1]
    const secrets = ["opencx-secret", operatorToken, hookToken, site.signingSecret, plusTag]
    const all = site.logs.join("\n")
    assert.isAbove(all.length, 1000)
    assert.notMatch(all, /\b(Bearer|Basic) (?!<redacted>)[A-Za-z0-9+/=_-]{8,}/)
    for (const secret of secrets) {
      assert.isAbove((secret ?? "").length, 8)
      assert.isFalse(
        all.includes(secret ?? ""),
        `a secret of ${secret?.length} characters is in the log: ${site.logs.find((l) => l.includes(secret ?? ""))}`,
      )
    }
    const told = [
      await (await get(`${api}/dead-letters`, bearer)).text(),
      await (await get("/metrics", bearer)).text(),
      await (await get("/readyz")).text(),
    ].join("\n")
    for (const secret of secrets) assert.isFalse(told.includes(secret ?? ""))
  })
})

describe("without an operator token, on loopback", () => {
  let open: Site
  beforeAll(async () => {
    open = await startSite()
  })
  afterAll(() => open.close())

  /** As `fetch`, but with a Host of our choice. */
  const ask = (path: string, headers: Readonly<Record<string, string>>, method = "GET"): Promise<number> =>
    new Promise((resolve, reject) => {
      const asking = request(open.runtimeUrl + path, { method, headers }, (answer) => {
        answer.resume()
        resolve(answer.statusCode ?? 0)
      })
      asking.on("error", reject)
      asking.end()
    })

  it("the pages are open to this machine", async () => {
    assert.strictEqual(await ask("/sessions", {}), 200)
    assert.strictEqual(
      await ask("/api/organizations", { host: `localhost:${new URL(open.runtimeUrl).port}` }),
      200,
    )
  })

  it("but not to a site that took our address as its own, nor to what a proxy passes on", async () => {
    const port = new URL(open.runtimeUrl).port
    const strange: ReadonlyArray<Readonly<Record<string, string>>> = [
      { host: `evil.example:${port}` },
      { host: `evil.example:${port}`, origin: `http://evil.example:${port}` },
      { "x-forwarded-for": "203.0.113.9" },
      { forwarded: "for=203.0.113.9" },
    ]
    for (const headers of strange) {
      assert.strictEqual(await ask("/sessions", headers), 303, JSON.stringify(headers))
      assert.strictEqual(await ask("/api/organizations", headers), 401, JSON.stringify(headers))
      assert.strictEqual(await ask("/metrics", headers), 401, JSON.stringify(headers))
    }
    assert.strictEqual(
      await ask(`/dead-letters/acme/${nobody}/replay`, { origin: "https://evil.example" }, "POST"),
      403,
    )
    assert.strictEqual(
      await ask(`/dead-letters/acme/${nobody}/replay`, { origin: open.runtimeUrl }, "POST"),
      404,
    )
  })
})
