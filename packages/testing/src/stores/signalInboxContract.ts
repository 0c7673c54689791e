import { assert, it, type Vitest } from "@effect/vitest"
import { type KeptSignal, type OrgId, SignalInbox, TicketId } from "@opencx/core"
import { Effect, type Layer } from "effect"
import { newOrg, newSessionId } from "./samples.ts"

const signal = (orgId: OrgId, ticket: number, change: Partial<KeptSignal> = {}): KeptSignal => ({
  orgId,
  ticketId: TicketId.make(String(ticket)),
  sessionId: null,
  readStatus: false,
  signalKey: `zendesk:${ticket}`,
  ...change,
})

const everything = 1_000_000

/** What waits of one organization: the layer may hold other data. */
const waitingOf = (orgId: OrgId) =>
  Effect.flatMap(SignalInbox, (inbox) =>
    Effect.map(inbox.waiting(everything), (all) => all.filter((one) => one.orgId === orgId)),
  )

/** `it` of a suite that has a `SignalInbox`. */
type It = Vitest.MethodsNonLive<SignalInbox>

const manyTests = (it: It): void => {
  it.effect("hands out the oldest signals when it is asked for few", () =>
    Effect.gen(function* () {
      const inbox = yield* SignalInbox
      yield* inbox.handedOn(yield* inbox.waiting(everything))
      const org = newOrg()
      yield* inbox.keep([signal(org, 1), signal(org, 2), signal(org, 1), signal(org, 3)])
      assert.deepStrictEqual(
        (yield* inbox.waiting(3)).map((one) => [one.ticketId, one.signals]),
        [
          ["1", 2],
          ["2", 1],
        ],
      )
      assert.deepStrictEqual(yield* inbox.waiting(0), [])
    }),
  )

  it.effect("takes many at once, from many sides, with any key, and loses none", () =>
    Effect.gen(function* () {
      const inbox = yield* SignalInbox
      const org = newOrg()
      yield* inbox.keep([])
      const sizes = [1, 2, 3, 63, 64, 65, 300]
      yield* Effect.forEach(
        sizes,
        (size, n) =>
          inbox.keep(Array.from({ length: size }, (_, i) => signal(org, i, { signalKey: `${n}:${i}` }))),
        { concurrency: "unbounded" },
      )
      const strange = ["x".repeat(5000), "nul\u0000", "half \uD800 a pair", "تذكرة'\"\\"]
      yield* inbox.keep(strange.map((signalKey, n) => signal(org, 1000 + n, { signalKey })))
      const all = yield* waitingOf(org)
      const total = sizes.reduce((sum, size) => sum + size, strange.length)
      assert.strictEqual(
        all.reduce((sum, one) => sum + one.signals, 0),
        total,
      )
      yield* inbox.handedOn(all)
      yield* inbox.handedOn([])
      assert.deepStrictEqual(yield* waitingOf(org), [])
    }),
  )
}

/** Registers what every `SignalInbox` does: nothing kept is lost, and one ticket's signals come as one. */
export const signalInboxContract = (name: string, layer: Layer.Layer<SignalInbox, unknown>): void =>
  it.layer(layer, { timeout: "30 seconds" })(`SignalInbox: ${name}`, (it) => {
    it.effect(
      "gives all signals of a ticket as its newest one, and asks for the status when any of them did",
      () =>
        Effect.gen(function* () {
          const inbox = yield* SignalInbox
          const org = newOrg()
          const sessionId = newSessionId()
          yield* inbox.keep([
            signal(org, 7, { signalKey: "a", readStatus: true }),
            signal(org, 8, { signalKey: "b" }),
            signal(org, 7, { signalKey: "c", sessionId }),
          ])
          const [seven, eight, ...more] = yield* waitingOf(org)
          assert.deepInclude(seven, {
            ...signal(org, 7),
            signalKey: "c",
            sessionId,
            readStatus: true,
            signals: 2,
          })
          assert.deepInclude(eight, { ...signal(org, 8), signalKey: "b", signals: 1 })
          assert.deepStrictEqual(more, [])
        }),
    )

    it.effect("forgets what was handed on, and nothing that came afterwards or waits elsewhere", () =>
      Effect.gen(function* () {
        const inbox = yield* SignalInbox
        const [org, other] = [newOrg(), newOrg()]
        yield* inbox.keep([signal(org, 1), signal(org, 2), signal(other, 1)])
        const read = yield* waitingOf(org)
        yield* inbox.keep([signal(org, 1, { signalKey: "later" })])
        const first = read.filter((one) => one.ticketId === "1")
        yield* inbox.handedOn(first)
        yield* inbox.handedOn(first)
        const left = yield* waitingOf(org)
        assert.deepStrictEqual(
          left.map((one) => [one.ticketId, one.signalKey, one.signals]),
          [
            ["2", "zendesk:2", 1],
            ["1", "later", 1],
          ],
        )
        assert.strictEqual((yield* waitingOf(other)).length, 1)
      }),
    )

    manyTests(it)
  })
