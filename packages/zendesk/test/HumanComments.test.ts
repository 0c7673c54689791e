import { CommentId, DeskUserId, TicketId } from "@opencx/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { makeTicketing } from "../src/index.ts"
import { overHttp } from "./fake/http.ts"
import { routes, type Scripted, scripted } from "./fake/ScriptedServer.ts"
import { connectionTo, me, ourId } from "./fake/zendesk.ts"

const people = [
  { id: 11, name: "Ana Agent", role: "agent" },
  { id: 12, name: "Adam Admin", role: "admin" },
  { id: 501, name: "Dana", role: "end-user" },
  { id: 502, name: "Carl Copied", role: "end-user" },
  { id: ourId, name: "OpenCX", role: "admin" },
]

const at = (n: number) => new Date(Date.UTC(2026, 10, 21, 9, 0, n)).toISOString()

const said = (id: number, author: number, more: Record<string, unknown> = {}) => ({
  id,
  type: "Comment",
  author_id: author,
  public: true,
  html_body: `<div class="zd-comment" dir="auto"><p>c${id}</p></div>`,
  body: `c${id}`,
  attachments: [],
  created_at: at(id),
  ...more,
})

/** Serves comments like Zendesk: sorted as asked, by cursor; `ascending` ignores the order that was asked for. */
const ticketWith = (
  comments: ReadonlyArray<Record<string, unknown>>,
  options: { ascending?: boolean; users?: unknown } = {},
) =>
  routes({
    "GET /api/v2/users/me": me,
    "GET /api/v2/tickets/77/comments": (seen) => {
      const sorted = options.ascending === true ? comments : comments.toReversed()
      const size = Number(seen.query.get("page[size]"))
      const from = Number(seen.query.get("page[after]") ?? 0)
      const more = from + size < sorted.length
      return {
        json: {
          comments: sorted.slice(from, from + size),
          ...("users" in options ? { users: options.users } : { users: people }),
          meta: { has_more: more, after_cursor: more ? String(from + size) : null },
        },
      }
    },
  })

const read = (server: Scripted, after: string | null = null, requesterId: string | null = "501") =>
  Effect.gen(function* () {
    const ticketing = yield* makeTicketing(connectionTo(server.url))
    return yield* ticketing.humanComments({
      ticketId: TicketId.make("77"),
      requesterId: requesterId === null ? null : DeskUserId.make(requesterId),
      after: after === null ? null : CommentId.make(after),
    })
  })

const ids = (page: { readonly comments: ReadonlyArray<{ readonly commentId: string }> }) =>
  page.comments.map((one) => one.commentId)

