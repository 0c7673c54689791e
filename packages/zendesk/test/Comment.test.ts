import { DeskUserId } from "@opencx/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { makeTicketing } from "../src/index.ts"
import { commentDraft, file } from "./fake/drafts.ts"
import { sentTicket } from "./fake/json.ts"
import { overHttp } from "./fake/http.ts"
import { type Reply, routes, type Seen, scripted } from "./fake/ScriptedServer.ts"
import { bodyJson, connectionTo, me, ourId, ticketJson } from "./fake/zendesk.ts"

const decodeMetadata = Schema.decodeUnknownSync(
  Schema.fromJsonString(Schema.Struct({ ticket: Schema.Struct({ metadata: Schema.Unknown }) })),
)
const metadataOf = (seen: Seen): unknown => decodeMetadata(seen.body).ticket.metadata

const updated = (commentId: number): Reply => ({
  json: {
    ticket: ticketJson(77),
    audit: {
      id: 1,
      events: [
        { id: 1, type: "Change" },
        { id: commentId, type: "Comment" },
      ],
    },
  },
})

/** A ticket that keeps its audits like Zendesk does: what was sent as `metadata` is under `metadata.custom`. */
const ticket77 = (put: (seen: Seen, nth: number, commit: () => Reply) => Reply, status = "open") => {
  const audits: Array<unknown> = []
  return routes({
    "GET /api/v2/users/me": me,
    "GET /api/v2/tickets/77": { json: { ticket: ticketJson(77, { status }) } },
    "GET /api/v2/tickets/77/audits": (seen) =>
      seen.query.get("sort") === "-created_at"
        ? { json: { audits: audits.toReversed(), meta: { has_more: false } } }
        : { status: 400, json: { error: "InvalidSort" } },
    "POST /api/v2/uploads": { status: 201, json: { upload: { token: "up-1" } } },
    "PUT /api/v2/tickets/77": (seen, nth) =>
      put(seen, nth, () => {
        const id = 4_000 + audits.length
        audits.push({
          id: id + 1_000,
          events: [{ id, type: "Comment" }],
          metadata: { system: {}, custom: metadataOf(seen) },
        })
        return updated(id)
      }),
  })
}

const open = (put: Parameters<typeof ticket77>[0], status?: string) =>
  Effect.gen(function* () {
    const server = yield* scripted(ticket77(put, status))
    return { server, ticketing: yield* makeTicketing(connectionTo(server.url)) }
  })

