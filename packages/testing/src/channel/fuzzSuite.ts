/** Genuine requests with one thing wrong, signed as the provider would: whatever the decoder makes of them, it stands. */
import { assert, it } from "@effect/vitest"
import { type BoundChannel, fetched, type RawRequest } from "@opencx/core"
import { Cause, Effect, Exit } from "effect"
import { brokenBytes, brokenFields, brokenJson, brokenText } from "../fuzz/hostile.ts"
import { fuzzSeeds, type Noise, noise, repeatedBy } from "../fuzz/seeds.ts"
import type { SignedBody, WebhookFixture } from "./Fixtures.ts"

/** Events of one request are read one by one; more than this from one broken body would be an amplifier. */
const maxEvents = 5_000

const brokenOf = (signed: SignedBody, next: Noise): RawRequest => {
  switch (signed._tag) {
    case "json":
      return signed.request(brokenJson(signed.body, next))
    case "form":
      return signed.request(brokenFields(signed.fields, next))
    case "text":
      return signed.request(brokenText(signed.text, next))
  }
}

const standsAgainst = (bound: BoundChannel, request: RawRequest, seed: number) =>
  Effect.gen(function* () {
    if (bound.receive === null) return
    const exit = yield* Effect.exit(Effect.flatMap(bound.receive(request), Effect.forEach(fetched)))
    assert.isUndefined(Reflect.get({}, "polluted"), repeatedBy(seed))
    if (Exit.isSuccess(exit)) return assert.isAtMost(exit.value.length, maxEvents, repeatedBy(seed))
    assert.isFalse(Cause.hasDies(exit.cause), `${repeatedBy(seed)}: ${Cause.pretty(exit.cause)}`)
  })

/** Registers the tests of one provider's webhook. */
export const fuzzSuite = <E>(fixture: WebhookFixture, bind: Effect.Effect<BoundChannel, E>): void => {
  it.live("damaged requests never crash it", () =>
    Effect.gen(function* () {
      const bound = yield* bind
      for (const seed of fuzzSeeds(60)) {
        const request = fixture.request()
        yield* standsAgainst(bound, { ...request, body: brokenBytes(request.body, noise(seed)) }, seed)
      }
    }),
  )

  const { signed } = fixture
  if (signed === undefined) return
  it.live(
    "signed rubbish never crashes it",
    () =>
      Effect.gen(function* () {
        const bound = yield* bind
        for (const seed of fuzzSeeds(120)) yield* standsAgainst(bound, brokenOf(signed, noise(seed)), seed)
      }),
    60_000,
  )
}
