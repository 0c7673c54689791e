import { assert, describe, it } from "@effect/vitest"
import { BlobId, type Entry, type EntryBody, renderTranscript, subjectOf } from "../../src/index.ts"
import { customerFiles, reasonText, renderForward, renderSummary } from "../../src/engine/transcript.ts"
import { HandoffReason } from "../../src/index.ts"
import { brief, comment, deliveryId, entry, session, text, ticketId, trace } from "../support/fixtures.ts"

const at = Date.UTC(2024, 1, 29, 23, 5)
const file = (fileName: string) => ({ blobId: BlobId.make("b"), fileName, contentType: "image/png", size: 3 })

const said = (change: Partial<Extract<EntryBody, { _tag: "CustomerMessage" }>> = {}): EntryBody => ({
  _tag: "CustomerMessage",
  text: "Where is it?",
  fullText: null,
  attachments: [],
  messageId: null,
  rawBlobId: null,
  automatic: false,
  identified: true,
  ...change,
})

const answer = (withheld: boolean, words = "On its way"): EntryBody => ({
  _tag: "AiAnswer",
  text: text(words),
  sources: [{ articleId: "1", title: "Shipping", url: null }],
  confidence: 0.123,
  trace: { ...trace, queries: ["SECRET-QUERY"], agent: "SECRET-AGENT" },
  withheld,
  askBack: false,
  deliveryId,
})

const bodiesOf: ReadonlyArray<EntryBody> = [
  said({ fullText: "Where is it?\n\n> quoted", attachments: [file("a.png"), file("b.png")] }),
  answer(false),
  answer(true, "SECRET-WITHHELD"),
  { _tag: "HandoffRequested", reason: "anger", trace: { ...trace, agent: "SECRET-TRACE" } },
  {
    _tag: "HandoffConfirmed",
    ticketId,
    chatId: null,
    brief: { ...brief, summary: "SECRET-BRIEF" },
    created: true,
    tags: [],
  },
  {
    _tag: "SystemMessage",
    text: text("A colleague answers you here."),
    purpose: "handoffConfirmed",
    deliveryId,
  },
  {
    _tag: "HumanReply",
    ...comment("501", "I am looking"),
    ticketId,
    chatMessageId: null,
    byDesk: false,
    deliveryId,
    attachments: [file("c.pdf")],
  },
  { _tag: "InternalNote", text: "SECRET-NOTE" },
  { _tag: "SystemEvent", text: "SECRET-EVENT" },
  { _tag: "DeliveryUpdate", deliveryId, status: "failed", providerId: null, explanation: "mailbox full" },
  { _tag: "DeliveryUpdate", deliveryId, status: "sent", providerId: "SECRET-PROVIDER", explanation: null },
  { _tag: "HandoffFailed", explanation: "SECRET-FAILURE" },
  { _tag: "TicketStatusChanged", ticketId, status: "SECRET-STATUS" },
  { _tag: "Handback", reason: "SECRET-HANDBACK" },
  said({ text: "أين طلبي؟ 😀👩‍🚒", identified: false }),
  said({ text: "I am away", automatic: true }),
]
const all: ReadonlyArray<Entry> = bodiesOf.map((body, i) => entry(i + 1, body, at + i * 60_000))
const whole = renderTranscript(all)

describe("the transcript", () => {
  it("has everything that was said, by whom and when, in order", () => {
    const expected = [
      "**Customer** (2024-02-29 23:05 UTC)\n\nWhere is it?\n\n> quoted",
      "_Attachments: a.png, b.png_",
      "**AI** (2024-02-29 23:06 UTC)\n\nOn its way",
      "_Sources: Shipping_",
      "**Automatic message**",
      "**Ada**",
      "I am looking",
      "_Attachments: c.pdf_",
      "not delivered: mailbox full",
      "أين طلبي؟ 😀👩‍🚒",
      "_The sender's address could not be verified._",
      "**Customer (automatic message)**",
    ]
    let from = 0
    for (const piece of expected) {
      const found = whole.indexOf(piece, from)
      assert.isAtLeast(found, 0, piece)
      from = found
    }
  })

  it("has nothing that is not for the ticket: notes, traces, events, withheld answers, scores", () => {
    assert.notMatch(whole, /SECRET/)
    assert.notInclude(whole, "0.123")
  })

  it("survives absurd clocks", () => {
    for (const time of [Number.NaN, 9e15, -1, Number.POSITIVE_INFINITY, 8.64e15]) {
      assert.include(renderTranscript([entry(1, said(), time)]), "**Customer** (at an unknown time)")
    }
  })

  it("of nothing is empty", () => {
    assert.strictEqual(renderTranscript([]), "")
  })

  it("a reply without a name is an agent's", () => {
    const nameless = renderTranscript([
      entry(1, {
        _tag: "HumanReply",
        ...comment("1"),
        authorName: null,
        ticketId,
        chatMessageId: null,
        byDesk: false,
        deliveryId,
      }),
    ])
    assert.match(nameless, /^\*\*Agent\*\*/)
  })
})

describe("the summary", () => {
  it.each(HandoffReason.literals)("says why, in words: %s", (reason) => {
    const words = renderSummary({ ...brief, reason })
    assert.include(words, reasonText(reason))
    assert.notInclude(words, reason)
  })

  it("names the language only where it is known", () => {
    assert.include(renderSummary(brief), "**Language:** en")
    assert.notInclude(renderSummary({ ...brief, language: null }), "Language")
  })
})

describe("what is forwarded", () => {
  it("is the customer's words alone", () => {
    const words = renderForward(all)
    assert.include(words, "Where is it?\n\n> quoted")
    assert.notMatch(words, /SECRET|On its way|I am looking/)
  })

  it("is never empty: a picture without a word, and not even that", () => {
    assert.strictEqual(
      renderForward([entry(1, said({ text: " ", attachments: [file("a.png")] }))]),
      "_Attachments: a.png_",
    )
    assert.strictEqual(renderForward([entry(1, said({ text: "" }))]), "_(a message without text)_")
  })

  it("carries the customer's files and nobody else's", () => {
    assert.deepStrictEqual(
      customerFiles(all).map((f) => f.fileName),
      ["a.png", "b.png"],
    )
  })
})

describe("the subject", () => {
  it.each([
    ["Parcel", "Parcel"],
    ["  two\r\n lines ", "two lines"],
    [null, "Where is it?"],
    ["", "Where is it?"],
    [" \n ", "Where is it?"],
  ])("%j becomes %j", (subject, expected) => {
    assert.strictEqual(subjectOf(session({ subject }), [entry(1, said())]), expected)
  })

  it("is never empty, never longer than 150, never half a character", () => {
    assert.strictEqual(subjectOf(session({ subject: null }), []), "Conversation without a subject")
    const faces = subjectOf(session({ subject: `a${"😀".repeat(100)}` }), [])
    assert.isAtMost(faces.length, 150)
    assert.isTrue(faces.isWellFormed())
    assert.match(faces, /…$/)
  })
})
