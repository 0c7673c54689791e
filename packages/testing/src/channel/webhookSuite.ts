/** Webhooks: genuine ones are read, others turned away, nothing is counted twice and nothing crashes. */
import { assert, describe, it } from "@effect/vitest"
import {
  type BoundChannel,
  type ChannelEvent,
  type ChannelPlugin,
  fetched,
  type RawRequest,
} from "@opencx/core"
import { Cause, Effect, Exit } from "effect"
import type { ChannelFixtures, WebhookFixture } from "./Fixtures.ts"
import { fuzzSuite } from "./fuzzSuite.ts"
import { bindAccount } from "./world.ts"

const receive = (bound: BoundChannel, request: RawRequest) =>
  bound.receive === null
    ? Effect.die(`${bound.plugin.id} takes no webhooks; set \`webhooks: null\``)
    : Effect.flatMap(bound.receive(request), Effect.forEach(fetched))

const tags = (events: ReadonlyArray<ChannelEvent>) => events.map((e) => e._tag)
const keys = (events: ReadonlyArray<ChannelEvent>) => events.map((e) => e.dedupKey)

const flipped = (request: RawRequest, at: number): RawRequest => {
  const body = Uint8Array.from(request.body)
  body[at] = (body[at] ?? 0) ^ 1
  return { ...request, body }
}

const genuineTests = (plugin: ChannelPlugin, fixture: WebhookFixture, fixtures: ChannelFixtures): void => {
  const bind = bindAccount(plugin, fixture.settings, fixtures.signer)

  it.live("a genuine request yields its events, each with a dedup key", () =>
    Effect.gen(function* () {
      const events = yield* receive(yield* bind, fixture.request())
      assert.deepStrictEqual(tags(events), [...fixture.yields])
      assert.strictEqual(new Set(keys(events)).size, events.length, "dedup keys differ within a batch")
      for (const event of events) assert.isAbove(event.dedupKey.length, 3)
      if (fixture.texts !== undefined) {
        assert.deepStrictEqual(
          events.flatMap((e) => (e._tag === "Message" ? [e.text] : [])),
          [...fixture.texts],
        )
      }
      for (const event of events) {
        if (event._tag !== "Message") continue
        assert.isAbove(event.thread.defaultKey.length, 0)
        assert.isAtMost(event.thread.defaultKey.length, 200)
        assert.doesNotThrow(() => JSON.parse(event.address), "`address` is JSON")
      }
    }),
  )

  it.live("the same request again is turned away or yields the same dedup keys", () =>
    Effect.gen(function* () {
      const bound = yield* bind
      const request = fixture.request()
      const first = yield* receive(bound, request)
      const second = yield* Effect.exit(receive(bound, request))
      if (Exit.isSuccess(second)) assert.deepStrictEqual(keys(second.value), keys(first))
      else assert.include(Cause.pretty(second.cause), "SignatureRejected")
    }),
  )

  const { redelivered, withUnknownFields, unknownType, batchWithOneBad } = fixture
  if (redelivered !== null) {
    it.live("a redelivery has the same dedup keys", () =>
      Effect.gen(function* () {
        const bound = yield* bind
        assert.deepStrictEqual(
          keys(yield* receive(bound, redelivered())),
          keys(yield* receive(bound, fixture.request())),
        )
      }),
    )
  }
  if (withUnknownFields !== null) {
    it.live("unknown fields change nothing", () =>
      Effect.gen(function* () {
        assert.deepStrictEqual(tags(yield* receive(yield* bind, withUnknownFields())), [...fixture.yields])
      }),
    )
  }
  if (unknownType !== null) {
    it.live("an unknown event type is acknowledged and is no message", () =>
      Effect.gen(function* () {
        const events = yield* receive(yield* bind, unknownType())
        assert.notInclude(tags(events), "Message")
        assert.notInclude(tags(events), "Delivery")
      }),
    )
  }
  if (batchWithOneBad !== null) {
    it.live("one bad item does not cost the others", () =>
      Effect.gen(function* () {
        assert.deepStrictEqual(tags(yield* receive(yield* bind, batchWithOneBad.request())), [
          ...batchWithOneBad.yields,
        ])
      }),
    )
  }
}

const hostileTests = (plugin: ChannelPlugin, fixture: WebhookFixture, fixtures: ChannelFixtures): void => {
  const bind = bindAccount(plugin, fixture.settings, fixtures.signer)
  const rejected = (request: RawRequest) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(receive(yield* bind, request))
      assert.strictEqual(error._tag, "SignatureRejected")
    })

  const bare: RawRequest = { ...fixture.request(), headers: {}, body: new TextEncoder().encode("{}") }
  for (const forgery of [...fixture.forgeries, { name: "a stranger's request", request: () => bare }]) {
    it.live(`turned away: ${forgery.name}`, () => rejected(forgery.request()))
  }

  if (fixture.coversBody) {
    it.live("turned away: a single byte changed, wherever it stands", () =>
      Effect.gen(function* () {
        const size = fixture.request().body.length
        for (const part of [0, 0.1, 0.3, 0.5, 0.7, 0.9, 1]) {
          yield* rejected(flipped(fixture.request(), Math.min(size - 1, Math.floor(size * part))))
        }
      }),
    )
  }

  for (const bad of fixture.malformed) {
    it.live(`a typed error: ${bad.name}`, () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(receive(yield* bind, bad.request()))
        assert.strictEqual(error._tag, "MalformedInput")
        if (error._tag === "MalformedInput")
          assert.isAbove(error.hint.length, 10, "the hint says what to look at")
      }),
    )
  }

  fuzzSuite(fixture, bind)
}

/** Registers the tests on webhooks, one block per provider. */
export const webhookSuite = (plugin: ChannelPlugin, fixtures: ChannelFixtures): void => {
  const { webhooks } = fixtures
  if (webhooks === null) {
    describe("webhooks", () => {
      it.effect("takes none, and says so", () =>
        Effect.gen(function* () {
          const bound = yield* bindAccount(plugin, fixtures.settings, fixtures.signer)
          assert.isNull(bound.receive)
        }),
      )
    })
    return
  }
  for (const fixture of webhooks) {
    describe(`webhook: ${fixture.name}`, () => {
      genuineTests(plugin, fixture, fixtures)
      hostileTests(plugin, fixture, fixtures)
    })
  }
}
