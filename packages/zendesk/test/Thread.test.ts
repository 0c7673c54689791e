/** A ticket as its agents see it: who counts as the customer, and whose words nobody knows. */
import { assert, describe, it } from "@effect/vitest"
import { TicketId } from "@opencx/core"
import { Effect } from "effect"
import { makeTicketing } from "../src/index.ts"
import { overHttp } from "./fake/http.ts"
import { routes, scripted } from "./fake/ScriptedServer.ts"
import { connectionTo, me, ourId, ticketJson } from "./fake/zendesk.ts"

const at = (n: number) => new Date(Date.UTC(2026, 10, 21, 9, 0, 0) + n * 1000).toISOString()

const said = (id: number, author: number | null, more: object = {}) => ({
  id,
  type: "Comment",
  author_id: author,
  public: true,
  html_body: `<p>c${id}</p>`,
  created_at: at(id),
  ...more,
})

const people = [
  { id: 11, name: "Ana", role: "agent" },
  { id: 12, name: "Light", role: "light-agent" },
  { id: 501, name: "Dana", role: "end-user" },
  { id: 502, name: "Copied", role: "end-user" },
  { id: ourId, name: "OpenCX", role: "admin" },
]

/** Pages of 100; newest first, unless the server does not heed the order. */
const desk = (comments: ReadonlyArray<object>, heeds = true, users: unknown = people) =>
  Effect.gen(function* () {
    const server = yield* scripted(
      routes({
        "GET /api/v2/users/me": me,
        "GET /api/v2/tickets/77": {
          json: { ticket: ticketJson(77, { subject: "Helmet", brand_id: 10, group_id: null }) },
        },
        "GET /api/v2/tickets/77/comments": (seen) => {
          const sorted = heeds ? comments.toReversed() : comments
          const from = Number(seen.query.get("page[after]") ?? 0)
          const more = from + 100 < sorted.length
          return {
            json: {
              comments: sorted.slice(from, from + 100),
              users,
              meta: { has_more: more, after_cursor: more ? String(from + 100) : null },
            },
          }
        },
      }),
    )
    const ticketing = yield* makeTicketing(connectionTo(server.url))
    return { server, thread: yield* ticketing.thread(TicketId.make("77")) }
  })

describe("a thread", () => {
  it.live("knows customers, agents and us by their roles; anybody else is nobody", () =>
    Effect.gen(function* () {
      const { thread } = yield* desk([
        said(1, 501),
        said(2, 502),
        said(3, 11, { public: false }),
        said(4, ourId),
        said(5, 12),
        said(6, 999),
        said(7, null),
        said(8, 501, { public: undefined }),
      ])
      assert.deepStrictEqual(
        thread.comments.map((one) => [one.text, one.by, one.public]),
        [
          ["c1", "customer", true],
          ["c2", "customer", true],
          ["c3", "agent", false],
          ["c4", "us", true],
          ["c5", "other", true],
          ["c6", "other", true],
          ["c7", "other", true],
          ["c8", "customer", false],
        ],
      )
      assert.deepInclude(thread, { subject: "Helmet", brandId: "10", groupId: null })
    }).pipe(overHttp, Effect.scoped),
  )

  it.live("takes the requester for the customer when nobody says who is who, and nobody else", () =>
    Effect.gen(function* () {
      const { thread } = yield* desk([said(1, 501), said(2, 502), said(3, ourId)], true, null)
      assert.deepStrictEqual(
        thread.comments.map((one) => one.by),
        ["customer", "other", "us"],
      )
    }).pipe(overHttp, Effect.scoped),
  )

  it.live(
    "is the newest hundred comments in one call, or in as many as an order that is not heeded costs",
    () =>
      Effect.gen(function* () {
        const many = Array.from({ length: 250 }, (_, n) => said(n + 1, 501))
        const pagesOf = ({ server }: Effect.Success<ReturnType<typeof desk>>) =>
          server.to("GET /api/v2/tickets/77/comments").length
        const heeded = yield* desk(many)
        assert.strictEqual(pagesOf(heeded), 1)
        const ignored = yield* desk(many, false)
        assert.strictEqual(pagesOf(ignored), 3)
        for (const { thread } of [heeded, ignored]) {
          assert.lengthOf(thread.comments, 100)
          assert.strictEqual(thread.comments[0]?.commentId, "151")
          assert.strictEqual(thread.comments.at(-1)?.commentId, "250")
        }
      }).pipe(overHttp, Effect.scoped),
  )
})

