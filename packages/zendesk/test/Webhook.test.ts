import { createHmac } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import {
  decodeTicketSignal,
  maxSignalBytes,
  assistTriggerRequests,
  triggerBody,
  triggerRequest,
  verifySignature,
  webhookRequest,
} from "../src/index.ts"

const secret = Redacted.make("dGhpcyBpcyBhIHNlY3JldA==")
const utf8 = (text: string) => new TextEncoder().encode(text)
const timestamp = "2026-11-21T07:11:00Z"
const now = Date.parse(timestamp)
const sign = (body: Uint8Array, at = timestamp, key = Redacted.value(secret)) =>
  createHmac("sha256", key).update(at).update(body).digest("base64")

describe("webhook signature", () => {
  const body = utf8('{"ticket_id":"1","name":"منى"}')
  const good = { secret, timestampHeader: timestamp, rawBody: body, signatureHeader: sign(body), now }
  const refused = (change: Partial<typeof good> | Record<string, unknown>) =>
    Effect.flip(verifySignature({ ...good, ...change }))

  it.effect("accepts what Zendesk signed, also some minutes later", () =>
    Effect.gen(function* () {
      yield* verifySignature(good)
      yield* verifySignature({ ...good, now: now + 9 * 60_000 })
      yield* verifySignature({ ...good, now: now + 9 * 60_000, toleranceMs: 1_000 })
      yield* verifySignature({ ...good, now: now + 50 * 60_000, toleranceMs: 60 * 60_000 })
    }),
  )

  it.effect("is over the raw bytes: one byte, the time or the key changed, and it is refused", () =>
    Effect.gen(function* () {
      const spaced = utf8('{"ticket_id": "1","name":"منى"}')
      yield* refused({ rawBody: spaced })
      yield* refused({ timestampHeader: "2026-11-21T07:11:01Z" })
      yield* refused({ signatureHeader: sign(body, timestamp, "other") })
      yield* refused({ signatureHeader: "" })
      yield* refused({ signatureHeader: "%%%" })
      yield* refused({ signatureHeader: good.signatureHeader.slice(0, 20) })
      yield* refused({ signatureHeader: undefined })
      yield* refused({ timestampHeader: undefined })
    }),
  )

  it.effect("old replays and unreadable times are refused", () =>
    Effect.gen(function* () {
      assert.include((yield* refused({ now: now + 11 * 60_000 })).detail, "s away")
      assert.include((yield* refused({ now: now - 11 * 60_000 })).detail, "s away")
      yield* refused({ timestampHeader: "soon", signatureHeader: sign(body, "soon") })
    }),
  )
})

describe("ticket signal", () => {
  const decode = (text: string) => decodeTicketSignal(utf8(text))
  it.effect("reads our trigger's body, numbers or strings", () =>
    Effect.gen(function* () {
      const filled = triggerBody
        .replace("{{ticket.id}}", "35436")
        .replace("{{ticket.external_id}}", "7b0b")
        .replace("{{ticket.public_comments[0].id}}", "2060")
        .replace("{{current_user.id}}", "98738")
        .replace("{{ticket.status}}", "Open")
      const expected = {
        ticketId: "35436",
        externalId: "7b0b",
        statusHint: "open",
        commentId: "2060",
        authorId: "98738",
      }
      assert.deepEqual(yield* decode(filled), expected as never)
      assert.deepInclude(yield* decode('{"ticket_id":35436,"comment_id":2060}'), {
        ticketId: "35436",
        commentId: "2060",
      } as never)
    }),
  )

  it.effect("empty placeholders and the system author are null", () =>
    Effect.gen(function* () {
      const signal = yield* decode(
        '{"ticket_id":"1","external_id":"","status":" ","comment_id":"","author_id":"-1"}',
      )
      assert.deepEqual(signal, {
        ticketId: "1",
        externalId: null,
        statusHint: null,
        commentId: null,
        authorId: null,
      } as never)
    }),
  )

  it.effect("survives JSON that a comment's quotes and line breaks broke", () =>
    Effect.gen(function* () {
      const broken =
        '{"v":1,"ticket_id":"35436","external_id":"7b0b0d0e-1111","comment":"He said "hi"\n and \\ left","author_id":"9"}'
      assert.deepInclude(yield* decode(broken), {
        ticketId: "35436",
        externalId: "7b0b0d0e-1111",
        authorId: "9",
      } as never)
    }),
  )

  it.effect("reads event subscriptions", () =>
    Effect.gen(function* () {
      const event = {
        account_id: 1,
        id: "e",
        type: "zen:event-type:ticket.comment_added",
        subject: "zen:ticket:123",
        detail: { id: "123", status: "OPEN", external_id: "x-1" },
        event: { comment: { id: 55, body: "note", is_public: false, author: { id: 7, is_staff: true } } },
      }
      assert.deepEqual(yield* decode(JSON.stringify(event)), {
        ticketId: "123",
        externalId: "x-1",
        statusHint: "open",
        commentId: "55",
        authorId: "7",
      } as never)
      const bare = { type: "zen:event-type:ticket.status_changed", subject: "zen:ticket:124" }
      assert.deepInclude(yield* decode(JSON.stringify(bare)), { ticketId: "124", commentId: null } as never)
    }),
  )

  it.effect("malformed input says what to do", () =>
    Effect.gen(function* () {
      for (const odd of [
        "",
        "hello",
        "[]",
        "null",
        "{}",
        '{"ticket_id":""}',
        '{"ticket_id":"../1"}',
        '{"ticket_id":{}}',
        '{"type":"zen:event-type:article.published","detail":{"id":1}}',
      ]) {
        assert.include((yield* Effect.flip(decode(odd))).hint, "ticket_id")
      }
      yield* Effect.flip(decodeTicketSignal(new Uint8Array(maxSignalBytes + 1)))
      yield* Effect.flip(decodeTicketSignal(new Uint8Array([0xff, 0xfe, 0x00])))
    }),
  )
})

describe("setup", () => {
  it("never asks for comment texts, and does not look at the channel of the reply", () => {
    const trigger = triggerRequest({ webhookId: "01HX" }).trigger
    const text = JSON.stringify(trigger)
    assert.notMatch(text, /latest_(public_)?comment(_html|_rich|_formatted)?\s*}}/)
    assert.notInclude(text, "via_id")
    assert.deepStrictEqual(trigger.actions[0]?.value, ["01HX", triggerBody])
    assert.strictEqual(
      webhookRequest({ endpoint: "https://x.example/h" }).webhook.endpoint,
      "https://x.example/h",
    )
  })

  it("drafts for customers' words and for agents' notes that ask, on open tickets that are none of ours", () => {
    const { customerComments, mentions } = assistTriggerRequests({
      webhookId: "01HX",
      tag: "bot",
      mention: "/ki",
    })
    const conditions = (request: typeof mentions) =>
      Object.fromEntries(
        request.trigger.conditions.all.map(({ field, operator, value }) => [`${field} ${operator}`, value]),
      )
    const both = {
      "status less_than": "solved",
      "status is_not": "hold",
      "current_tags not_includes": "bot_autopilot bot_handedoff bot_skipped_topic_no_assist",
    }
    assert.deepStrictEqual(conditions(customerComments), {
      ...both,
      "comment_is_public is": "true",
      "role is": "end_user",
    })
    assert.deepStrictEqual(conditions(mentions), {
      ...both,
      "comment_is_public is": "false",
      "role is": "agent",
      "comment_includes_word includes": "/ki",
    })
    for (const { trigger } of [customerComments, mentions])
      assert.deepStrictEqual(trigger.actions[0]?.value, ["01HX", triggerBody])
  })
})
