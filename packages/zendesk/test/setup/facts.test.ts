/** Facts about webhooks and triggers as a diagnosis needs them: with codes, and with Zendesk's own word on their calls. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { activityOf, readActivity } from "../../src/setup/facts/activity.ts"
import { applySetup, readSupportFacts, storedNames } from "../../src/setup/index.ts"
import { overHttp } from "../fake/http.ts"
import { openSetup } from "../fake/setup.ts"

const none = { ticketing: null, assist: null }

const call = (status: string, second: number) => ({
  status,
  latest_completed_at: `2026-11-26T10:00:0${second}Z`,
})

describe("activity of a webhook", () => {
  it("counts by Zendesk's own words, and the newest finished call decides", () => {
    const found = activityOf([
      call("success", 1),
      call("client error", 4),
      call("server error", 3),
      call("timeout", 2),
      call("circuit broken", 0),
    ])
    assert.deepStrictEqual(found, { last: "refused", calls: 5, refused: 1, failed: 2, paused: 1 })
  })

  it("takes words with underscores and capitals; words that nobody knows, or that tell nothing yet, count for nothing", () => {
    assert.strictEqual(activityOf([call("CIRCUIT_BROKEN", 1)]).last, "paused")
    assert.strictEqual(
      activityOf([call("accepted", 5), call("brand new", 4), call("success", 1)]).last,
      "success",
    )
    assert.deepStrictEqual(activityOf([{}]), { last: null, calls: 0, refused: 0, failed: 0, paused: 0 })
  })

  it("looks at 50 calls however many there are", () => {
    const many = Array.from({ length: 5_000 }, () => call("failed", 1))
    assert.strictEqual(activityOf(many).failed, 50)
  })

  it.live("is not known where Zendesk refuses it", () =>
    Effect.gen(function* () {
      const { support } = yield* openSetup()
      assert.isNull(yield* readActivity(support, "no-such-webhook"))
    }).pipe(overHttp),
  )
})

describe("facts about Support", () => {
  it.live(
    "a fresh account has nothing; one that is set up has everything, and the secret is the stored one",
    () =>
      Effect.gen(function* () {
        const world = yield* openSetup()
        const { support } = world.input()
        const before = yield* readSupportFacts(world.store, support, none)
        assert.isNull(before.ticketing.webhook)
        assert.deepStrictEqual(
          before.ticketing.triggers.map(({ faults }) => faults),
          [null],
        )
        assert.isAbove(before.mailing.length, 0)
        yield* applySetup(world.input(), { irreversible: true })
        const after = yield* readSupportFacts(world.store, support, none)
        assert.deepInclude(after.ticketing.webhook, {
          url: "current",
          faults: [],
          wrongKind: false,
          secret: "known",
        })
        assert.deepStrictEqual(
          [...after.ticketing.triggers, ...(after.assist?.triggers ?? [])].map(({ faults }) => faults),
          [[], [], []],
        )
        assert.deepStrictEqual([after.mailing, after.ticketing.strangers], [[], []])
      }).pipe(overHttp),
  )

  it.live("a secret: stored, configured, another one, none", () =>
    Effect.gen(function* () {
      const world = yield* openSetup()
      const { support } = world.input()
      yield* applySetup(world.input(), { irreversible: true })
      const right = world.kept.get(storedNames.ticketing) ?? ""
      const state = (configured: string | null) =>
        Effect.map(
          readSupportFacts(world.store, support, {
            ...none,
            ticketing: configured === null ? null : Redacted.make(configured),
          }),
          ({ ticketing }) => ticketing.webhook?.secret,
        )
      world.kept.set(storedNames.ticketing, "another")
      assert.strictEqual(yield* state(null), "different")
      assert.strictEqual(yield* state(right), "known", "one that fits is enough")
      world.kept.delete(storedNames.ticketing)
      assert.strictEqual(yield* state(null), "none")
    }).pipe(overHttp),
  )
})
