/** Message-IDs that we mint, and what they tell when they come back. */
import { DeliveryId, type SessionId } from "@opencx/core"
import { Option, Schema } from "effect"
import { addressesOf, bounceDomainOf, domainOf, type EmailSettings } from "../settings.ts"
import { packUuid } from "./hash.ts"

/**
 * `<oc.{delivery}.{session}@domain>`: the same for every try of one delivery, so that a mail which is sent again after
 * a crash is the same mail to whoever receives it.
 */
export const outgoingMessageId = (
  settings: EmailSettings,
  deliveryId: DeliveryId,
  sessionId: SessionId,
): string => `<oc.${deliveryId.toLowerCase()}.${packUuid(sessionId)}@${domainOf(settings.address)}>`

const own = /<oc\.([0-9a-f-]{36})\.[0-9a-z]{1,32}@([a-z0-9.-]{1,253})>/gi
const asDeliveryId = Schema.decodeUnknownOption(DeliveryId)

const domainsOf = (settings: EmailSettings): ReadonlySet<string> =>
  new Set([...addressesOf(settings).map(domainOf), bounceDomainOf(settings)])

/** The first delivery of ours that a text names by its Message-ID, or null. */
export const deliveryInText = (settings: EmailSettings, text: string): DeliveryId | null => {
  const domains = domainsOf(settings)
  for (const match of text.slice(0, 500_000).matchAll(own)) {
    if (!domains.has((match[2] ?? "").toLowerCase())) continue
    const id = asDeliveryId((match[1] ?? "").toLowerCase())
    if (Option.isSome(id)) return id.value
  }
  return null
}

/** True when this Message-ID is one of ours: the mail has come back to us. */
export const isOwnMessageId = (settings: EmailSettings, messageId: string | null): boolean =>
  messageId !== null && deliveryInText(settings, messageId) !== null