describe("human comments", () => {
  it.live("only certainly public ones by agents and admins, oldest first, in one call", () =>
    Effect.gen(function* () {
      const { public: _, ...silent } = said(8, 11)
      const server = yield* scripted(
        ticketWith([
          said(1, 501),
          said(2, ourId),
          said(3, 11),
          said(4, 11, { public: false }),
          said(5, 12),
          said(6, 502),
          said(7, 11, { public: null }),
          silent,
          said(9, 11, { public: "true" }),
          said(10, 11, { public: 1 }),
          said(11, -1),
          said(12, 11, { type: "VoiceComment" }),
          said(13, 11, { author_id: null }),
        ]),
      )
      const page = yield* read(server)
      assert.deepStrictEqual(ids(page), ["3", "5"])
      assert.strictEqual(page.cursor, "13", "the cursor is the newest comment of any kind")
      assert.deepInclude(page.comments[0], {
        authorName: "Ana Agent",
        text: "c3",
        createdAt: Date.parse(at(3)),
      } as never)
      assert.strictEqual(server.to("GET /api/v2/tickets/77/comments").length, 1)
      assert.notInclude(JSON.stringify(page), "c4", "an internal note is not even in memory of the caller")
    }).pipe(overHttp),
  )

  it.live("each once: only what is newer than the cursor", () =>
    Effect.gen(function* () {
      const server = yield* scripted(
        ticketWith([said(1, 11), said(2, 11), said(3, 11, { public: false }), said(4, 12)]),
      )
      assert.deepStrictEqual(ids(yield* read(server, "2")), ["4"])
      const none = yield* read(server, "4")
      assert.deepStrictEqual([ids(none), none.cursor], [[], "4"])
      assert.deepStrictEqual(ids(yield* read(server, "3")), ["4"])
    }).pipe(overHttp),
  )

  it.live("a cursor whose comment is gone does not deliver everything again", () =>
    Effect.gen(function* () {
      const server = yield* scripted(ticketWith([said(1, 11), said(2, 11), said(5, 11)]))
      assert.deepStrictEqual(ids(yield* read(server, "3")), ["5"])
    }).pipe(overHttp),
  )

  it.live("pages until the cursor, and copes with a server that ignores the order", () =>
    Effect.gen(function* () {
      const many = Array.from({ length: 250 }, (_, i) => said(i + 1, 11))
      const sorted = yield* scripted(ticketWith(many))
      assert.strictEqual((yield* read(sorted, "200")).comments.length, 50)
      assert.strictEqual(sorted.to("GET /api/v2/tickets/77/comments").length, 1)
      assert.strictEqual((yield* read(sorted, "120")).comments.length, 130)
      assert.strictEqual(sorted.to("GET /api/v2/tickets/77/comments").length, 3)
      const unsorted = yield* scripted(ticketWith(many, { ascending: true }))
      const page = yield* read(unsorted, "20")
      assert.deepStrictEqual(
        [page.comments.length, page.comments[0]?.commentId, page.cursor],
        [230, "21", "250"],
      )
    }).pipe(overHttp),
  )

  it.live("without roles: anyone but the requester and us; without a requester too: nobody", () =>
    Effect.gen(function* () {
      const comments = [said(1, 501), said(2, 11), said(3, ourId)]
      const server = yield* scripted(ticketWith(comments, { users: undefined }))
      assert.deepStrictEqual(ids(yield* read(server)), ["2"])
      assert.deepStrictEqual(ids(yield* read(server, null, null)), [])
    }).pipe(overHttp),
  )

  it.live("text as the customer may see it: Markdown, nothing hidden, Arabic whole", () =>
    Effect.gen(function* () {
      const html = `<div class="zd-comment" dir="auto"><p>مرحبا <b>دانا</b>،</p><p>see <a href="/hc/1">this</a></p><span style="display:none">secret</span><script>x()</script><img src="https://acme.zendesk.com/attachments/token/x" alt="shot.png"><!-- note --></div>`
      const server = yield* scripted(
        ticketWith([said(1, 11, { html_body: html }), said(2, 11, { html_body: null, body: "plain" })]),
      )
      const page = yield* read(server)
      assert.strictEqual(
        page.comments[0]?.text,
        `مرحبا **دانا**،\n\nsee [this](${server.url}/hc/1)\n\nshot.png`,
      )
      assert.strictEqual(page.comments[1]?.text, "plain")
    }).pipe(overHttp),
  )
})

