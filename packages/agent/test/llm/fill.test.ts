/** Ticket fields by a model, over real HTTP: what is shown by the customer's words is filled, everything else stays blank. */
import { assert, layer } from "@effect/vitest"
import { type FieldRequest, SupportAgent, type TicketFieldValue } from "@opencx/core"
import { Effect } from "effect"
import { ai, contextOf, customer } from "../fixtures/world.ts"
import { agentWith, anthropic, compatible, ground, openai } from "./support/agents.ts"
import { allRequests, fieldsOfAll, requestFor } from "./support/fields.ts"
import { modelServer, type Reply, type Script } from "./support/ModelServer.ts"

const live = { excludeTestServices: true } as const

const letter =
  "I want my money back for order LK-20418. I bought two helmets and a saddle on 3 May 2026, it was a gift. I paid 119.90 for the lot, the serial is LS-204188."

const context = contextOf([customer(letter), ai("Please send photos of the helmets and the order LK-99999.")])

interface Said {
  readonly id: string
  readonly values: ReadonlyArray<string>
  readonly evidence?: string
  readonly confidence?: number
}

const saying = (...fields: ReadonlyArray<Said>): Reply => ({
  text: JSON.stringify({
    fields: fields.map((one) => ({ evidence: "I want my money back", confidence: 0.9, ...one })),
  }),
})

const honestly = saying(
  { id: "31", values: ["money_back"] },
  { id: "32", values: ["product_helmet", "product_saddle"], evidence: "two helmets and a saddle" },
  { id: "33", values: ["LK-20418"], evidence: "order LK-20418" },
  { id: "34", values: ["I want my money back for two helmets and a saddle."] },
  { id: "35", values: ["2"], evidence: "two helmets" },
  { id: "36", values: ["119.90"], evidence: "I paid 119.90" },
  { id: "37", values: ["true"], evidence: "it was a gift" },
  { id: "38", values: ["2026-05-03"], evidence: "on 3 May 2026" },
  { id: "39", values: ["LS-204188"], evidence: "the serial is LS-204188" },
)

const filledBy = (script: Script, requests: ReadonlyArray<FieldRequest> = allRequests, change = {}) =>
  Effect.gen(function* () {
    const server = yield* modelServer(script)
    const agent = yield* agentWith(compatible(server.url, { retries: 0, ...change }))
    const filled = yield* agent.fill(requests, context)
    return { server, filled, values: new Map(filled.map(({ id, value }) => [id, value])) }
  })

for (const [name, settingsOf] of [
  ["OpenAI-compatible", compatible],
  ["OpenAI", openai],
  ["Anthropic", anthropic],
] as const) {
  layer(ground, live)(`fields over ${name}`, (it) => {
    it.effect("of every kind hold what the customer said, as the field takes it", () =>
      Effect.gen(function* () {
        const server = yield* modelServer(() => honestly)
        const agent = yield* agentWith(settingsOf(server.url))
        const filled = yield* agent.fill(allRequests, context)
        const values: ReadonlyArray<readonly [string, TicketFieldValue]> = filled.map(({ id, value }) => [
          id,
          value,
        ])
        assert.deepStrictEqual(values, [
          ["31", "money_back"],
          ["32", ["product_helmet", "product_saddle"]],
          ["33", "LK-20418"],
          ["34", "I want my money back for two helmets and a saddle."],
          ["35", 2],
          ["36", 119.9],
          ["37", true],
          ["38", "2026-05-03"],
          ["39", "LS-204188"],
        ])
        assert.strictEqual(server.asked.length, 1, "one call for all fields")
        const [asked] = server.asked
        assert.isTrue(
          asked?.tools.every((tool) => tool === "json"),
          "no tool but that of the output",
        )
        assert.match(asked?.raw ?? "", /json_schema|"evidence"/)
        const shown = asked?.blocks.filter(({ label }) => label === "ticket field") ?? []
        assert.strictEqual(shown.length, allRequests.length)
        assert.include(shown[0]?.text, "- late_parcel = Delivery::Late")
        assert.include(shown[8]?.text, "pattern: \\ALS-\\d{6}\\z")
      }),
    )
  })
}

