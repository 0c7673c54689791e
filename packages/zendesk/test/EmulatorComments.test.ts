import { TicketId } from "@opencx/core"
import { type Emulator, make as startEmulator } from "@opencx/zendesk-emulator"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { makeZendeskClient, ticketingOf } from "../src/index.ts"
import { commentDraft, file, sessionId } from "./fake/drafts.ts"
import { connectionTo, createdTicket, nth, open, ticketsOf } from "./fake/emulator.ts"
import { overHttp } from "./fake/http.ts"

describe("comments on the emulator", () => {
  it.live("a lost answer is found by its marker: one comment", () =>
    Effect.gen(function* () {
      const { emulator, ticketing } = yield* open()
      const { ticketId, requesterId } = yield* createdTicket(ticketing)
      emulator.addFault({
        kind: "resetAfterCommit",
        match: { method: "PUT", path: "/tickets/\\d+" },
        times: 1,
      })
      const reply = commentDraft({
        ticketId,
        author: requesterId ?? "us",
        public: true,
        status: "open",
        files: [file("a.txt", "hi")],
      })
      assert.strictEqual((yield* Effect.flip(ticketing.comment(reply))).reason._tag, "Ambiguous")
      const id = yield* ticketing.comment({ ...reply, checkFirst: true })
      const ticket = nth(ticketsOf(emulator), 0)
      assert.strictEqual(ticket.comments.length, 2)
      assert.strictEqual(String(nth(ticket.comments, 1).id), id)
      assert.strictEqual(nth(ticket.comments, 1).author_id, Number(requesterId))
      assert.isTrue(nth(ticket.comments, 1).public)
      assert.strictEqual(ticket.status, "open")
      assert.strictEqual(nth(nth(ticket.comments, 1).attachments, 0).file_name, "a.txt")
    }).pipe(overHttp),
  )

  it.live("humans' public replies with their files come back; notes, our own and the customer's do not", () =>
    Effect.gen(function* () {
      const { emulator, ticketing } = yield* open()
      const { ticketId, requesterId } = yield* createdTicket(ticketing)
      const n = Number(ticketId)
      yield* ticketing.comment(commentDraft({ ticketId, public: true, body: "ours" }))
      emulator.requesterReply(n, { body: "customer" })
      emulator.agent(n, { action: "note", body: "internal secret" })
      const attachment = {
        file_name: "invoice.txt",
        content_type: "text/plain",
        content_base64: Buffer.from("42 EUR").toString("base64"),
      }
      emulator.agent(n, { action: "reply", html_body: "<p>مرحبا <b>Dana</b></p>", attachments: [attachment] })
      emulator.clearCalls()
      const page = yield* ticketing.humanComments({ ticketId, requesterId, after: null })
      assert.strictEqual(emulator.calls().length, 1)
      assert.deepStrictEqual(
        page.comments.map((one) => one.text as string),
        ["مرحبا **Dana**"],
      )
      const [attached] = page.comments[0]?.files ?? []
      if (attached === undefined) return yield* Effect.die("no file")
      assert.strictEqual(new TextDecoder().decode(yield* attached.fetch(1_000)), "42 EUR")
      assert.isAbove(emulator.cdnRequests().length, 0)
      for (const request of emulator.cdnRequests())
        assert.notInclude(JSON.stringify(request).toLowerCase(), "bearer")
      emulator.advanceClock(31 * 60_000)
      assert.strictEqual(
        (yield* attached.fetch(1_000)).byteLength,
        6,
        "also when the token has ended meanwhile",
      )
      const later = yield* ticketing.humanComments({ ticketId, requesterId, after: page.cursor })
      assert.deepStrictEqual(later.comments, [])
      emulator.agent(n, { action: "solve", body: "Done." })
      const done = yield* ticketing.humanComments({ ticketId, requesterId, after: later.cursor })
      assert.deepStrictEqual(
        done.comments.map((one) => one.text as string),
        ["Done."],
      )
    }).pipe(overHttp),
  )

  it.live("closed: comments and tags say so, a follow-up is made; of an open one it is a conflict", () =>
    Effect.gen(function* () {
      const { emulator, ticketing } = yield* open()
      const first = yield* createdTicket(ticketing)
      const tooEarly = yield* Effect.flip(
        createdTicket(ticketing, { followUpOf: first.ticketId, idempotencyKey: "early" }),
      )
      assert.strictEqual(tooEarly.reason._tag, "Conflict")
      emulator.agent(Number(first.ticketId), { action: "close" })
      assert.strictEqual(
        (yield* Effect.flip(ticketing.comment(commentDraft({ ticketId: first.ticketId })))).reason._tag,
        "Closed",
      )
      const followUp = yield* createdTicket(ticketing, {
        followUpOf: first.ticketId,
        idempotencyKey: "follow",
      })
      assert.notStrictEqual(followUp.ticketId, first.ticketId)
      assert.strictEqual(nth(ticketsOf(emulator), 1).followup_source_id, Number(first.ticketId))
      const both = yield* ticketing.findByExternalId(sessionId)
      assert.deepStrictEqual(
        both.map((one) => one.ticketId),
        [followUp.ticketId, first.ticketId],
      )
      assert.deepStrictEqual(
        (yield* ticketing.getMany([first.ticketId, TicketId.make("999999")])).map((one) => one.status),
        ["closed"],
      )
    }).pipe(overHttp),
  )

  it.live("tags are added to those that agents set", () =>
    Effect.gen(function* () {
      const { emulator, ticketing } = yield* open()
      const { ticketId } = yield* createdTicket(ticketing, { tags: ["opencx", "vip"] })
      yield* ticketing.addTags(ticketId, ["opencx_sentiment_negative"])
      assert.sameMembers(
        [...nth(ticketsOf(emulator), 0).tags],
        ["opencx", "vip", "opencx_sentiment_negative"],
      )
    }).pipe(overHttp),
  )
})

