/** What Meta says about a message that we sent. */
import type { Account, ChannelEvent, DeliveryEvent, IgnoredEvent } from "@opencx/core"
import { ignored } from "../inbound/ignored.ts"
import { closedBefore, partReport, readCorrelation } from "../outbound/correlation.ts"
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
  readonly now: number
}

/** A delivery's parts report one by one: any failed part fails it, the last one counts for the rest. */
export const decodeStatus = (item: unknown, { at, now }: Around): ChannelEvent => {
  const drop = (why: string): IgnoredEvent => ignored(at, item, why)
  const read = Wire.readStatus(item)
  if (read === null) return drop("a status that cannot be read")
  const correlation = readCorrelation(read.biz_opaque_callback_data)
  if (correlation === null) return drop("a status about a message that is not one of our deliveries")
  const status = statuses[read.status]
  if (status === undefined) return drop(`statuses of type ${read.status} are not known`)
  const { deliveryId, part, parts } = correlation
  const happened = Wire.millisOf(read.timestamp, now)
  // Should a failed one be tried again, it is sent again.
  const reported = partReport(correlation, status === "failed" ? null : read.id)
  if (status !== "failed" && part < parts)
    return { ...drop(`part ${part} of ${parts} is ${read.status}`), part: reported }
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
    part: reported,
  }
}
