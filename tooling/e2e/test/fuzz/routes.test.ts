/**
 * Every route of a running runtime under rubbish: no 500, no crash, no memory that stays, no answer that takes for ever. The
 * routes are those that the runtime names at its start, so that a new one is under test as soon as it exists.
 */
import {
  brokenBytes,
  brokenFields,
  brokenJson,
  brokenText,
  fuzzSeeds,
  hostileText,
  type Noise,
  noise,
  repeatedBy,
} from "@opencx/testing"
import { siteKey } from "@opencx/runtime"
import { request } from "node:http"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { operatorOf } from "../support/operator.ts"
import { type ChatSite, startSite } from "../support/world.ts"

let site: ChatSite
let routes: ReadonlyArray<Route>

interface Route {
  readonly method: string
  readonly path: string
}

beforeAll(async () => {
  site = await startSite()
  routes = site.logs.flatMap((line) => {
    const found = /Route (\*|[A-Z]+) (\/[^\s"]*)/.exec(line)
    return found === null ? [] : [{ method: found[1] ?? "", path: found[2] ?? "" }]
  })
})
afterAll(() => site?.close())

interface Shot {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** Statuses, or `closed` when the server hung up on us. */
const fire = ({ body, headers, method, path }: Shot): Promise<number | "closed"> =>
  new Promise((resolve) => {
    const port = Number(new URL(site.runtimeUrl).port)
    const sent = request({ host: "127.0.0.1", port, method, path, headers, timeout: 20_000 }, (answer) => {
      answer.on("error", () => resolve("closed"))
      // A stream has no end: its head is its answer.
      if (String(answer.headers["content-type"]).startsWith("text/event-stream")) {
        sent.destroy()
        return resolve(answer.statusCode ?? 0)
      }
      answer.resume()
      answer.on("end", () => resolve(answer.statusCode ?? 0))
    })
    sent.on("timeout", () => sent.destroy(new Error("no answer within 20 s")))
    sent.on("error", (error) => resolve(error.message.startsWith("no answer") ? 0 : "closed"))
    sent.end(body)
  })

/** What an HTTP client lets through as a path. */
const asPath = (text: string): string => encodeURIComponent(text.toWellFormed()).slice(0, 2_000)

const segment = (name: string, next: Noise): string => {
  const tokens = [site.hook, site.messagingHook, ...site.hooks.map(({ url }) => url)].map(
    (url) => url.split("/").at(-1) ?? "",
  )
  if (next(3) === 0) return asPath(hostileText(next)) || "x"
  if (/token/.test(name))
    return asPath(
      next(2) === 0
        ? brokenText(tokens[next(tokens.length)] ?? "", next)
        : (tokens[next(tokens.length)] ?? ""),
    )
  return (
    ["larkspoke", "sms", "whatsapp", "email", "phone", "00000000-0000-4000-8000-000000000000"][next(6)] ?? ""
  )
}

const filled = ({ path }: Route, next: Noise): string => {
  const names = path.replace(/:(\w+)|\*/g, (_, name: string | undefined) => segment(name ?? "", next))
  const query = [
    `site=${siteKey}`,
    `site=${asPath(hostileText(next))}`,
    `next=${asPath(hostileText(next))}`,
    "",
  ]
  return `${names}?${query[next(query.length)]}`
}

const bodies: ReadonlyArray<readonly [string, (next: Noise) => string | Uint8Array]> = [
  [
    "application/json",
    (next) =>
      JSON.stringify(
        brokenJson(
          {
            command: "close",
            key: "k",
            text: "Hello",
            ticket_id: "35",
            jwt: "a.b.c",
            events: [{ id: "1", type: "x" }],
            from: "+14155550123",
          },
          next,
        ),
      ) ?? "",
  ],
  [
    "application/json",
    (next) => brokenText('{"id":"m1","text":"Hello","context":{"url":"https://x.example"}}', next),
  ],
  [
    "application/x-www-form-urlencoded",
    (next) =>
      new URLSearchParams(
        brokenFields({ token: "x", next: "/", from: "+14155550123", text: "Hi", CallSid: "CA1" }, next),
      ).toString(),
  ],
  [
    "multipart/form-data; boundary=b",
    (next) =>
      brokenText(
        '--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\nPNG\r\n--b--\r\n',
        next,
      ),
  ],
  ["application/octet-stream", (next) => brokenBytes(new Uint8Array(200), next)],
]

const headersOf = (next: Noise, type: string): Record<string, string> => {
  const printable = (text: string) => text.replace(/[^\x20-\x7e]/g, "?").slice(0, 2_000)
  const odd = [
    "authorization",
    "cookie",
    "origin",
    "x-forwarded-for",
    "accept",
    "x-api-key",
    "sec-fetch-site",
    "range",
    "if-none-match",
    "x-twilio-signature",
    "x-zendesk-webhook-signature-timestamp",
    "last-event-id",
  ]
  const chosen = odd[next(odd.length)] ?? "x-odd"
  return { "content-type": type, [chosen]: printable(hostileText(next)), connection: "close" }
}

const shotAt = (route: Route, next: Noise): Shot => {
  const method =
    route.method === "*" || next(10) === 0
      ? (["GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH"][next(7)] ?? "GET")
      : route.method
  const [type, make] = bodies[next(bodies.length)] ?? ["text/plain", () => ""]
  const body = method === "GET" || method === "HEAD" ? "" : make(next)
  return {
    method,
    path: filled(route, next),
    headers: headersOf(next, type),
    body: typeof body === "string" ? new TextEncoder().encode(body) : body,
  }
}

/** Without what only waits for its collection: that would be chance. */
const heapAfterCollection = (): number => {
  setFlagsFromString("--expose-gc")
  runInNewContext("gc")()
  return process.memoryUsage().heapUsed
}

describe("every route", () => {
  it("is known: those of the runtime, of its channels and of the demonstration", () => {
    const known = routes.map(({ method, path }) => `${method} ${path}`)
    for (const one of [
      "GET /healthz",
      "POST /hooks/:channel/:token",
      "POST /hooks/zendesk/ticketing/:token",
      "GET /files/:token/:name",
      "POST /widget/messages",
      "GET /widget/stream",
      "GET /phone/relay/:token",
      "POST /login",
      "GET /sessions",
    ])
      assert.include(known, one)
  })

  it("answers rubbish with a refusal, or with what it is for", { timeout: 110_000 }, async () => {
    const before = heapAfterCollection()
    let shots = 0
    for (const route of routes) {
      for (const seed of fuzzSeeds(12)) {
        const shot = shotAt(route, noise(seed + shots))
        shots += 1
        const status = await fire(shot)
        const what = `${shot.method} ${shot.path.slice(0, 200)} (${route.method} ${route.path}, ${repeatedBy(seed)})`
        if (status === "closed") continue
        assert.isAbove(status, 0, `no answer: ${what}`)
        // 503 is "come again", an answer of ours; a bare 500 or 502 is nobody's.
        assert.isTrue(status < 500 || status === 503, `${status}: ${what}`)
      }
    }
    assert.isAbove(shots, 200)
    const stays = heapAfterCollection() - before
    assert.isBelow(stays, 100_000_000, `memory that stays after ${shots} requests`)
    assert.strictEqual((await fetch(`${site.runtimeUrl}/readyz`)).status, 200)
    assert.isUndefined(Reflect.get({}, "polluted"))
    assert.isArray(await operatorOf(site).deadLetters())
    const failed = site.logs.filter((line) =>
      /handler failed|route failed|widget failed|Defect|TypeError|RangeError/.test(line),
    )
    assert.deepStrictEqual(failed.slice(0, 3), [])
  })
})
