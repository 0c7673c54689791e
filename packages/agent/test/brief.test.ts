import { HandoffReason, SupportAgent } from "@opencx/core"
import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { sentimentOf } from "../src/index.ts"
import { ai, contextOf, customer, sampleWorld } from "./fixtures/world.ts"

const talk = [
  customer("Hello,\nmy e-bike battery does not charge since Monday.\nBest regards,\nJo"),
  ai(
    "Here is what our Help Center says:\n\n…\n\nSource: [Charging and storing the e-bike battery](https://help.example/1)",
  ),
  customer("That did not help, the charger still blinks red."),
  customer("I want to talk to a human"),
]

layer(sampleWorld)("brief", (it) => {
  it.effect("says what is wanted, what was offered, what is open, and why", () =>
    Effect.gen(function* () {
      const agent = yield* SupportAgent
      const brief = yield* agent.brief(contextOf(talk, { subject: "Battery" }), "customer_asked")
      assert.include(brief.summary, "my e-bike battery does not charge since Monday")
      assert.include(brief.summary, "the charger still blinks red")
      assert.include(brief.summary, "Charging and storing the e-bike battery")
      assert.include(brief.summary, "asked for a human")
      assert.notInclude(brief.summary, "Best regards")
      assert.strictEqual(brief.language, "en")
      assert.strictEqual(brief.reason, "customer_asked")
    }),
  )
  it.effect("stays within 120 words in each language and for each reason", () =>
    Effect.gen(function* () {
      const agent = yield* SupportAgent
      const long = Array.from({ length: 12 }, (_, at) => customer(`message ${at} `.repeat(400)))
      const chinese = [customer("电池无法充电".repeat(500))]
      for (const reason of HandoffReason.literals) {
        for (const agentLanguage of ["en", "de", "es", "fr", "xx"]) {
          for (const lines of [long, chinese, []]) {
            const { summary } = yield* agent.brief(
              contextOf(lines, { agentLanguage, subject: "subject ".repeat(50) }),
              reason,
            )
            assert.isAtMost(summary.split(/\s+/).length, 120)
            assert.isAtMost(summary.length, 1500)
          }
        }
      }
    }),
  )
  it.effect("writes in the agents' language about a customer in another", () =>
    Effect.gen(function* () {
      const agent = yield* SupportAgent
      const brief = yield* agent.brief(
        contextOf([customer("Mi paquete llegó roto y nadie me responde")], { agentLanguage: "de-DE" }),
        "no_answer",
      )
      assert.include(brief.summary, "Anliegen")
      assert.strictEqual(brief.language, "es")
      assert.strictEqual(brief.sentiment, "negative")
    }),
  )
  it.effect("knows moods, and neutral when it cannot know", () =>
    Effect.sync(() => {
      assert.strictEqual(sentimentOf(["Thank you, this is perfect, I love the bike!"], "en"), "happy")
      assert.strictEqual(sentimentOf(["I'm very disappointed, the frame arrived damaged"], "en"), "negative")
      assert.strictEqual(sentimentOf(["It is not good"], "en"), "negative")
      assert.strictEqual(sentimentOf(["Which frame size do I need?"], "en"), "neutral")
      assert.strictEqual(sentimentOf(["Ich bin sehr enttäuscht, alles kaputt"], "de"), "negative")
      assert.strictEqual(sentimentOf(["Merci, c'est parfait"], "fr"), "happy")
      assert.strictEqual(sentimentOf(["Ngiyabonga kakhulu"], "zu"), "neutral")
    }),
  )
})