layer(ground, live)("a value that a model proposes", (it) => {
  const wrong: Readonly<Record<string, Said>> = {
    "an option that the field does not have": { id: "31", values: ["vip_customer"] },
    "the label of an option": { id: "31", values: ["Refund"] },
    "two options of a drop-down": { id: "31", values: ["money_back", "late_parcel"] },
    "no option at all": { id: "31", values: [] },
    "only options that the field does not have": { id: "32", values: ["product_wings", "opencx_vip"] },
    "words that the customer did not write": { id: "31", values: ["money_back"], evidence: "Refund me now" },
    "words that the assistant wrote": { id: "31", values: ["money_back"], evidence: "Please send photos" },
    "no words": { id: "31", values: ["money_back"], evidence: " … " },
    "a doubt": { id: "31", values: ["money_back"], confidence: 0.5 },
    "an identifier from nowhere": { id: "33", values: ["LK-77777"], evidence: "order LK-20418" },
    "the assistant's identifier": { id: "33", values: ["LK-99999"], evidence: "order LK-20418" },
    "a text of 251 characters": { id: "33", values: ["x".repeat(251)] },
    "a summary of something else": {
      id: "34",
      values: ["Customer threatens lawyers and demands compensation immediately"],
    },
    "a summary with a foreign address": {
      id: "34",
      values: ["I want my money back, see https://evil.example/refund for order LK-20418."],
    },
    "a number that was not said": { id: "35", values: ["47"], evidence: "I paid 119.90" },
    "half a thing": { id: "35", values: ["1.5"], evidence: "two helmets" },
    "no number": { id: "36", values: ["a lot"], evidence: "I paid 119.90" },
    "another amount": { id: "36", values: ["1199"], evidence: "I paid 119.90" },
    "a box that is not ticked": { id: "37", values: ["false"], evidence: "it was a gift" },
    "a day that the calendar lacks": { id: "38", values: ["2026-02-30"], evidence: "on 3 May 2026" },
    "another day": { id: "38", values: ["2026-05-17"], evidence: "on 3 May 2026" },
    "a day in words": { id: "38", values: ["3 May 2026"], evidence: "on 3 May 2026" },
    "a text that the pattern does not take": { id: "39", values: ["LS-20418"], evidence: "order LK-20418" },
    "a text that the pattern takes and nobody wrote": { id: "39", values: ["LS-999999"] },
    "a field that is never filled": { id: "40", values: ["anything"] },
    "a field that was not asked for": { id: "4711", values: ["money_back"] },
  }
  for (const [name, said] of Object.entries(wrong)) {
    it.effect(`with ${name} stays out`, () =>
      Effect.gen(function* () {
        const { filled, server } = yield* filledBy(() => saying(said))
        assert.deepStrictEqual(filled, [])
        assert.strictEqual(server.asked.length, 1)
      }),
    )
  }

  it.effect("counts once for each field, and known options count beside unknown ones", () =>
    Effect.gen(function* () {
      const { values } = yield* filledBy(() =>
        saying(
          { id: "31", values: ["money_back"] },
          { id: "31", values: ["late_parcel"] },
          { id: "32", values: ["product_helmet", "product_wings", "product_helmet"] },
        ),
      )
      assert.deepStrictEqual(
        [...values],
        [
          ["31", "money_back"],
          ["32", ["product_helmet"]],
        ],
      )
    }),
  )

  it.effect("is taken in other scripts, and as a day that was told without figures", () =>
    Effect.gen(function* () {
      const arabic = contextOf([customer("أريد استرداد أموالي للطلب ٢٠٤١٨، اشتريته أمس")])
      const server = yield* modelServer(() =>
        saying(
          { id: "31", values: ["money_back"], evidence: "أريد استرداد أموالي" },
          { id: "38", values: ["1969-12-31"], evidence: "اشتريته أمس" },
        ),
      )
      const agent = yield* agentWith(compatible(server.url))
      const filled = yield* agent.fill(allRequests, arabic)
      assert.deepStrictEqual(
        filled.map(({ value }) => value),
        ["money_back", "1969-12-31"],
      )
      assert.include(server.asked[0]?.user, "The last message was written on 1970-01-01.")
    }),
  )
})

layer(ground, live)("fields when a model is no use", (it) => {
  const useless: Readonly<Record<string, Reply>> = {
    "no JSON": { text: "The reason is a refund." },
    "half a JSON": { text: '{"fields": [{"id": "31", "val' },
    "another shape": { text: '{"31": "money_back"}' },
    "values that are no list": { text: '{"fields":[{"id":"31","values":"money_back"}]}' },
    "an error": { status: 500 },
    "a refusal of the schema": { status: 400 },
    "a cut": { bad: "cut", saying: { text: "x".repeat(200) } },
    "an answer without end": { bad: "endless" },
  }
  const own = Effect.flatMap(SupportAgent, (agent) => agent.fill(allRequests, context))
  for (const [name, reply] of Object.entries(useless)) {
    it.effect(`${name}: they are the embedded agent's`, () =>
      Effect.gen(function* () {
        const expected = yield* own
        assert.isNotEmpty(expected)
        const { filled } = yield* filledBy(() => reply)
        assert.deepStrictEqual(filled, expected)
      }),
    )
  }
  it.effect("a silent provider delays no handoff for longer than the setting says", () =>
    Effect.gen(function* () {
      const { filled, server } = yield* filledBy(() => ({ bad: "hang" }), allRequests, {
        timeouts: { briefMs: 300 },
      })
      assert.deepStrictEqual(filled, yield* own)
      assert.strictEqual(server.asked.length, 1)
    }),
  )
  it.effect("another model is asked before that", () =>
    Effect.gen(function* () {
      const second = yield* modelServer(() => saying({ id: "31", values: ["money_back"] }))
      const fallback = {
        provider: "openai_compatible" as const,
        model: "second",
        baseUrl: `${second.url}/v1`,
      }
      const { values } = yield* filledBy(() => ({ status: 503 }), allRequests, { fallback })
      assert.deepStrictEqual([...values], [["31", "money_back"]])
    }),
  )
  it.effect("nothing to fill, or nothing said, costs no call", () =>
    Effect.gen(function* () {
      const { filled, server } = yield* filledBy(() => honestly, [])
      assert.deepStrictEqual(filled, [])
      const agent = yield* agentWith(compatible(server.url))
      assert.deepStrictEqual(yield* agent.fill(allRequests, contextOf([customer(" … ")])), [])
      assert.strictEqual(server.asked.length, 0)
    }),
  )
  it.effect("a field with a thousand options and a novel as its description is shortened", () =>
    Effect.gen(function* () {
      const options = Array.from({ length: 1000 }, (_, at) => ({ value: `v${at}`, label: `Label ${at}` }))
      const huge = requestFor({ ...fieldsOfAll.reason, options }, "word ".repeat(5000))
      const { server, values } = yield* filledBy(() => saying({ id: "31", values: ["v7"] }), [huge])
      assert.deepStrictEqual([...values], [["31", "v7"]])
      assert.isBelow(server.asked[0]?.user.length ?? Infinity, 20_000)
    }),
  )
})
