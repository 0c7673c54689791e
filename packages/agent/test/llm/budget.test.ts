/** Token budgets of sessions: over turns, tasks, restarts and processes that share a ledger. */
import { assert, layer } from "@effect/vitest"
import { SessionId, StoreError, TokenLedger, type TurnContext } from "@opencx/core"
import { Effect, Ref } from "effect"
import { ai, contextOf, customer, org } from "../fixtures/world.ts"
import { agentWith, compatible, ground } from "./support/agents.ts"
import { assistContextOf } from "./support/contexts.ts"
import { honest } from "./support/doubles.ts"
import { fieldsOfAll, requestsFor } from "./support/fields.ts"
import { modelServer, type Script } from "./support/ModelServer.ts"

const live = { excludeTestServices: true } as const

const session = (n: number) => SessionId.make(`00000000-0000-4000-8000-${String(n).padStart(12, "0")}`)

const costly: Script = (asked, nth) => ({ ...honest(asked, nth), usage: { input: 900, output: 100 } })

const question = customer("How long does a refund take?")
const first = (n: number): TurnContext => contextOf([question], { sessionId: session(n) })
const second = (n: number): TurnContext =>
  contextOf([question, ai("Five days."), customer("And how do I reset my password?")], {
    sessionId: session(n),
  })

const limited = (url: string) => compatible(url, { budget: { tokens: 3000 } })

layer(ground, live)("the tokens of a session", (it) => {
  it.effect("hold over a restart, and another session has its own", () =>
    Effect.gen(function* () {
      const server = yield* modelServer(costly)
      const before = yield* agentWith(limited(server.url))
      assert.strictEqual((yield* before.respond(first(1)))._tag, "Answer")
      const ledger = yield* TokenLedger
      assert.strictEqual(yield* ledger.spent({ orgId: org, sessionId: session(1) }), 2000)
      const after = yield* agentWith(limited(server.url))
      const half = yield* after.respond(second(1))
      assert.strictEqual(half.trace.signals["budget"], "tokens", "one call was left, and no more")
      const calls = server.asked.length
      const over = yield* after.respond(second(1))
      assert.strictEqual(over._tag === "Escalate" ? over.reason : over._tag, "agent_failed")
      assert.strictEqual(over.trace.signals["budget"], "tokens")
      assert.strictEqual(server.asked.length, calls, "nothing is asked any more")
      assert.strictEqual((yield* after.respond(first(2)))._tag, "Answer")
    }),
  )

  it.effect("are the sum of what several processes use at once", () =>
    Effect.gen(function* () {
      const server = yield* modelServer(costly)
      const [one, other] = [yield* agentWith(limited(server.url)), yield* agentWith(limited(server.url))]
      yield* Effect.all([one.respond(first(3)), other.respond(first(3))], { concurrency: "unbounded" })
      assert.strictEqual(yield* (yield* TokenLedger).spent({ orgId: org, sessionId: session(3) }), 4000)
      assert.strictEqual((yield* one.respond(second(3))).trace.signals["budget"], "tokens")
    }),
  )

  it.effect("count briefs, fields and drafts; beyond them the embedded agent does these", () =>
    Effect.gen(function* () {
      const server = yield* modelServer(costly)
      const agent = yield* agentWith(limited(server.url))
      const ledger = yield* TokenLedger
      const spent = ledger.spent({ orgId: org, sessionId: session(4) })
      const requests = requestsFor(fieldsOfAll.order)
      yield* agent.brief(first(4), "no_answer")
      assert.strictEqual(yield* spent, 1000)
      yield* agent.fill(requests, first(4))
      assert.strictEqual(yield* spent, 2000)
      yield* agent.assist(assistContextOf([question], { sessionId: session(4) }))
      assert.isAtLeast(yield* spent, 3000)
      const calls = server.asked.length
      yield* agent.brief(first(4), "no_answer")
      yield* agent.fill(requests, first(4))
      const draft = yield* agent.assist(assistContextOf([question], { sessionId: session(4) }))
      assert.strictEqual(draft._tag, "Draft")
      assert.strictEqual(draft.trace.agent, "embedded")
      assert.deepInclude(draft.trace.signals, { budget: "tokens", instead: "embedded" })
      assert.strictEqual(server.asked.length, calls)
    }),
  )

  it.effect("are counted call by call, also of a turn that breaks off in the middle", () =>
    Effect.gen(function* () {
      const server = yield* modelServer((asked, nth) => (nth === 1 ? costly(asked, nth) : { status: 400 }))
      const agent = yield* agentWith(compatible(server.url, { retries: 0 }))
      yield* agent.respond(first(5))
      assert.strictEqual(yield* (yield* TokenLedger).spent({ orgId: org, sessionId: session(5) }), 1000)
    }),
  )

  it.effect(
    "that nobody can read fail the turn, so that it is tried again; those that nobody can write do not",
    () =>
      Effect.gen(function* () {
        const server = yield* modelServer(costly)
        const sound = yield* TokenLedger
        const lost = new StoreError({ operation: "TokenLedger", detail: "database is gone" })
        const blind = yield* agentWith(limited(server.url), {
          ledger: { ...sound, spent: () => Effect.fail(lost) },
        })
        const error = yield* Effect.flip(blind.respond(first(6)))
        assert.strictEqual(error.reason._tag, "Unavailable")
        assert.isTrue(error.isRetryable)
        assert.strictEqual(server.asked.length, 0)
        assert.isNotEmpty((yield* blind.brief(first(6), "no_answer")).summary)
        const tries = yield* Ref.make(0)
        const dumb = yield* agentWith(limited(server.url), {
          ledger: {
            ...sound,
            add: () =>
              Effect.andThen(
                Ref.update(tries, (n) => n + 1),
                Effect.fail(lost),
              ),
          },
        })
        assert.strictEqual((yield* dumb.respond(first(7)))._tag, "Answer")
        assert.strictEqual(yield* Ref.get(tries), 2)
      }),
  )
})
