/** Providers that are slow, full, broken or gone: over real HTTP, and with a test clock where time is the matter. */
import { assert, layer } from "@effect/vitest"
import type { TurnResult } from "@opencx/core"
import { MockLanguageModelV4, simulateReadableStream } from "ai/test"
import { APICallError } from "ai"
import { Effect, Fiber, Logger } from "effect"
import { TestClock } from "effect/testing"
import { contextOf, customer } from "../fixtures/world.ts"
import { agentWith, anthropic, compatible, ground, loadingIndex } from "./support/agents.ts"
import { honest, toolsIn } from "./support/doubles.ts"
import { type Bad, modelServer, type Reply, type Script } from "./support/ModelServer.ts"

/** Sockets know no test clock. */
const live = { excludeTestServices: true } as const

const question = "How long does a refund take?"
const context = contextOf([customer(question)])
const quick = { timeouts: { callMs: 400, turnMs: 6000 }, retries: 1 }

const reasonOf = (turn: TurnResult): string => (turn._tag === "Escalate" ? turn.reason : turn._tag)
const failuresOf = (turn: TurnResult): string => (turn.trace.model?.failures ?? []).join("; ")
const signal = (turn: TurnResult, name: string): string => String(turn.trace.signals[name])

/** The first answers are bad, then it works. */
const after =
  (...replies: ReadonlyArray<Reply>): Script =>
  (asked, nth) =>
    replies[nth - 1] ?? honest(asked, nth)

const cutSaying = {
  calls: [{ name: "answer", args: { articleIds: ["1"], text: "x".repeat(200), confidence: 1 } }],
}

const bad: ReadonlyArray<Bad> = ["hang", "reset", "cut", "stall", "garbage", "redirect"]

