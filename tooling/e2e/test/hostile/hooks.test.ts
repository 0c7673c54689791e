/** What anybody may send to the runtime's port. Nothing of it ends the process, costs much, or has an effect. */
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { operatorOf, sessionState, settled } from "../support/operator.ts"
import { customerOf, type DeskTicket, handedOff, signedSignal, ticketsOf } from "../support/people.ts"
import { talk } from "../support/sockets.ts"
import { type Site, startSite } from "../support/world.ts"

let site: Site
let ticket: DeskTicket

beforeAll(async () => {
  site = await startSite()
  ticket = (await handedOff(site, customerOf(site, "dana@example.com"))).ticket
  await settled(site)
})
afterAll(() => site.close())

const post = (url: string, body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}) =>
  fetch(url, { method: "POST", body, headers: { "content-type": "application/json", ...headers } })

const signed = (body: string, at?: Date) => post(site.hook, body, signedSignal(site.signingSecret, body, at))

const signal = () => JSON.stringify({ ticket_id: ticket.id, external_id: ticket.external_id, status: "open" })

/** Nothing was accepted, nothing asked of Zendesk, and the runtime is well. */
const withoutEffect = async (act: () => Promise<void>) => {
  const before = {
    calls: site.emulator.calls().length,
    tickets: JSON.stringify(ticketsOf(site)),
    mails: site.sink.mails().length,
  }
  await act()
  await settled(site)
  assert.strictEqual(site.emulator.calls().length, before.calls)
  assert.strictEqual(JSON.stringify(ticketsOf(site)), before.tickets)
  assert.strictEqual(site.sink.mails().length, before.mails)
  assert.strictEqual((await fetch(`${site.runtimeUrl}/readyz`)).status, 200)
}

describe("signatures", () => {
  it("that are missing, forged, old, from the future or of other bytes are refused with 401", () =>
    withoutEffect(async () => {
      const body = signal()
      const good = signedSignal(site.signingSecret, body)
      const {
        "x-zendesk-webhook-signature": signature = "",
        "x-zendesk-webhook-signature-timestamp": timestamp = "",
      } = good
      const minutes = (n: number) => new Date(Date.now() + n * 60_000)
      const bad: ReadonlyArray<readonly [string, Readonly<Record<string, string>>, string]> = [
        ["no signature", {}, body],
        ["only a timestamp", { "x-zendesk-webhook-signature-timestamp": timestamp }, body],
        ["only a signature", { "x-zendesk-webhook-signature": signature }, body],
        ["another secret", signedSignal("another-secret", body), body],
        ["an empty secret", signedSignal("", body), body],
        ["other bytes", good, body.replace("open", "solved")],
        ["one more blank", good, `${body} `],
        [
          "another timestamp",
          { ...good, "x-zendesk-webhook-signature-timestamp": minutes(1).toISOString() },
          body,
        ],
        ["eleven minutes ago", signedSignal(site.signingSecret, body, minutes(-11)), body],
        ["in eleven minutes", signedSignal(site.signingSecret, body, minutes(11)), body],
        ["a cut signature", { ...good, "x-zendesk-webhook-signature": signature.slice(0, 20) }, body],
        ["a signature of rubbish", { ...good, "x-zendesk-webhook-signature": "%%%%" }, body],
      ]
      for (const [name, headers, bytes] of bad)
        assert.strictEqual((await post(site.hook, bytes, headers)).status, 401, name)
    }))

  it("do not help with a URL that we did not make", () =>
    withoutEffect(async () => {
      const body = signal()
      const base = site.hook.slice(0, site.hook.lastIndexOf("/") + 1)
      const token = site.hook.slice(base.length)
      const [org = "", mac = ""] = token.split(".")
      const others = [
        `${token.slice(0, -2)}${token.endsWith("zz") ? "aa" : "zz"}`,
        `other.${mac}`,
        org,
        `.${mac}`,
        `${org}.${org}.${mac}`,
        token.toUpperCase(),
        "a".repeat(5000),
        "%00",
        "%2e%2e%2f",
        "x.y",
      ]
      for (const other of others) {
        const answer = await post(base + other, body, signedSignal(site.signingSecret, body))
        assert.include([400, 401, 404], answer.status, other.slice(0, 40))
      }
      // A token for one purpose is none for another.
      assert.strictEqual((await post(`${site.runtimeUrl}/hooks/email/${token}`, body)).status, 401)
    }))
})

