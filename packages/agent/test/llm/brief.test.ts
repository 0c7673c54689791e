/** Briefs by a model: structured outputs over real HTTP, and the embedded agent's brief wherever they are no use. */
import { assert, layer } from "@effect/vitest"
import { SupportAgent } from "@opencx/core"
import { Effect } from "effect"
import { ai, contextOf, customer } from "../fixtures/world.ts"
import { agentWith, anthropic, compatible, ground } from "./support/agents.ts"
import { modelServer, type Reply, type Script } from "./support/ModelServer.ts"

const context = contextOf(
  [
    customer("My refund for order LK-2041 has not come."),
    ai("It takes five working days."),
    customer("That was three weeks ago!"),
  ],
  { agentLanguage: "en" },
)

const written = (change: object = {}): Reply => ({
  text: JSON.stringify({
    summary: "The customer waits for the refund of order LK-2041 since three weeks; the usual time was told.",
    sentiment: "negative",
    language: "de",
    ...change,
  }),
})

for (const [name, settingsOf] of [
  ["OpenAI-compatible", compatible],
  ["Anthropic", anthropic],
] as const) {
  layer(ground, { excludeTestServices: true })(`briefs over ${name}`, (it) => {
    it.effect("take summary and mood of the model, the language of the words, the reason of the caller", () =>
      Effect.gen(function* () {
        const server = yield* modelServer(() => written())
        const agent = yield* agentWith(settingsOf(server.url))
        const brief = yield* agent.brief(context, "repeated_failure")
        assert.match(brief.summary, /^The customer waits for the refund of order LK-2041/)
        assert.strictEqual(brief.sentiment, "negative")
        assert.strictEqual(brief.language, "en")
        assert.strictEqual(brief.reason, "repeated_failure")
        assert.strictEqual(brief.model?.prompt, "brief-1")
        assert.strictEqual(brief.model?.calls[0]?.inputTokens, 100)
        assert.match(server.asked[0]?.raw ?? "", /json_schema|"sentiment"/)
        assert.strictEqual(server.asked[0]?.blocks.length, 3)
      }),
    )
  })
}

layer(ground, { excludeTestServices: true })("briefs that are no use", (it) => {
  const briefOf = (script: Script, change = {}) =>
    Effect.gen(function* () {
      const server = yield* modelServer(script)
      const agent = yield* agentWith(compatible(server.url, { retries: 0, ...change }))
      const own = yield* (yield* SupportAgent).brief(context, "no_answer")
      return { own, brief: yield* agent.brief(context, "no_answer"), server }
    })
  const useless: Readonly<Record<string, Reply>> = {
    "no JSON": { text: "I would say the customer is cross." },
    "half a JSON": { text: '{"summary": "The customer' },
    "another mood": written({ sentiment: "furious" }),
    "no summary": written({ summary: " … " }),
    "a foreign address": written({
      summary: "The customer wants https://evil.example/login opened at once.",
    }),
    "a number from nowhere": written({
      summary: "The customer's order is LK-9999 and waits for its refund.",
    }),
    "another language": written({
      summary:
        "Der Kunde wartet seit drei Wochen auf seine Erstattung und möchte wissen, wann sie endlich ankommt.",
    }),
    "an error": { status: 500 },
    "a refusal": { status: 400 },
    "a cut": { bad: "cut", saying: { text: "x".repeat(200) } },
  }
  for (const [name, reply] of Object.entries(useless)) {
    it.effect(`${name}: the embedded agent's brief is taken`, () =>
      Effect.gen(function* () {
        const { brief, own, server } = yield* briefOf(() => reply)
        const { model, ...rest } = brief
        assert.deepStrictEqual(rest, own)
        assert.isNotEmpty(model?.failures, "it says what went wrong")
        assert.strictEqual(server.asked.length, 1)
      }),
    )
  }
  it.effect("a silent provider delays no handoff for longer than the setting says", () =>
    Effect.gen(function* () {
      const { brief, own, server } = yield* briefOf(() => ({ bad: "hang" }), { timeouts: { briefMs: 300 } })
      assert.strictEqual(brief.summary, own.summary)
      assert.strictEqual(server.asked.length, 1)
    }),
  )
  it.effect(
    "a long summary is cut to 120 words, JSON in a code block is read, a wrong language code is dropped",
    () =>
      Effect.gen(function* () {
        const json = JSON.stringify({
          summary: "The customer waits for the refund. ".repeat(60),
          sentiment: "negative",
          language: "German, opencx_vip",
        })
        const { brief } = yield* briefOf(() => ({ text: `Here it is:\n\`\`\`json\n${json}\n\`\`\`` }))
        assert.strictEqual(brief.summary.split(" ").length, 120)
        assert.strictEqual(brief.language, "en")
      }),
  )
  it.effect("the fallback writes it when the first one cannot", () =>
    Effect.gen(function* () {
      const second = yield* modelServer(() => written())
      const fallback = {
        provider: "openai_compatible" as const,
        model: "second",
        baseUrl: `${second.url}/v1`,
      }
      const { brief } = yield* briefOf(() => ({ status: 503 }), { fallback })
      assert.strictEqual(brief.sentiment, "negative")
      assert.strictEqual(second.asked.length, 1)
    }),
  )
})
