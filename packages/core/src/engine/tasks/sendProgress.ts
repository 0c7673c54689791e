/** A delivery's memory of its parts, over the store. */
import { Clock, Effect } from "effect"
import type { SendProgress } from "../../plugin/SendProgress.ts"
import type { DeliveryParts, DeliveryRef } from "../../ports/DeliveryParts.ts"
import { untilStored } from "../untilStored.ts"

/** Waits while the store does not answer: what went out must be noted, and what cannot be noted must not go out. */
export const sendProgress = (parts: DeliveryParts["Service"], delivery: DeliveryRef): SendProgress => ({
  known: untilStored(parts.known(delivery)),
  begin: (name) =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => untilStored(parts.begin(delivery, name, now))),
  sent: (name, providerId) => untilStored(parts.sent(delivery, name, providerId)),
  notSent: (name) => untilStored(parts.notSent(delivery, name)),
  doubted: (name) => untilStored(parts.doubted(delivery, name)),
  isTaken: (providerId) => untilStored(parts.isTaken(delivery.orgId, providerId)),
})
