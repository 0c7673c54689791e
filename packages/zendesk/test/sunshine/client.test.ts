import { assert, describe, it } from "@effect/vitest"
import type { Reason } from "@opencx/core"
import { Effect } from "effect"
import { makeSunshineClient, messagingOf } from "../../src/index.ts"
import { overHttp } from "../fake/http.ts"
import { type Reply, type Script, scripted } from "../fake/ScriptedServer.ts"
import { access, appPath, chatId, chatPost, connection, scriptedChat } from "../fake/sunshine.ts"

const errors = (status: number, code: string, title: string): Reply => ({
  status,
  json: { errors: [{ code, title }] },
})

/** What the caller of `post` learns when Zendesk answers so to the write. */
const afterPost = (reply: Reply) =>
  Effect.gen(function* () {
    const { port } = yield* scriptedChat(() => reply, { timeoutMs: 200 })
    return (yield* Effect.flip(port.post(chatPost()))).reason
  })

/** The same for a read. */
const afterRead = (reply: Reply) =>
  Effect.gen(function* () {
    const { port } = yield* scriptedChat(() => reply, { timeoutMs: 200 })
    return (yield* Effect.flip(port.control(chatId))).reason
  })

const cases: ReadonlyArray<readonly [string, Reply, Reason["_tag"], Reason["_tag"]]> = [
  [
    "401",
    errors(401, "unauthorized", "Authorization is required"),
    "CredentialsRejected",
    "CredentialsRejected",
  ],
  ["403", errors(403, "forbidden", "Forbidden"), "PermissionDenied", "PermissionDenied"],
  [
    "404 of the app",
    errors(404, "app_not_found", "App not found"),
    "CredentialsRejected",
    "CredentialsRejected",
  ],
  ["404 of the conversation", errors(404, "conversation_not_found", "Gone"), "NotFound", "NotFound"],
  [
    "404 of the edge",
    { status: 404, text: "<html>No help desk</html>" },
    "CredentialsRejected",
    "CredentialsRejected",
  ],
  ["404 of the target", errors(404, "switchboard_integration_not_found", "x"), "Invalid", "Invalid"],
  ["400", errors(400, "bad_request", "content.text is required"), "Invalid", "Invalid"],
  ["409", errors(409, "conflict", "Conflict"), "Conflict", "Conflict"],
  ["413", errors(413, "request_entity_too_large", "Too large"), "Invalid", "Invalid"],
  ["423", errors(423, "locked", "Message limit of 30000 reached"), "Closed", "Closed"],
  ["429", errors(429, "too_many_requests", "Slow down"), "RateLimited", "RateLimited"],
  ["429 in plain text", { status: 429, text: "Too many requests" }, "RateLimited", "RateLimited"],
  ["500", errors(500, "internal", "Oops"), "Ambiguous", "Unavailable"],
  ["503", { status: 503, text: "<html>down</html>" }, "Ambiguous", "Unavailable"],
  [
    "503 at the door",
    { status: 503, headers: { "retry-after": "7" }, text: "down" },
    "Unavailable",
    "Unavailable",
  ],
  [
    "a redirect",
    { status: 302, headers: { location: "https://evil.example/" }, text: "" },
    "Invalid",
    "Invalid",
  ],
  ["an unreadable answer", { text: "<html>hello</html>" }, "Ambiguous", "Unavailable"],
  ["an answer without ids", { json: { messages: [], conversation: {} } }, "Ambiguous", "Unavailable"],
  ["a broken connection", "reset", "Ambiguous", "Unavailable"],
  ["half an answer", "cut", "Ambiguous", "Unavailable"],
  ["silence", "hang", "Ambiguous", "Unavailable"],
]

describe("what a failed Sunshine call means", () => {
  for (const [what, reply, onWrite, onRead] of cases) {
    it.live(`${what}: ${onWrite} on a write, ${onRead} on a read`, () =>
      Effect.gen(function* () {
        assert.strictEqual((yield* afterPost(reply))._tag, onWrite)
        assert.strictEqual((yield* afterRead(reply))._tag, onRead)
      }).pipe(overHttp),
    )
  }

  it.live("hints say what to do, and hold no secret", () =>
    Effect.gen(function* () {
      const rejected = yield* afterRead(errors(401, "unauthorized", "Authorization is required"))
      const denied = yield* afterRead(errors(403, "forbidden", "Forbidden"))
      const app = yield* afterRead(errors(404, "app_not_found", "App not found"))
      const hints = [rejected, denied, app].map((reason) => ("hint" in reason ? reason.hint : ""))
      assert.include(hints[0], "Secret")
      assert.include(hints[1], "App key")
      assert.include(hints[2], "App ID")
      assert.notInclude(hints.join(), "sample-sunshine-secret")
    }).pipe(overHttp),
  )

  it.live("a Retry-After is passed on; without one nothing is made up", () =>
    Effect.gen(function* () {
      const named = yield* afterPost({ status: 429, headers: { "retry-after": "3" }, text: "slow" })
      assert.deepInclude(named, { _tag: "RateLimited", retryAfterMs: 3_000 })
      const unnamed = yield* afterPost(errors(429, "too_many_requests", "Slow down"))
      assert.deepInclude(unnamed, { _tag: "RateLimited", retryAfterMs: null })
    }).pipe(overHttp),
  )

  it.live("a refused connection was never sent, so that no doubt arises", () =>
    Effect.gen(function* () {
      const gone = yield* Effect.scoped(scripted(() => "reset"))
      const client = yield* makeSunshineClient(access(gone.url))
      const { port } = messagingOf(connection(gone.url), client)
      assert.strictEqual((yield* Effect.flip(port.post(chatPost()))).reason._tag, "Unavailable")
    }).pipe(overHttp),
  )
})

