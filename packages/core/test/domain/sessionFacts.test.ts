/** What came of a session: one word, and who is counted for what. */
import { assert, describe, it } from "@effect/vitest"
import { CommentId, CustomerText, DeliveryId, type EntryBody, factsAfter, noFacts } from "../../src/index.ts"
import { ticketId, trace } from "../support/fixtures.ts"

const deliveryId = DeliveryId.make("00000000-0000-4000-8000-000000000001")
const text = CustomerText.make("words")

const customer = (automatic = false): EntryBody => ({
  _tag: "CustomerMessage",
  text: "words",
  fullText: null,
  attachments: [],
  messageId: null,
  rawBlobId: null,
  automatic,
  identified: true,
})
const ai = (change: object = {}): EntryBody => ({
  _tag: "AiAnswer",
  text,
  sources: [],
  confidence: 1,
  trace,
  withheld: false,
  askBack: false,
  deliveryId,
  ...change,
})
const human: EntryBody = {
  _tag: "HumanReply",
  text,
  authorName: null,
  commentId: CommentId.make("1"),
  ticketId,
  chatMessageId: null,
  attachments: [],
  deliveryId,
  byDesk: false,
}
const give = (reason: "no_answer" | "anger" = "no_answer"): EntryBody => ({
  _tag: "HandoffRequested",
  reason,
  trace: null,
})
const back: EntryBody = { _tag: "Handback", reason: "" }
const status = (word: string): EntryBody => ({ _tag: "TicketStatusChanged", ticketId, status: word })
const vote = (score: number): EntryBody => ({
  _tag: "Rating",
  kind: "answer",
  score,
  comment: null,
  deliveryId,
})

const of = (bodies: ReadonlyArray<EntryBody>) =>
  factsAfter(
    noFacts,
    bodies.map((body) => ({ body })),
  )

const lives: ReadonlyArray<readonly [string, ReadonlyArray<EntryBody>, string]> = [
  ["nothing", [], "nothing_asked"],
  ["only machines wrote", [customer(true)], "nothing_asked"],
  ["answered", [customer(), ai()], "resolved_by_ai"],
  ["answered, then asked again", [customer(), ai(), customer()], "abandoned"],
  ["asked back, and silence", [customer(), ai({ askBack: true })], "abandoned"],
  ["the answer was never sent", [customer(), ai({ withheld: true })], "abandoned"],
  ["voted down", [customer(), ai(), vote(0)], "abandoned"],
  ["voted up", [customer(), ai(), vote(1)], "resolved_by_ai"],
  ["voted down, then answered better", [customer(), ai(), vote(0), customer(), ai()], "resolved_by_ai"],
  ["given away", [customer(), give()], "escalated"],
  ["given away, and the customer goes on", [customer(), give(), customer()], "escalated"],
  ["a human answered", [customer(), give(), human], "resolved_by_human"],
  ["a human solved it without a word", [customer(), give(), status("solved"), back], "resolved_by_human"],
  ["a human looks at it", [customer(), give(), status("open")], "escalated"],
  ["no human came, and the AI is back", [customer(), give(), back], "abandoned"],
  ["no human came, and the AI helped", [customer(), give(), back, ai()], "resolved_by_ai"],
  [
    "a human helped, the AI says goodbye",
    [customer(), give(), human, back, customer(), ai()],
    "resolved_by_human",
  ],
  ["given away again", [customer(), give(), human, back, customer(), give("anger")], "escalated"],
  ["the handoff failed", [customer(), give(), { _tag: "HandoffFailed", explanation: "" }], "abandoned"],
  ["a hosted voice spoke", [customer(), { _tag: "AssistantLine", text: "", by: "voice" }], "resolved_by_ai"],
]

describe("the outcome", () => {
  it.each(lives)("%s", (_, bodies, outcome) => {
    assert.strictEqual(of(bodies).outcome, outcome)
  })

  it("is the same however the entries are cut into decisions", () => {
    for (const [name, bodies] of lives) {
      const oneByOne = bodies.reduce((facts, body) => factsAfter(facts, [{ body }]), noFacts)
      assert.deepStrictEqual(oneByOne, of(bodies), name)
    }
  })
})

describe("the counts", () => {
  it("keep the first reason, and every abstention", () => {
    const facts = of([customer(), give("anger"), back, customer(), give("no_answer")])
    assert.deepInclude(facts, { escalation: "anger", abstained: true })
  })

  it("keep the newest verdict on the conversation, and all on answers", () => {
    const csat = (score: number): EntryBody => ({
      _tag: "Rating",
      kind: "conversation",
      score,
      comment: null,
      deliveryId: null,
    })
    const facts = of([customer(), ai(), vote(1), vote(0), vote(1), csat(2), csat(5)])
    assert.deepInclude(facts, { csat: 5, thumbsUp: 2, thumbsDown: 1, answers: 1 })
  })
})
