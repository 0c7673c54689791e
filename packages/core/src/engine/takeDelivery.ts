/** News of what we sent, on its way into the journal of the session that said it. */
import { Effect } from "effect"
import type { DeliveryEvent, HeardEvent, PartReport } from "../plugin/ChannelEvent.ts"
import { ConversationStore } from "../ports/ConversationStore.ts"
import { DeliveryParts } from "../ports/DeliveryParts.ts"
import { Engine } from "./Engine.ts"
import { laneOf } from "./lookups.ts"
import type { AccountRef } from "./refs.ts"
import { showRead } from "./showRead.ts"

/** Noted at once, and not by the lane: a try that waits for it may be under way. Parts that we did not begin are unknown. */
export const takePart = Effect.fnUntraced(function* ({ orgId }: AccountRef, part: PartReport | undefined) {
  if (part === undefined) return
  const { deliveryId, name, providerId } = part
  const parts = yield* DeliveryParts
  const delivery = { orgId, deliveryId }
  yield* providerId === null ? parts.notSent(delivery, name) : parts.sent(delivery, name, providerId)
})

/** A receipt or a bounce. */
export const takeDelivery = Effect.fnUntraced(function* (account: AccountRef, event: DeliveryEvent) {
  const store = yield* ConversationStore
  const found = yield* store.delivery(account.orgId, event.deliveryId)
  if (found === null)
    return yield* Effect.logWarning("A receipt for an unknown delivery was ignored", event.deliveryId)
  const engine = yield* Engine
  yield* engine.accept({
    lane: laneOf(found.session),
    eventKey: event.dedupKey,
    sessionId: found.session.id,
    event: {
      _tag: "DeliveryReport",
      deliveryId: event.deliveryId,
      status: event.status,
      explanation: event.explanation,
      at: event.at,
    },
  })
  if (event.status === "read") yield* showRead(found.session)
})

/** The customer heard only so much of it. */
export const takeHeard = Effect.fnUntraced(function* (account: AccountRef, event: HeardEvent) {
  const found = yield* (yield* ConversationStore).delivery(account.orgId, event.deliveryId)
  if (found === null) return yield* Effect.logWarning("News of an unknown delivery was ignored")
  const { at, dedupKey, deliveryId, text } = event
  yield* (yield* Engine).accept({
    lane: laneOf(found.session),
    eventKey: dedupKey,
    sessionId: found.session.id,
    event: { _tag: "Heard", deliveryId, text, at },
  })
})