describe("bodies", () => {
  it("that are too large are refused, announced or not, and nothing is kept", () =>
    withoutEffect(async () => {
      const large = `{"ticket_id":"${ticket.id}","x":"${"a".repeat(1_500_000)}"}`
      assert.strictEqual((await signed(large)).status, 413)
      const chunked = new ReadableStream({
        start: (controller) => {
          for (let n = 0; n < 40; n += 1) controller.enqueue(new TextEncoder().encode("a".repeat(50_000)))
          controller.close()
        },
      })
      const init: RequestInit & { readonly duplex: "half" } = {
        method: "POST",
        body: chunked,
        duplex: "half",
      }
      assert.include([400, 413], (await fetch(site.hook, init)).status)
      const port = Number(new URL(site.runtimeUrl).port)
      const path = new URL(site.hook).pathname
      const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n{`
      const huge = await talk(port, head, { withinMs: 5000, untilText: /HTTP\/1\.1 \d{3}/ })
      assert.match(huge.text, /^HTTP\/1\.1 413/)
    }))

  it("that are no signal are refused with 400", () =>
    withoutEffect(async () => {
      const depth = 100_000
      const bodies: ReadonlyArray<readonly [string, string]> = [
        ["nothing", ""],
        ["deep arrays", "[".repeat(depth) + "]".repeat(depth)],
        ["deep objects", `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`],
        ["deep and never closed", '{"ticket_id":'.repeat(depth / 2)],
        ["a list", "[1,2,3]"],
        ["null", "null"],
        ["a number", "42"],
        ["no ticket", '{"status":"open"}'],
        ["a ticket that is an object", '{"ticket_id":{"id":1}}'],
        ["a ticket that is a list", '{"ticket_id":[1]}'],
        ["a ticket that is a path", '{"ticket_id":"1/../../users/1"}'],
        ["a ticket that is SQL", `{"ticket_id":"1; DROP TABLE opencx_sessions"}`],
        ["a negative ticket", '{"ticket_id":-1}'],
        ["a ticket without end", `{"ticket_id":"${"9".repeat(400)}"}`],
        ["a prototype", '{"__proto__":{"ticket_id":"1"}}'],
        ["not UTF-8 at all", "\u0000\u0001\ufffd"],
      ]
      for (const [name, body] of bodies) assert.strictEqual((await signed(body)).status, 400, name)
    }))

  it("whose JSON a placeholder broke still count, for what they are: a hint to look", async () => {
    site.emulator.agent(ticket.id, { action: "note", body: "INTERNAL" })
    await settled(site)
    const broken = `{"ticket_id": "${ticket.id}", "subject": "He said "hello"\n", "status": "open"}`
    assert.strictEqual((await signed(broken)).status, 200)
    await settled(site)
    await sessionState(site, ticket.external_id, "handing_off")
    assert.isFalse(site.sink.mails().some((m) => m.text.includes("INTERNAL")))
  })

  it("that name tickets of others are taken and ignored", () =>
    withoutEffect(async () => {
      for (const other of ["999999", "9007199254740993", "0"]) {
        const answer = await signed(JSON.stringify({ ticket_id: other, external_id: "no-session-of-ours" }))
        assert.strictEqual(answer.status, 200)
        assert.include(await answer.text(), "ignored")
      }
    }))
})

describe("the rest of the port", () => {
  it("knows no other paths and methods, and never says 500", () =>
    withoutEffect(async () => {
      const paths = [
        "/nope",
        "/hooks",
        "/hooks/",
        "/hooks/zendesk",
        "/hooks/zendesk/ticketing",
        "/hooks/sms/x.y",
        "/.env",
        "/..%2f..%2fetc/passwd",
        "/%00",
        "/%ff%fe",
        "/api",
        "/api/organizations/../../x",
        "/sessions/larkspoke/not-a-uuid",
        "/sessions/%2e%2e/x",
        `/${"a".repeat(8000)}`,
        "/demo/nope",
      ]
      for (const path of paths) {
        for (const method of ["GET", "POST", "PUT", "DELETE", "OPTIONS"]) {
          const answer = await fetch(site.runtimeUrl + path, { method, redirect: "manual" })
          assert.include([400, 401, 403, 404, 405], answer.status, `${method} ${path.slice(0, 60)}`)
        }
      }
      assert.include([404, 405], (await fetch(site.hook)).status)
    }))

  it("answers requests that are no HTTP with 400, and goes on", () =>
    withoutEffect(async () => {
      const port = Number(new URL(site.runtimeUrl).port)
      const nonsense = [
        "\u0016\u0003\u0001\u0002\u0000\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "GET /sessions HTTP/1.1\r\nHost: a\r\nHost: b\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
        `GET / HTTP/1.1\r\nHost: x\r\nX: ${"a".repeat(70_000)}\r\n\r\n`,
        "POST /login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n",
      ]
      for (const bytes of nonsense) {
        const { text } = await talk(port, bytes, { withinMs: 4000, untilText: /HTTP\/1\.1 \d{3}/ })
        assert.match(text, /^(HTTP\/1\.1 4\d\d|$)/, bytes.slice(0, 30))
      }
    }))

  it("holds back slow senders without making others wait, and lets them go in the end", async () => {
    const port = Number(new URL(site.runtimeUrl).port)
    const slow = Array.from({ length: 60 }, () =>
      talk(port, "POST /hooks/zendesk/ticketing/x.y HTTP/1.1\r\nHost: x\r\nX-Slow: ", { withinMs: 25_000 }),
    )
    const began = Date.now()
    const answer = await signed(signal())
    assert.strictEqual(answer.status, 200)
    assert.isBelow(Date.now() - began, 2000)
    for (const { ms, text } of await Promise.all(slow)) {
      assert.match(text, /^(HTTP\/1\.1 408|$)/)
      assert.isBelow(ms, 20_000, "the connection was closed by the server")
    }
  }, 40_000)

  it("serves on after all this", async () => {
    site.emulator.agent(ticket.id, { action: "reply", body: "Still here." })
    await customerOf(site, "dana@example.com").gets("the reply", (m) => m.text.includes("Still here"))
    assert.strictEqual((await operatorOf(site).deadLetters()).length, 0)
    assert.isFalse(
      site.logs.some((line) => line.includes("A webhook handler failed")),
      site.logs.filter((l) => l.includes("failed")).join("\n"),
    )
  })
})
