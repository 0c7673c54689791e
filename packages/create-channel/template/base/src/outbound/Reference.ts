/** Names one part of one delivery at the provider: statuses carry it back, and the list can be asked for it. */
import { DeliveryId } from "@opencx/core"
import { Option, Schema } from "effect"

/** `part` counts from 1 to `of`. */
export interface Reference {
  readonly deliveryId: DeliveryId
  readonly part: number
  readonly of: number
}

export const writeReference = ({ deliveryId, of, part }: Reference): string => `${deliveryId}/${part}/${of}`

/** The part's name in the delivery's progress. */
export const nameOf = ({ of, part }: Reference): string => `${part}/${of}`

const readId = Schema.decodeUnknownOption(DeliveryId)

/** Null for whatever we have not written. */
export const readReference = (text: string): Reference | null => {
  const [, id, part, of] = /^([^/]+)\/(\d{1,3})\/(\d{1,3})$/.exec(text) ?? []
  const deliveryId = Option.getOrNull(readId(id))
  return deliveryId === null ? null : { deliveryId, part: Number(part), of: Number(of) }
}
