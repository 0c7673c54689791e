/**
 * Who writes, and which thread that is. WhatsApp names people by telephone number, by business-scoped user id (BSUID), or by
 * both; since 2026 the number may be missing.
 */
import { createHash } from "node:crypto"
import type { Identity, MessageSender, ThreadHints } from "@opencx/core"
import { comparablePhone } from "./phone.ts"

export interface Party {
  /** Digits, as the provider writes them. */
  readonly phone: string | null
  readonly bsuid: string | null
  /** The id shared by linked businesses, where Meta has enabled it. */
  readonly parent: string | null
  readonly name: string | null
}

/** Ids are scoped per WhatsApp business account: the same text under another account is another person. */
export const bsuidIdentity = (scope: string, bsuid: string): Identity => ({
  kind: "whatsapp_bsuid",
  value: `${scope}:${bsuid}`,
  verified: true,
})

export const phoneIdentity = (digits: string): Identity => ({
  kind: "phone",
  value: comparablePhone(digits),
  verified: true,
})

/** Every address that this party is proven to have, strongest first: telephone number, own id, parent id. */
export const identitiesOf = (party: Party, scope: string): ReadonlyArray<Identity> => [
  ...(party.phone === null ? [] : [phoneIdentity(party.phone)]),
  ...(party.bsuid === null ? [] : [bsuidIdentity(scope, party.bsuid)]),
  ...(party.parent === null ? [] : [bsuidIdentity(scope, party.parent)]),
]

/** Null when nothing says who it is. */
export const senderOf = (party: Party, scope: string): MessageSender | null => {
  const [first, ...also] = identitiesOf(party, scope)
  return first === undefined ? null : { ...first, name: party.name, also }
}

/** Keys have at most 120 characters; an id may be longer. */
const short = (text: string): string =>
  text.length <= 100 ? text : createHash("sha256").update(text).digest("hex")

/**
 * The lane is the BSUID's, whether the number comes along or not, and the number's only where there is no BSUID: so it stays
 * the same when a customer hides or shows the number. Quotes name no other lane: WhatsApp has one chat per pair of numbers.
 */
export const threadOf = (party: Party): ThreadHints | null => {
  const id = party.bsuid ?? party.parent
  if (id !== null)
    return { defaultKey: `bsuid:${short(id)}`, signedKey: null, references: [], participant: id }
  if (party.phone === null) return null
  return {
    defaultKey: `phone:${party.phone}`,
    signedKey: null,
    references: [],
    participant: comparablePhone(party.phone),
  }
}