describe("faults of the emulator", () => {
  it.live("refusals and outages become the right reasons", () =>
    Effect.gen(function* () {
      const { emulator, ticketing } = yield* open()
      const { ticketId } = yield* createdTicket(ticketing)
      const struck = (kind: Parameters<Emulator["addFault"]>[0]["kind"], retryAfter?: number) =>
        Effect.gen(function* () {
          const id = emulator.addFault({
            kind,
            match: { method: "PUT" },
            times: 1,
            ...(retryAfter === undefined ? {} : { retryAfter }),
          })
          const failure = yield* Effect.flip(ticketing.comment(commentDraft({ ticketId })))
          emulator.removeFault(id)
          return failure.reason._tag
        })
      assert.strictEqual(yield* struck("status500html"), "Ambiguous")
      assert.strictEqual(yield* struck("status503", 2), "Unavailable")
      assert.strictEqual(yield* struck("resetBeforeCommit"), "Ambiguous")
      assert.strictEqual(yield* struck("status429json", 0), "RateLimited")
      assert.strictEqual(yield* struck("status429text", 0), "RateLimited")
      assert.strictEqual(nth(ticketsOf(emulator), 0).comments.length, 1, "none of these wrote anything")
    }).pipe(overHttp),
  )

  it.live("a token that ends at Zendesk first: twenty calls, one new token", () =>
    Effect.gen(function* () {
      const { emulator, ticketing } = yield* open()
      const { ticketId } = yield* createdTicket(ticketing)
      emulator.advanceClock(31 * 60_000)
      emulator.clearCalls()
      yield* Effect.all(
        Array.from({ length: 20 }, () => ticketing.get(ticketId)),
        { concurrency: "unbounded" },
      )
      assert.strictEqual(emulator.calls().filter((call) => call.path === "/oauth/tokens").length, 1)
    }).pipe(overHttp),
  )

  it.live("a wrong secret says what to do", () =>
    Effect.gen(function* () {
      const emulator = yield* startEmulator()
      const auth = {
        type: "oauth_client_credentials",
        clientId: "opencx",
        clientSecret: Redacted.make("nope"),
      } as const
      const connection = connectionTo(emulator, { auth })
      const ticketing = ticketingOf(connection, yield* makeZendeskClient(connection))
      const failure = yield* Effect.flip(ticketing.verify)
      assert.isTrue(
        failure.reason._tag === "CredentialsRejected" && failure.reason.hint.includes("OAuth clients"),
      )
    }).pipe(overHttp),
  )

  it.live("stays within the plan by the headers alone: no 429 for a burst of live calls", () =>
    Effect.gen(function* () {
      const { emulator, client } = yield* open({ limits: { requestsPerMinute: 60 } })
      const call = client.request({ method: "GET", path: "/api/v2/tickets/count" })
      yield* Effect.all(
        Array.from({ length: 20 }, () => call),
        { concurrency: 5 },
      )
      const health = yield* client.health
      assert.strictEqual(health.pools.support.limit, 60)
      assert.isAtMost(health.pools.support.available, 38)
      assert.isFalse(emulator.calls().some((one) => one.status === 429))
    }).pipe(overHttp),
  )
})