for (const [name, settingsOf] of [
  ["OpenAI-compatible", compatible],
  ["Anthropic", anthropic],
] as const) {
  layer(ground, live)(`a provider that fails, ${name}`, (it) => {
    for (const status of [429, 500, 502, 529]) {
      it.effect(`tries again after ${status}`, () =>
        Effect.gen(function* () {
          const headers = { "retry-after": "0" }
          const server = yield* modelServer(after({ status, headers }))
          const agent = yield* agentWith(settingsOf(server.url, quick))
          const turn = yield* agent.respond(context)
          assert.strictEqual(turn._tag, "Answer")
          assert.strictEqual(turn.trace.model?.retries, 1)
          assert.include(failuresOf(turn), String(status))
          assert.strictEqual(server.asked.length, 3)
        }),
      )
    }
    for (const one of bad) {
      it.effect(`${one}: is taken for a failure, and the embedded agent answers`, () =>
        Effect.gen(function* () {
          const server = yield* modelServer(() => ({ bad: one, saying: cutSaying }))
          const agent = yield* agentWith(settingsOf(server.url, quick))
          const turn = yield* agent.respond(context)
          assert.strictEqual(turn._tag, "Answer")
          assert.strictEqual(turn.trace.agent, "embedded")
          assert.strictEqual(signal(turn, "instead"), "embedded")
          assert.isAbove(failuresOf(turn).length, 5)
        }),
      )
    }
    it.effect("an answer without end is not read to its end, and not asked for again", () =>
      Effect.gen(function* () {
        const server = yield* modelServer(() => ({ bad: "endless" }))
        const agent = yield* agentWith(settingsOf(server.url))
        const turn = yield* agent.respond(context)
        assert.strictEqual(turn.trace.agent, "embedded")
        assert.include(signal(turn, "failure"), "too_large")
        assert.strictEqual(server.asked.length, 1)
      }),
    )
    it.effect("a stream that is cut is asked for again", () =>
      Effect.gen(function* () {
        const server = yield* modelServer(after({ bad: "cut", saying: cutSaying }))
        const agent = yield* agentWith(settingsOf(server.url, quick))
        const turn = yield* agent.respond(context)
        assert.strictEqual(turn._tag, "Answer")
        assert.strictEqual(turn.trace.agent, "llm")
      }),
    )
    it.effect("arguments that are no JSON are refused, and the turn goes on", () =>
      Effect.gen(function* () {
        const broken = { calls: [{ name: "answer", args: '{"articleIds": ["1"], "text": "hal' }] }
        const server = yield* modelServer(after(broken))
        const agent = yield* agentWith(settingsOf(server.url, quick))
        const turn = yield* agent.respond(context)
        assert.strictEqual(turn._tag, "Answer")
        assert.include(toolsIn(turn.trace), "answer: refused")
      }),
    )
    it.effect("rejected credentials are not tried again, and nothing repeats the key", () =>
      Effect.gen(function* () {
        const logs: Array<string> = []
        const logger = Logger.make(({ message }) => void logs.push(JSON.stringify(message)))
        const server = yield* modelServer(() => ({ status: 401 }))
        const agent = yield* agentWith(settingsOf(server.url, { ...quick, onFailure: "escalate" }))
        const turn = yield* agent.respond(context).pipe(Effect.provide(Logger.layer([logger])))
        assert.strictEqual(reasonOf(turn), "agent_failed")
        assert.strictEqual(server.asked.length, 1)
        assert.include(signal(turn, "failure"), "credentials")
        assert.strictEqual(logs.length, 1)
        assert.include(logs.join(), "credentials")
        assert.notInclude(logs.join() + JSON.stringify(turn), "sk-secret-key")
        const sent = JSON.stringify(server.asked[0]?.headers ?? {})
        assert.include(sent, "sk-secret-key", "the key goes to the provider, and there only")
      }),
    )
    it.effect("interrupting a turn closes its connection", () =>
      Effect.gen(function* () {
        const server = yield* modelServer(() => ({ bad: "stall", saying: cutSaying }))
        const agent = yield* agentWith(settingsOf(server.url))
        const fiber = yield* Effect.forkChild(agent.respond(context))
        const until = (done: () => boolean) =>
          Effect.repeat(Effect.sleep("10 millis"), { until: done, times: 1000 })
        yield* until(() => server.asked.length === 1)
        yield* Fiber.interrupt(fiber)
        yield* until(() => server.cancelled() === 1)
        assert.strictEqual(server.cancelled(), 1)
      }),
    )
  })
}

layer(ground, live)("another model, or none", (it) => {
  it.effect("the fallback is asked at once when the first one does not answer in time", () =>
    Effect.gen(function* () {
      const first = yield* modelServer(() => ({ bad: "hang" }))
      const second = yield* modelServer(honest)
      const fallback = {
        provider: "anthropic" as const,
        model: "second",
        apiKey: "sk-2",
        baseUrl: `${second.url}/v1`,
      }
      const settings = compatible(first.url, { ...quick, fallback })
      const turn = yield* (yield* agentWith(settings)).respond(context)
      assert.strictEqual(turn._tag, "Answer")
      assert.strictEqual(turn.trace.model?.calls[0]?.model, "anthropic/second")
      assert.strictEqual(failuresOf(turn), "openai_compatible/scripted: timeout")
      assert.strictEqual(first.asked.length, 1)
    }),
  )
  it.effect("a first one that breaks off in the middle of a turn does not take its searches along", () =>
    Effect.gen(function* () {
      const first = yield* modelServer((asked, nth) => (nth === 1 ? honest(asked, nth) : { status: 400 }))
      const second = yield* modelServer(honest)
      const fallback = {
        provider: "openai_compatible" as const,
        model: "second",
        baseUrl: `${second.url}/v1`,
      }
      const turn = yield* (yield* agentWith(compatible(first.url, { ...quick, fallback }))).respond(context)
      assert.strictEqual(turn._tag, "Answer")
      assert.strictEqual(second.asked[0]?.toolResults.length, 0)
      assert.strictEqual(first.asked.length, 2)
      assert.isUndefined(
        second.asked[0]?.headers["authorization"],
        "a server without key gets none, not ours",
      )
    }),
  )
  it.effect("a search that fails fails the turn: the engine tries it again", () =>
    Effect.gen(function* () {
      const server = yield* modelServer(honest)
      const agent = yield* agentWith(compatible(server.url), { knowledge: loadingIndex })
      const error = yield* Effect.flip(agent.respond(context))
      assert.strictEqual(error.reason._tag, "Unavailable")
    }),
  )
})

