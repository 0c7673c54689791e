import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { OrgId, TicketId } from "../../src/index.ts"
import { SignalFold } from "../../src/engine/SignalFold.ts"

const org = OrgId.make("acme")
const ticket = TicketId.make("7")

const folding = <A, E>(body: (fold: SignalFold["Service"]) => Effect.Effect<A, E>) =>
  Effect.flatMap(SignalFold, body).pipe(Effect.provide(SignalFold.layer))

describe("folding of signals", () => {
  it.effect("a signal is folded only between the journaling of another and the look that it sets off", () =>
    folding((fold) =>
      Effect.gen(function* () {
        assert.isFalse(yield* fold.covers(org, ticket, false))
        yield* fold.announced(org, ticket, false)
        assert.isTrue(yield* fold.covers(org, ticket, false))
        yield* fold.begun(org, ticket)
        assert.isFalse(yield* fold.covers(org, ticket, false))
      }),
    ),
  )

  it.effect("a look at comments only does not cover a signal that asks for the status", () =>
    folding((fold) =>
      Effect.gen(function* () {
        yield* fold.announced(org, ticket, false)
        assert.isFalse(yield* fold.covers(org, ticket, true))
        yield* fold.announced(org, ticket, true)
        assert.isTrue(yield* fold.covers(org, ticket, false))
      }),
    ),
  )

  it.effect("a look that does not begin within five seconds is not relied on", () =>
    folding((fold) =>
      Effect.gen(function* () {
        yield* fold.announced(org, ticket, true)
        yield* TestClock.adjust("4900 millis")
        assert.isTrue(yield* fold.covers(org, ticket, true))
        yield* TestClock.adjust("200 millis")
        assert.isFalse(yield* fold.covers(org, ticket, true))
      }),
    ),
  )

  it.effect("organizations with the same ticket number are kept apart", () =>
    folding((fold) =>
      Effect.gen(function* () {
        yield* fold.announced(org, ticket, true)
        assert.isFalse(yield* fold.covers(OrgId.make("other"), ticket, true))
      }),
    ),
  )
})