describe("the Sunshine client", () => {
  it.live("signs in with the app key and reads a broken connection again, once", () =>
    Effect.gen(function* () {
      let calls = 0
      const script: Script = () => {
        calls += 1
        return calls === 1 ? "reset" : { json: { conversation: { id: "c1" } } }
      }
      const { port, server } = yield* scriptedChat(script)
      assert.strictEqual(yield* port.control(chatId), "nobody")
      assert.lengthOf(server.to(`GET ${appPath}/conversations/${chatId}`), 2)
      const expected = Buffer.from("app_65b0f3a1c2d4e5f60718293b:sample-sunshine-secret").toString("base64")
      assert.strictEqual(server.seen[0]?.headers.authorization, `Basic ${expected}`)
    }).pipe(overHttp),
  )

  it.live("stops calling an app that is down, and says until when", () =>
    Effect.gen(function* () {
      const { client, port, server } = yield* scriptedChat(() => ({ status: 500, text: "" }), {
        breakerThreshold: 3,
        breakerOpenMs: 60_000,
      })
      for (let i = 0; i < 5; i++) yield* Effect.flip(port.control(chatId))
      assert.lengthOf(server.seen, 3)
      const error = yield* Effect.flip(port.control(chatId))
      assert.strictEqual(error.reason._tag, "Unavailable")
      assert.strictEqual((yield* client.health).breaker.state, "open")
    }).pipe(overHttp),
  )

  it.live("a 429 does not open the breaker", () =>
    Effect.gen(function* () {
      const { client, port } = yield* scriptedChat(() => ({ status: 429, text: "" }), { breakerThreshold: 2 })
      for (let i = 0; i < 4; i++) yield* Effect.flip(port.control(chatId))
      assert.strictEqual((yield* client.health).breaker.state, "closed")
      assert.strictEqual((yield* client.health).calls, 4)
    }).pipe(overHttp),
  )

  it.live("an answer of any size is read only up to the limit", () =>
    Effect.gen(function* () {
      const { port } = yield* scriptedChat(() => ({ text: Buffer.alloc(200_000, 32) }), {
        maxJsonBytes: 100_000,
      })
      assert.strictEqual((yield* Effect.flip(port.control(chatId))).reason._tag, "Invalid")
      assert.strictEqual((yield* Effect.flip(port.post(chatPost()))).reason._tag, "Ambiguous")
    }).pipe(overHttp),
  )
})

describe("files of messages", () => {
  it.live("come from Zendesk's hosts only, within the limit, with the key for our own host only", () =>
    Effect.gen(function* () {
      const cdn = yield* scripted((seen) =>
        seen.headers.authorization === undefined ? { text: "the file" } : { status: 400, text: "" },
      )
      const { client, server } = yield* scriptedChat((seen) =>
        seen.path === "/sc/attachments/v2/1/a.txt"
          ? { status: 302, headers: { location: `${cdn.url}/a.txt` }, text: "" }
          : { text: Buffer.alloc(2_000, 97) },
      )
      const read = (url: string, max = 1_000) => client.media(url, max)
      const text = new TextDecoder().decode(yield* read(`${server.url}/sc/attachments/v2/1/a.txt`))
      assert.strictEqual(text, "the file")
      assert.isDefined(server.seen[0]?.headers.authorization)
      assert.strictEqual((yield* Effect.flip(read(`${server.url}/big`))).kind, "too_large")
      // Anything else on our own host is read like any stranger would.
      assert.isUndefined(server.seen[1]?.headers.authorization)
      for (const url of [
        "https://evil.example/a.png",
        "https://zendesk.com.evil.example/a.png",
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/a.png",
        "file:///etc/passwd",
        `http://user:pass@${new URL(server.url).host}/a.png`,
        "not a url",
      ])
        assert.strictEqual((yield* Effect.flip(read(url))).kind, "redirect", url)
    }).pipe(overHttp),
  )

  it.live(
    "a real account's files never come from a host that only looks like Zendesk's, or from inside",
    () =>
      Effect.gen(function* () {
        const client = yield* makeSunshineClient(access("https://acme.zendesk.com"))
        for (const url of [
          "http://127.0.0.1:4010/sc/attachments/v2/1/a.png",
          "http://acme.zendesk.com/a.png",
          "https://evilzendesk.com/a.png",
          "https://media.smooch.io.evil.example/a.png",
          "https://acme.zendesk.com:8443/a.png",
        ])
          assert.strictEqual((yield* Effect.flip(client.media(url, 10))).kind, "redirect", url)
      }).pipe(overHttp),
  )
})
