/** What operators read of a trace: everything that is in it, and nothing of it as markup. */
import { assert, describe, it } from "@effect/vitest"
import { type Brief, type Entry, SessionId, TicketId, type Trace } from "@opencx/core"
import { entryHtml } from "../../src/http/pages/entry.ts"
import { traceHtml } from "../../src/http/pages/trace.ts"

const embedded: Trace = {
  agent: "embedded",
  queries: ["كم يستغرق الاسترداد؟", "refund <b>now</b>"],
  hits: [{ articleId: "41", title: "Refunds & returns", score: 7.123456 }],
  signals: { decision: "answer", confidence: 0.87654, spoken: false },
  latencyMs: 12,
}

const asked: Trace = {
  ...embedded,
  agent: "llm",
  latencyMs: 12_345,
  model: {
    prompt: "respond-1",
    calls: [
      { model: "anthropic/small", ms: 900, inputTokens: 1000, outputTokens: 20 },
      { model: "anthropic/small", ms: 1_100, inputTokens: 2000, outputTokens: 30 },
    ],
    tools: [
      { name: "searchHelpCenter", arguments: '{"query":"<script>"}', result: "3 found", resultSize: 4096 },
      { name: "answer", arguments: "{}", result: "rejected: no_source", resultSize: 30 },
    ],
    reasoning: "They ask about <refunds>.",
    retries: 1,
    failures: ["anthropic/small: timeout"],
    cost: 0.0123,
  },
}

describe("a trace", () => {
  it("without a model tells queries, articles with scores, signals and the time it took", () => {
    const { text } = traceHtml(embedded)
    for (const part of [
      "embedded, 0.01 s",
      "كم يستغرق الاسترداد؟",
      "refund &lt;b&gt;now",
      "Refunds &amp; returns",
      "7.123",
      "0.877",
      "false",
    ])
      assert.include(text, part)
    assert.notInclude(text, "Tokens in")
  })

  it("with a model tells also calls, tools, tokens, cost, failures, reasoning and the prompt", () => {
    const { text } = traceHtml(asked)
    for (const part of [
      "llm, 12.3 s",
      "respond-1",
      "3000 tokens in",
      "50 out, cost 0.0123, 1 tried again",
      "anthropic/small",
      "1.10 s",
      "searchHelpCenter",
      "{&quot;query&quot;:&quot;&lt;script&gt;&quot;}",
      "3 found",
      "4096",
      "rejected: no_source",
      "anthropic/small: timeout",
      "They ask about &lt;refunds&gt;.",
    ])
      assert.include(text.replace(/\s+/g, " "), part)
    assert.notInclude(text, "<script>")
    assert.notInclude(text, "<refunds>")
  })

  it("of a model that never answered says so", () => {
    const { text } = traceHtml({
      ...embedded,
      model: {
        prompt: "respond-1",
        calls: [],
        tools: [],
        reasoning: null,
        retries: 0,
        failures: ["x: 500"],
        cost: null,
      },
    })
    assert.include(text, "Failures: x: 500")
    assert.notInclude(text, "Reasoning")
    assert.notInclude(text, "Arguments")
  })
})

describe("a brief", () => {
  const entry = (brief: Brief): Entry => ({
    sessionId: SessionId.make("00000000-0000-4000-8000-000000000001"),
    seq: 1,
    at: 0,
    body: {
      _tag: "HandoffConfirmed",
      ticketId: TicketId.make("7"),
      chatId: null,
      brief,
      created: true,
      tags: [],
    },
  })
  const brief: Brief = { summary: "They wait.", sentiment: "negative", language: "en", reason: "anger" }

  it("by a model says how it was written, one without does not", () => {
    const { model } = asked
    if (model === undefined) return assert.fail("a model")
    const { text } = entryHtml(entry({ ...brief, model: { ...model, prompt: "brief-1" } }))
    for (const part of ["They wait.", "How the brief was written", "brief-1", "anthropic/small"])
      assert.include(text, part)
    assert.notInclude(entryHtml(entry(brief)).text, "How the brief was written")
  })
})