describe("attachments of comments", () => {
  const withFile = (
    url: (server: string) => string,
    serve: Record<string, Parameters<typeof routes>[0][string]>,
  ) =>
    Effect.gen(function* () {
      let own = ""
      const base = ticketWith([])
      const table = routes({
        ...serve,
        "GET /api/v2/tickets/77/comments": () => ({
          json: {
            comments: [
              said(1, 11, {
                attachments: [
                  {
                    file_name: "../in\u202evoice.pdf",
                    content_type: "application/pdf",
                    content_url: url(own),
                    size: 5,
                  },
                  {
                    file_name: "virus.exe",
                    content_url: url(own),
                    size: 5,
                    malware_scan_result: "malware_found",
                  },
                  { file_name: "gone.txt", content_url: url(own), size: 5, deleted: true },
                ],
              }),
            ],
            users: people,
            meta: { has_more: false },
          },
        }),
      })
      const server = yield* scripted((seen) => (seen.path === "/api/v2/users/me" ? base(seen) : table(seen)))
      own = server.url
      const page = yield* read(server)
      assert.strictEqual(page.comments[0]?.files.length, 1)
      const [file] = page.comments[0]?.files ?? []
      if (file === undefined) return yield* Effect.die("no file")
      return { server, file }
    })

  it.live("reads through a redirect to a CDN without taking credentials there", () =>
    Effect.gen(function* () {
      const cdn = yield* scripted(() => ({ text: "bytes" }))
      const { server, file } = yield* withFile((own) => `${own}/attachments/1`, {
        "GET /attachments/1": { status: 302, headers: { location: `${cdn.url}/signed?x=1` }, text: "" },
      })
      assert.strictEqual(new TextDecoder().decode(yield* file.fetch(100)), "bytes")
      assert.isDefined(server.to("GET /attachments/1")[0]?.headers.authorization)
      assert.isUndefined(cdn.seen[0]?.headers.authorization)
      assert.notMatch(file.fileName, /[/\\\u202e]/)
    }).pipe(overHttp),
  )

  it.live("stops at the cap, with and without an announced length", () =>
    Effect.gen(function* () {
      const big = "x".repeat(5_000)
      const { file } = yield* withFile((own) => `${own}/attachments/1`, {
        "GET /attachments/1": { text: big },
      })
      assert.strictEqual((yield* Effect.flip(file.fetch(4_999))).reason._tag, "Invalid")
      assert.strictEqual((yield* file.fetch(5_000)).byteLength, 5_000)
      const chunked = yield* withFile((own) => `${own}/attachments/1`, {
        "GET /attachments/1": { headers: { "transfer-encoding": "chunked" }, text: big },
      })
      assert.strictEqual((yield* Effect.flip(chunked.file.fetch(100))).reason._tag, "Invalid")
    }).pipe(overHttp),
  )

  it.live("a file elsewhere, or a redirect into the local network, is not read", () =>
    Effect.gen(function* () {
      const stranger = yield* scripted(() => ({ text: "stolen" }))
      const elsewhere = yield* withFile(() => `${stranger.url}/x`, {})
      assert.strictEqual((yield* Effect.flip(elsewhere.file.fetch(100))).reason._tag, "Invalid")
      assert.strictEqual(stranger.seen.length, 0)
      for (const location of [
        "http://169.254.169.254/latest/meta-data",
        "http://cdn.example.com/x",
        "https://10.0.0.1/x",
        "https://intranet/x",
        "file:///etc/passwd",
      ]) {
        const { file } = yield* withFile((own) => `${own}/attachments/1`, {
          "GET /attachments/1": { status: 302, headers: { location }, text: "" },
        })
        assert.strictEqual((yield* Effect.flip(file.fetch(100))).reason._tag, "Invalid")
      }
    }).pipe(overHttp),
  )

  it.live("a redirect loop ends; a missing file is NotFound", () =>
    Effect.gen(function* () {
      const loop = yield* withFile((own) => `${own}/attachments/1`, {
        "GET /attachments/1": { status: 302, headers: { location: "/attachments/1" }, text: "" },
      })
      assert.strictEqual((yield* Effect.flip(loop.file.fetch(100))).reason._tag, "Invalid")
      assert.isAtMost(loop.server.to("GET /attachments/1").length, 6)
      const gone = yield* withFile((own) => `${own}/attachments/1`, {
        "GET /attachments/1": { status: 404, json: { error: "RecordNotFound" } },
      })
      assert.strictEqual((yield* Effect.flip(gone.file.fetch(100))).reason._tag, "NotFound")
    }).pipe(overHttp),
  )
})