describe("comment", () => {
  it.live("says who, how public, which status, which files, which marker", () =>
    Effect.gen(function* () {
      const { server, ticketing } = yield* open((_, __, commit) => commit())
      const id = yield* ticketing.comment(
        commentDraft({
          author: DeskUserId.make("501"),
          public: true,
          status: "open",
          files: [file("a.txt", "x")],
        }),
      )
      assert.strictEqual(id, "4000")
      assert.deepStrictEqual(bodyJson(server.to("PUT /api/v2/tickets/77")[0]), {
        ticket: {
          comment: {
            html_body: '<div dir="auto"><p>Still <strong>broken</strong></p>\n</div>',
            public: true,
            author_id: 501,
            uploads: ["up-1"],
          },
          status: "open",
          metadata: { opencx_marker: "m-1" },
        },
      })
      yield* ticketing.comment(commentDraft({ marker: "m-2" }))
      const second = sentTicket(server.to("PUT /api/v2/tickets/77")[1]?.body)
      assert.strictEqual(second.comment.public, false)
      assert.strictEqual(second.comment.author_id, ourId)
      assert.isUndefined(second.status)
      assert.isUndefined(second.tags, "tags on an update would replace the agents' own")
    }).pipe(overHttp),
  )

  it.live("reset after the commit: ambiguous, then found by its marker, written once", () =>
    Effect.gen(function* () {
      const { server, ticketing } = yield* open((_, nth, commit) => {
        const reply = commit()
        return nth === 2 ? "reset" : reply
      })
      yield* ticketing.comment(commentDraft({ marker: "earlier" }))
      const failure = yield* Effect.flip(ticketing.comment(commentDraft()))
      assert.strictEqual(failure.reason._tag, "Ambiguous")
      assert.strictEqual(yield* ticketing.comment(commentDraft({ checkFirst: true })), "4001")
      assert.strictEqual(server.to("PUT /api/v2/tickets/77").length, 2)
    }).pipe(overHttp),
  )

  it.live("reset before the commit: the marker is not there, so it is written", () =>
    Effect.gen(function* () {
      const { server, ticketing } = yield* open((_, nth, commit) => (nth === 1 ? "reset" : commit()))
      yield* Effect.flip(ticketing.comment(commentDraft()))
      assert.strictEqual(yield* ticketing.comment(commentDraft({ checkFirst: true })), "4000")
      assert.strictEqual(server.to("PUT /api/v2/tickets/77").length, 2)
    }).pipe(overHttp),
  )

  it.live("an answer without the comment's id is ambiguous, not lost", () =>
    Effect.gen(function* () {
      const { ticketing } = yield* open((_, __, commit) => {
        commit()
        return { json: { ticket: ticketJson(77) } }
      })
      assert.strictEqual((yield* Effect.flip(ticketing.comment(commentDraft()))).reason._tag, "Ambiguous")
      assert.strictEqual(yield* ticketing.comment(commentDraft({ checkFirst: true })), "4000")
    }).pipe(overHttp),
  )

  it.live("a closed ticket is Closed, whatever the sentence says", () =>
    Effect.gen(function* () {
      const said: Reply = {
        status: 422,
        json: {
          error: "RecordInvalid",
          details: { status: [{ description: "closed prevents ticket update" }] },
        },
      }
      const unsaid: Reply = {
        status: 422,
        json: { error: "RecordInvalid", details: { base: [{ description: "Geht nicht" }] } },
      }
      const first = yield* open(() => said)
      assert.strictEqual((yield* Effect.flip(first.ticketing.comment(commentDraft()))).reason._tag, "Closed")
      assert.strictEqual(first.server.to("GET /api/v2/tickets/77").length, 0)
      const second = yield* open(() => unsaid, "closed")
      assert.strictEqual((yield* Effect.flip(second.ticketing.comment(commentDraft()))).reason._tag, "Closed")
      const third = yield* open(() => unsaid, "open")
      assert.strictEqual((yield* Effect.flip(third.ticketing.comment(commentDraft()))).reason._tag, "Invalid")
    }).pipe(overHttp),
  )

  it.live("a text that is too long is attached as a whole", () =>
    Effect.gen(function* () {
      const { server, ticketing } = yield* open((_, __, commit) => commit())
      const body = "слово ".repeat(20_000)
      yield* ticketing.comment(commentDraft({ body }))
      assert.strictEqual(server.to("POST /api/v2/uploads")[0]?.body, body)
      const sent = sentTicket(server.to("PUT /api/v2/tickets/77")[0]?.body).comment
      assert.isAtMost(Buffer.byteLength(sent.html_body), 60_000)
      assert.include(sent.html_body, "message.txt")
      assert.deepStrictEqual(sent.uploads, ["up-1"])
    }).pipe(overHttp),
  )

  it.live("what a customer wrote cannot act on the agent", () =>
    Effect.gen(function* () {
      const { server, ticketing } = yield* open((_, __, commit) => commit())
      const body = `<script>alert(1)</script> <img src=x onerror=alert(1)> ![t](https://t.example/p.gif) [x](javascript:alert(1)) if a<b & c>d مرحبا`
      yield* ticketing.comment(commentDraft({ body }))
      const html: string = sentTicket(server.to("PUT /api/v2/tickets/77")[0]?.body).comment.html_body
      assert.notMatch(html, /<(script|img)/i)
      assert.notInclude(html, 'href="javascript')
      for (const kept of ["&lt;script&gt;alert(1)", "a&lt;b &amp; c&gt;d", "مرحبا", 'dir="auto"'])
        assert.include(html, kept)
    }).pipe(overHttp),
  )
})
