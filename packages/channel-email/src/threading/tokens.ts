/**
 * Addresses that carry a signed token: `support+<token>@…` names the thread, `bounce+<token>@…` the delivery. Tokens
 * are `a-z0-9`, so they survive servers that lower-case addresses; a local part holds 64 characters (RFC 5321,
 * 4.5.3.1.1), and an address that would be longer is not made.
 */
import { type Account, DeliveryId } from "@opencx/core"
import { Option, Schema } from "effect"
import { addressesOf, bounceDomainOf, domainOf, type EmailSettings } from "../settings.ts"
import { packUuid, unpackUuid } from "./hash.ts"

const MAX_LOCAL = 64
type EmailAccount = Account<EmailSettings>

const plus = (base: string, token: string, domain: string): string | null => {
  const local = `${base}+${token}`
  return local.length <= MAX_LOCAL ? `${local}@${domain}` : null
}

/** `support+<token>@acme.example` for a thread; null when it would not fit. */
export const threadAddress = (account: EmailAccount, from: string, threadKey: string): string | null => {
  if (!/^[a-z0-9-]{1,100}$/.test(threadKey)) return null
  const at = from.lastIndexOf("@")
  const local = from.slice(0, at)
  // An alias that is itself plus-addressed cannot take a second tag.
  return local.includes("+") ? null : plus(local, account.signer.sign("thread", threadKey), domainOf(from))
}

/** `bounce+<token>@…` for a delivery; null when the signer's token does not fit. */
export const bounceAddress = (account: EmailAccount, deliveryId: DeliveryId): string | null =>
  plus("bounce", account.signer.sign("bounce", packUuid(deliveryId)), bounceDomainOf(account.settings))

const tagOf = (address: string): { readonly base: string; readonly tag: string } | null => {
  const at = address.lastIndexOf("@")
  const local = address.slice(0, at).toLowerCase()
  const sign = local.indexOf("+")
  if (sign <= 0) return null
  return { base: `${local.slice(0, sign)}@${domainOf(address)}`, tag: local.slice(sign + 1) }
}

/** The thread that one of these recipients names with a token of ours, or null. */
export const threadFromRecipients = (
  account: EmailAccount,
  recipients: ReadonlyArray<string>,
): string | null => {
  const own = new Set(addressesOf(account.settings))
  for (const recipient of recipients) {
    const tagged = tagOf(recipient)
    if (tagged === null || !own.has(tagged.base)) continue
    const key = account.signer.open("thread", tagged.tag)
    if (key !== null) return key
  }
  return null
}

const asDeliveryId = Schema.decodeUnknownOption(DeliveryId)

/** The delivery whose bounce address is among these recipients, or null. */
export const deliveryFromRecipients = (
  account: EmailAccount,
  recipients: ReadonlyArray<string>,
): DeliveryId | null => {
  for (const recipient of recipients) {
    const tagged = tagOf(recipient)
    if (tagged === null || tagged.base !== `bounce@${bounceDomainOf(account.settings)}`) continue
    const packed = account.signer.open("bounce", tagged.tag)
    const id = packed === null ? null : unpackUuid(packed)
    if (id !== null) return Option.getOrNull(asDeliveryId(id))
  }
  return null
}

/** True when mail to this address is for the account: its addresses, with or without a tag, and its bounces. */
export const isRecipient = (account: EmailAccount, address: string): boolean => {
  const lower = address.toLowerCase()
  const own = addressesOf(account.settings)
  if (own.includes(lower) || own.includes(tagOf(lower)?.base ?? "")) return true
  return deliveryFromRecipients(account, [lower]) !== null
}
