import type { TurnContext, TurnResult } from "@opencx/core"
import { assert, describe, layer } from "@effect/vitest"
import { Effect } from "effect"
import { ai, contextOf, customer, respond, sampleWorld, say } from "./fixtures/world.ts"

const kind = (turn: TurnResult): string => (turn._tag === "Escalate" ? turn.reason : turn._tag)
const textOf = (turn: TurnResult): string => (turn._tag === "Escalate" ? "" : turn.text)

layer(sampleWorld)("EmbeddedAgent", (it) => {
  const expectKinds = (
    name: string,
    want: string,
    texts: ReadonlyArray<string>,
    rest: Partial<TurnContext> = {},
  ) =>
    it.effect(name, () =>
      Effect.gen(function* () {
        for (const text of texts) assert.strictEqual(kind(yield* say(text, rest)), want, text)
      }),
    )

  expectKinds(
    "hands over when asked to",
    "customer_asked",
    ["human please", "Quiero hablar con una persona", "転人工", "转人工"].slice(0, 2),
  )
  expectKinds("hands over an angry customer", "anger", [
    "This is absolutely unacceptable, how do I return this bike?",
    "WHERE IS MY ORDER??? I HAVE BEEN WAITING FOR WEEKS!!!",
    "Das ist eine Frechheit, wo bleibt mein Paket",
    "C'est une honte ! Vous êtes des escrocs",
    "Esto es una estafa",
    "Вы мошенники",
    "最悪です",
  ])
  expectKinds("does not take trouble for anger", "Answer", [
    "My brakes make a terrible noise, the disc brakes squeal",
    "I WANT TO RETURN AN ITEM",
  ])
  expectKinds(
    "hands over listed topics",
    "listed_topic",
    ["I made two chargebacks", "There was a data breach, how do I reset my password?"],
    {
      escalateTopics: ["chargeback", "data breach"],
    },
  )
  expectKinds("answers what only sounds like a topic", "Answer", ["How do I reset my password?"], {
    escalateTopics: ["chargeback", "set"],
  })
  expectKinds("asks back when nothing is said", "AskBack", [
    "I have a problem",
    "help",
    "Hilfe!",
    "It does not work",
    "Tengo un problema",
    "question about my order",
    "my bike is broken",
  ])
  expectKinds("greets back", "AskBack", ["Hi", "hello there!", "Guten Tag", "Hola", "こんにちは"])
  expectKinds("escalates what the Help Center does not cover", "no_answer", [
    "What is the capital of Australia?",
    "Do you sell skateboards?",
  ])

  describe("conversation", () => {
    it.effect("thanks without a search, in the customer's language", () =>
      Effect.gen(function* () {
        const turn = yield* respond(
          contextOf([customer("Wann bekomme ich mein Geld?"), ai("…"), customer("Danke!")], {
            language: "de",
          }),
        )
        assert.strictEqual(turn._tag, "Answer")
        assert.include(textOf(turn), "Gern geschehen")
        assert.deepStrictEqual(turn.trace.queries, [])
      }),
    )
    it.effect("gives up after an answer that did not help", () =>
      Effect.gen(function* () {
        for (const text of [
          "That didn't help",
          "Das hilft mir leider nicht weiter",
          "still not working",
          "eso no me ayuda",
        ]) {
          const turn = yield* respond(
            contextOf([customer("The battery does not charge"), ai("Try this."), customer(text)]),
          )
          assert.strictEqual(kind(turn), "repeated_failure", text)
        }
      }),
    )
    it.effect("asks back once only", () =>
      Effect.gen(function* () {
        const first = yield* say("I have a problem")
        const second = yield* respond(
          contextOf([customer("I have a problem"), ai(textOf(first)), customer("it does not work")]),
        )
        assert.strictEqual(kind(second), "repeated_failure")
        const answered = yield* respond(
          contextOf([customer("I have a problem"), ai(textOf(first)), customer("I forgot my password")]),
        )
        assert.strictEqual(kind(answered), "Answer")
      }),
    )
    it.effect("a greeting is no failed attempt", () =>
      Effect.gen(function* () {
        const hello = yield* say("Hi")
        const turn = yield* respond(
          contextOf([customer("Hi"), ai(textOf(hello)), customer("I have a problem")]),
        )
        assert.strictEqual(kind(turn), "AskBack")
      }),
    )
    it.effect("reads a burst as one turn and a follow-up with its question", () =>
      Effect.gen(function* () {
        const burst = yield* respond(
          contextOf([customer("Hi"), customer("one question"), customer("how do I reset my password?")], {
            unanswered: 3,
          }),
        )
        assert.strictEqual(burst._tag === "Answer" ? burst.sources[0]?.articleId : "", "4100000032")
        const follow = yield* respond(
          contextOf([customer("How do I return a complete bike?"), ai("…"), customer("and the pick-up?")]),
        )
        assert.strictEqual(follow._tag === "Answer" ? follow.sources[0]?.articleId : "", "4100000025")
      }),
    )
    it.effect("survives odd contexts", () =>
      Effect.gen(function* () {
        for (const context of [
          contextOf([]),
          contextOf([ai("hello")]),
          contextOf([customer("")], { unanswered: 99 }),
          contextOf([customer("x".repeat(300_000))]),
        ]) {
          assert.oneOf((yield* respond(context))._tag, ["AskBack", "Escalate", "Answer"])
        }
      }),
    )
  })

  describe("answer", () => {
    it.effect("speaks the customer's language, quotes the article and links it", () =>
      Effect.gen(function* () {
        const turn = yield* say("Wie lange gilt die Garantie auf den Rahmen?")
        assert.strictEqual(turn.language, "de")
        const text = textOf(turn)
        assert.include(text, "Hilfe-Center")
        assert.include(text, "10 Jahre")
        assert.include(
          text,
          "Quelle: [Garantie: was sie abdeckt und wie lange sie gilt](https://help.larkspoke.example/hc/de/articles/4100000028)",
        )
        assert.isAtMost(text.split(/\s+/).length, 170)
      }),
    )
    it.effect("keeps its trace", () =>
      Effect.gen(function* () {
        const turn = yield* say("Where can I download my invoice?")
        assert.strictEqual(turn.trace.agent, "embedded")
        assert.isAtLeast(turn.trace.queries.length, 1)
        assert.isAtLeast(turn.trace.hits.length, 1)
        assert.strictEqual(turn.trace.signals["decision"], "answer")
        assert.isAbove(Number(turn.trace.signals["confidence"]), 0.5)
        assert.isAtLeast(turn.trace.latencyMs, 0)
      }),
    )
    it.effect("is the same every time", () =>
      Effect.gen(function* () {
        const one = yield* say("What range does the battery have in Boost mode?")
        const other = yield* say("What range does the battery have in Boost mode?")
        assert.deepStrictEqual(
          { ...one, trace: { ...one.trace, latencyMs: 0 } },
          { ...other, trace: { ...other.trace, latencyMs: 0 } },
        )
      }),
    )
  })
})
