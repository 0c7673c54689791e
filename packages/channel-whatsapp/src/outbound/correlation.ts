/**
 * The text that goes with each message and comes back in its statuses: which delivery, which of its parts, and when the
 * window closes, so that a late refusal can be explained without looking anything up.
 */
import { DeliveryId, type PartReport } from "@opencx/core"
import { Option, Schema } from "effect"

export interface Correlation {
  readonly deliveryId: DeliveryId
  readonly part: number
  readonly parts: number
  /** Epoch ms. */
  readonly closesAt: number | null
}

const decodeId = Schema.decodeUnknownOption(DeliveryId)

export const correlationText = ({ closesAt, deliveryId, part, parts }: Correlation): string =>
  `${deliveryId}.${part}.${parts}.${closesAt === null ? "" : Math.round(closesAt / 1000)}`

/** Null: not one of ours (other programs may send on the same number). */
export const readCorrelation = (text: string | null | undefined): Correlation | null => {
  const found = /^([0-9a-f-]{36})\.(\d{1,4})\.(\d{1,4})\.(\d{0,11})$/i.exec(text ?? "")
  const deliveryId = Option.getOrNull(decodeId(found?.[1]))
  if (found === null || deliveryId === null) return null
  return {
    deliveryId,
    part: Number(found[2]),
    parts: Number(found[3]),
    closesAt: found[4] ? Number(found[4]) * 1000 : null,
  }
}

/** What a status says of the part: that the provider has it, or that it came to nothing. */
export const partReport = (
  { deliveryId, part, parts }: Correlation,
  providerId: string | null,
): PartReport => ({ deliveryId, name: partKey(part, parts), providerId })

/** When the window had closed before `at`; null when it had not, by our reckoning, or we do not know. */
export const closedBefore = ({ closesAt }: Correlation, at: number): number | null =>
  closesAt !== null && closesAt <= at ? closesAt : null

/** The name of a part in the delivery's progress. */
export const partKey = (part: number, parts: number): string => `${part}/${parts}`