const usage = {
  inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 1, text: 1, reasoning: 0 },
}

const refusing = (calls: Array<number>, headers: Record<string, string>, now: () => number, fails: number) =>
  new MockLanguageModelV4({
    doStream: async () => {
      calls.push(now())
      if (calls.length <= fails) {
        throw new APICallError({
          message: "slow down",
          url: "http://127.0.0.1/",
          requestBodyValues: {},
          statusCode: 429,
          responseHeaders: headers,
        })
      }
      return {
        stream: simulateReadableStream({
          chunks: [
            { type: "stream-start", warnings: [] },
            { type: "tool-call", toolCallId: "1", toolName: "handoff", input: '{"reason":"no_answer"}' },
            { type: "finish", finishReason: { unified: "tool-calls", raw: "tool_calls" }, usage },
          ],
          initialDelayInMs: null,
          chunkDelayInMs: null,
        }),
      }
    },
  })

layer(ground)("pauses", (it) => {
  const run = (headers: Record<string, string>, fails: number, change = {}) =>
    Effect.gen(function* () {
      const calls: Array<number> = []
      const clock = yield* Effect.clockWith(Effect.succeed)
      const started = clock.currentTimeMillisUnsafe()
      const model = refusing(calls, headers, () => clock.currentTimeMillisUnsafe() - started, fails)
      const agent = yield* agentWith(compatible("http://127.0.0.1:9", { retries: 3, ...change }), {
        modelOf: () => model,
      })
      const fiber = yield* Effect.forkChild(agent.respond(context))
      // The mock is not driven by the test clock, so each step gives its promises a turn of the event loop.
      for (let step = 0; step < 60 && fiber.pollUnsafe() === undefined; step += 1) {
        yield* Effect.promise(() => new Promise((resolve) => setImmediate(resolve)))
        yield* TestClock.adjust("1 second")
      }
      return { calls, turn: yield* Fiber.join(fiber) }
    })
  it.effect("are as long as the provider asks for", () =>
    Effect.gen(function* () {
      const { calls, turn } = yield* run({ "retry-after": "7" }, 2)
      assert.strictEqual(calls.length, 3)
      assert.isAtLeast((calls[1] ?? 0) - (calls[0] ?? 0), 7000)
      assert.isAtLeast((calls[2] ?? 0) - (calls[1] ?? 0), 7000)
      assert.strictEqual(turn.trace.model?.retries, 2)
    }),
  )
  it.effect("are not waited for when they are longer than anybody waits", () =>
    Effect.gen(function* () {
      const { calls, turn } = yield* run({ "retry-after": "3600" }, 9)
      assert.strictEqual(calls.length, 1)
      assert.strictEqual(turn.trace.agent, "embedded")
    }),
  )
  it.effect("end with the turn", () =>
    Effect.gen(function* () {
      const { calls, turn } = yield* run({ "retry-after": "15" }, 9, {
        timeouts: { turnMs: 20_000 },
        onFailure: "escalate",
      })
      assert.strictEqual(calls.length, 2)
      assert.strictEqual(reasonOf(turn), "agent_failed")
    }),
  )
  it.effect("grow where the provider says nothing, and end with the number of tries", () =>
    Effect.gen(function* () {
      const { calls } = yield* run({}, 9)
      assert.strictEqual(calls.length, 4)
    }),
  )
})
