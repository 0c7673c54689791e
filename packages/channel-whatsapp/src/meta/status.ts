/** What Meta says about a message that we sent. */
import type { Account, ChannelEvent, DeliveryEvent } from "@opencx/core"
import { ignored } from "../inbound/ignored.ts"
import { closedBefore, partKey, readCorrelation } from "../outbound/correlation.ts"
import type { Deliveries } from "../outbound/Deliveries.ts"
import type { MetaSettings } from "../settings.ts"
import { explainCode } from "./errors.ts"
import * as Wire from "./wire.ts"

const statuses: Readonly<Record<string, DeliveryEvent["status"]>> = {
  sent: "sent",
  delivered: "delivered",
  read: "read",
  /** A voice message was listened to. */
  played: "read",
  failed: "failed",
}

interface Around {
  readonly at: string
  readonly account: Account<MetaSettings>
  readonly deliveries: Deliveries
  readonly now: number
}

/** A delivery's parts report one by one: any failed part fails it, the last one counts for the rest. */
export const decodeStatus = (item: unknown, { at, deliveries, now }: Around): ChannelEvent => {
  const drop = (why: string) => ignored(at, item, why)
  const read = Wire.readStatus(item)
  if (read === null) return drop("a status that cannot be read")
  const correlation = readCorrelation(read.biz_opaque_callback_data)
  if (correlation === null) return drop("a status about a message that is not one of our deliveries")
  const status = statuses[read.status]
  if (status === undefined) return drop(`statuses of type ${read.status} are not known`)
  const { deliveryId, part, parts } = correlation
  const happened = Wire.millisOf(read.timestamp, now)
  if (status === "failed") deliveries.failed(deliveryId, partKey(part, parts))
  else deliveries.accept(deliveryId, partKey(part, parts), read.id)
  if (status !== "failed" && part < parts) return drop(`part ${part} of ${parts} is ${read.status}`)
  const error = Wire.readError(read.errors?.[0])
  return {
    _tag: "Delivery",
    dedupKey: `status:${read.id}:${read.status}`,
    deliveryId,
    status,
    explanation:
      status === "failed"
        ? explainCode(
            error?.code ?? null,
            error?.error_data?.details ?? error?.message ?? null,
            closedBefore(correlation, happened),
          ) + (parts > 1 ? ` (part ${part} of ${parts})` : "")
        : null,
    at: happened,
  }
}
