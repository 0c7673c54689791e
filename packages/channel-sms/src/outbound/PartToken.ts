/** Names one part of one delivery in callbacks: signed, so that nobody can report on what was never sent. */
import { DeliveryId, type Signer } from "@opencx/core"
import { Option, Schema } from "effect"

/** `part` counts from 1 to `of`. */
export interface PartName {
  readonly deliveryId: DeliveryId
  readonly part: number
  readonly of: number
}

/** The part's name in the delivery's progress. */
export const nameOf = ({ of, part }: PartName): string => `${part}/${of}`

const PURPOSE = "sms-part"
/** The query parameter of callback URLs. */
export const TOKEN_PARAMETER = "delivery"

export const signPart = (signer: Signer, { deliveryId, of, part }: PartName): string =>
  signer.sign(PURPOSE, `${deliveryId}-${part}-${of}`)

const decodeId = Schema.decodeUnknownOption(DeliveryId)

export const openPart = (signer: Signer, token: string): PartName | null => {
  const match = /^(.+)-(\d{1,3})-(\d{1,3})$/.exec(signer.open(PURPOSE, token) ?? "")
  const deliveryId = match === null ? null : Option.getOrNull(decodeId(match[1]))
  return match === null || deliveryId === null
    ? null
    : { deliveryId, part: Number(match[2]), of: Number(match[3]) }
}

export const callbackUrlOf = (hookUrl: string, token: string): string =>
  `${hookUrl}${hookUrl.includes("?") ? "&" : "?"}${TOKEN_PARAMETER}=${token}`

/** The token in a webhook's URL. */
export const tokenOf = (url: string): string | null =>
  URL.canParse(url) ? new URL(url).searchParams.get(TOKEN_PARAMETER) : null
