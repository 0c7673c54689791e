/** Sends the parts of one delivery in order, each at most once as far as this process can know. */
import type { DeliveryId, SendFailure } from "@opencx/core"
import { Clock, Effect } from "effect"
import { type Correlation, correlationText, partKey } from "./correlation.ts"
import type { Deliveries } from "./Deliveries.ts"
import { retry } from "./failure.ts"

/** One message of the provider; gets the text that its statuses must carry, answers with the provider's id. */
export type Part = (correlation: string) => Effect.Effect<string, SendFailure>

/** What became of a part that may have gone out. */
export type Fate =
  | { readonly _tag: "Sent"; readonly id: string }
  /** The provider shows that it has not taken it. */
  | { readonly _tag: "NotSent" }
  | { readonly _tag: "Unknown" }

/** A provider's id, if there is one, as a fate. */
export const fateOf = (id: string | null): Fate => (id === null ? { _tag: "Unknown" } : { _tag: "Sent", id })

/** `since`: when the doubtful try began, epoch ms. */
export type FindOut = (part: number, since: number) => Effect.Effect<Fate>

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
  const doubted = deliveries.doubtfulSince(deliveryId, key)
  if (doubted !== null) {
    // Whoever asks again after a doubt wants it sent, unless it is there.
    const fate = yield* findOut(correlation.part, doubted)
    if (fate._tag === "Sent") return fate.id
  }
  const began = yield* Clock.currentTimeMillis
  return yield* run(correlationText(correlation)).pipe(
    Effect.catch(
      Effect.fnUntraced(function* (failure) {
        if (failure.kind._tag !== "Ambiguous") return yield* failure
        deliveries.doubt(deliveryId, key, began)
        const fate = yield* findOut(correlation.part, began)
        if (fate._tag === "Sent") return fate.id
        return yield* fate._tag === "NotSent" ? retry(`${failure.kind.detail}; it was not taken`) : failure
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