describe("the thread of a live chat", () => {
  const chatDesk = (
    log: Parameters<typeof routes>[0][string],
    more: object = { from_messaging_channel: true },
  ) =>
    Effect.gen(function* () {
      const server = yield* scripted(
        routes({
          "GET /api/v2/users/me": me,
          "GET /api/v2/tickets/77": { json: { ticket: ticketJson(77, { subject: "Chat", ...more }) } },
          "GET /api/v2/tickets/77/comments": {
            json: { comments: [said(5, 11, { public: false })], users: people, meta: { has_more: false } },
          },
          "GET /api/v2/tickets/77/conversation_log": log,
        }),
      )
      const ticketing = yield* makeTicketing(connectionTo(server.url))
      return { server, ticketing }
    })

  const message = (n: number, author: object, more: object = {}) => ({
    id: `02JSED${n}`,
    type: "Messaging::ConversationMessage",
    created_at: at(n),
    author,
    content: { type: "text", text: `m${n} مرحبا` },
    source: { type: "web" },
    reference: `zen:sunco:conversation_message:${n}`,
    ...more,
  })
  const requester = { type: "user", display_name: "Dana", "zen:support:user_id": 501 }

  const events = [
    {
      id: 5,
      type: "Comment",
      created_at: at(5),
      author: { type: "agent" },
      content: { type: "html", body: "c5" },
    },
    message(7, { type: "user", "zen:support:user_id": 502 }),
    message(6, requester, { content: { type: "image", mediaUrl: "https://x.example/a.png" } }),
    message(4, { type: "user", "zen:support:user_id": 11 }, { source: { type: "zd:agentWorkspace" } }),
    message(3, { type: "agent", "zen:support:user_id": 11 }),
    message(2, { type: "bot", display_name: "Bot", "zen:support:user_id": -1 }),
    message(1, requester),
  ]

  it.live("has its messages among the notes, and only the requester's are the customer's", () =>
    Effect.gen(function* () {
      const { server, ticketing } = yield* chatDesk({ json: { events, meta: { has_more: false } } })
      const thread = yield* ticketing.thread(TicketId.make("77"))
      assert.isTrue(thread.isChat)
      assert.deepStrictEqual(
        thread.comments.map((one) => [one.text, one.by, one.public]),
        [
          ["m1 مرحبا", "customer", true],
          ["m2 مرحبا", "other", true],
          ["m3 مرحبا", "agent", true],
          ["m4 مرحبا", "agent", true],
          ["c5", "agent", false],
          ["m7 مرحبا", "other", true],
        ],
      )
      assert.strictEqual(server.to("GET /api/v2/tickets/77/conversation_log").length, 1)
    }).pipe(overHttp, Effect.scoped),
  )

  it.live("is the notes alone where the log may not be read, and fails where it is only down", () =>
    Effect.gen(function* () {
      const { ticketing } = yield* chatDesk({ status: 403, json: {} })
      assert.lengthOf((yield* ticketing.thread(TicketId.make("77"))).comments, 1)
      const { ticketing: down } = yield* chatDesk({ status: 503, json: {} })
      assert.isTrue((yield* Effect.flip(down.thread(TicketId.make("77")))).isRetryable)
    }).pipe(overHttp, Effect.scoped),
  )

  it.live("is not asked for on an ordinary ticket", () =>
    Effect.gen(function* () {
      const { server, ticketing } = yield* chatDesk({ status: 500, json: {} }, {})
      const thread = yield* ticketing.thread(TicketId.make("77"))
      assert.isFalse(thread.isChat)
      assert.lengthOf(server.to("GET /api/v2/tickets/77/conversation_log"), 0)
    }).pipe(overHttp, Effect.scoped),
  )
})
