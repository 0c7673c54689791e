/** Sends the parts of one delivery in order, each at most once as far as this process can know. */
import type { DeliveryId, SendFailure } from "@opencx/core"
import { Effect } from "effect"
import { type Correlation, correlationText, partKey } from "./correlation.ts"
import type { Deliveries } from "./Deliveries.ts"

/** One message of the provider; gets the text that its statuses must carry, answers with the provider's id. */
export type Part = (correlation: string) => Effect.Effect<string, SendFailure>

/**
 * Tries to find out what became of a part that may have gone out: the provider's id, or null when it cannot be found.
 * Fails with what to do when it is certain that nothing went out.
 */
export type FindOut = (part: number) => Effect.Effect<string | null, SendFailure>

export interface Parts {
  readonly deliveryId: DeliveryId
  readonly closesAt: number | null
  readonly parts: ReadonlyArray<Part>
  readonly deliveries: Deliveries
  readonly findOut: FindOut
}

const sendPart = Effect.fnUntraced(function* (input: Parts, run: Part, correlation: Correlation) {
  const { deliveries, deliveryId, findOut } = input
  const key = partKey(correlation.part, correlation.parts)
  const known = deliveries.accepted(deliveryId, key)
  if (known !== null) return known
  if (deliveries.isDoubtful(deliveryId, key)) {
    const found = yield* findOut(correlation.part)
    if (found !== null) return found
  }
  return yield* run(correlationText(correlation)).pipe(
    Effect.catch(
      Effect.fnUntraced(function* (failure) {
        if (failure.kind._tag !== "Ambiguous") return yield* failure
        deliveries.doubt(deliveryId, key)
        const found = yield* findOut(correlation.part)
        if (found === null) return yield* failure
        return found
      }),
    ),
  )
})

/** The provider's ids of all parts. Stops at the first that fails; a retry goes on from there. */
export const sendParts = Effect.fnUntraced(function* (input: Parts) {
  const ids: Array<string> = []
  for (const [i, run] of input.parts.entries()) {
    const correlation: Correlation = {
      deliveryId: input.deliveryId,
      part: i + 1,
      parts: input.parts.length,
      closesAt: input.closesAt,
    }
    const id = yield* sendPart(input, run, correlation)
    input.deliveries.accept(input.deliveryId, partKey(correlation.part, correlation.parts), id)
    ids.push(id)
  }
  return ids
})
