/** One message of a webhook. */
import type { Account, ChannelEvent, Fetched, MessageEvent } from "@opencx/core"
import { Effect } from "effect"
import { encodeAddress } from "../address.ts"
import { type Party, senderOf, threadOf } from "../identity/parties.ts"
import { waDigits } from "../identity/phone.ts"
import { ignored } from "../inbound/ignored.ts"
import { optOutOf, withConsent } from "../inbound/optOut.ts"
import { type MetaSettings, scopeOf } from "../settings.ts"
import { contentOf, type MediaRef, surroundings } from "./content.ts"
import { systemChanges } from "./identityChange.ts"
import { fetchMedia, MEDIA_TIME_MS } from "./media.ts"
import * as Wire from "./wire.ts"

interface Around {
  /** Where in the webhook it stands. */
  readonly at: string
  readonly contacts: ReadonlyArray<Wire.ContactCard>
  readonly account: Account<MetaSettings>
  /** When the webhook came, epoch ms. */
  readonly now: number
}

const idOf = (text: string | null | undefined): string | null =>
  text && /^[\w.:-]{1,160}$/.test(text) ? text : null

const digitsOf = (text: string | null | undefined): string | null => (text ? waDigits(text) : null)

/** Sender of a message, completed from its contact card: either may lack what the other has. */
const partyOf = (message: Wire.Message, contacts: ReadonlyArray<Wire.ContactCard>): Party => {
  const phone = digitsOf(message.from)
  const bsuid = idOf(message.from_user_id)
  const card = contacts.find(
    (c) => (bsuid !== null && c.user_id === bsuid) || (phone !== null && digitsOf(c.wa_id) === phone),
  )
  // Meta may write the number differently in the two places: a lone card's name fits all the same, its ids are not taken.
  const profile = Wire.readProfile((card ?? (contacts.length === 1 ? contacts[0] : undefined))?.profile)
  return {
    phone: phone ?? digitsOf(card?.wa_id),
    bsuid: bsuid ?? idOf(card?.user_id),
    parent: idOf(message.from_parent_user_id) ?? idOf(card?.parent_user_id),
    name: profile?.name || profile?.username || null,
  }
}

/** `context`: what the message is an answer to, for the full text. */
const contentsOf = (text: string, context: string | null, files: Fetched["files"] = []): Fetched => ({
  text,
  fullText: context === null ? null : `${text}\n\n${context}`,
  files,
})

const withFile = (text: string, context: string | null, media: MediaRef, { account, now }: Around) =>
  fetchMedia(media, account.settings, now + MEDIA_TIME_MS).pipe(
    Effect.match({
      onSuccess: (file) => contentsOf(text, context, [file]),
      onFailure: ({ why }) =>
        contentsOf(`${text}\n\n(The ${media.kind} could not be fetched from WhatsApp: ${why})`, context),
    }),
  )

/** The item alone: the rest of the webhook may be about other customers. */
const evidenceOf = (item: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(item))

/** Events of one message: itself, a change of address, a refusal of further messages, or the reason why it is nothing. */
export const decodeMessage = (item: unknown, around: Around): ReadonlyArray<ChannelEvent> => {
  const { account, at, contacts, now } = around
  const drop = (why: string): ReadonlyArray<ChannelEvent> => [ignored(at, item, why)]
  const message = Wire.readMessage(item)
  if (message === null) return drop("a message that cannot be read")
  const { settings } = account
  const scope = scopeOf(settings)
  if (message.type === "system") {
    const changes = systemChanges(message, scope, now)
    return changes.length > 0 ? changes : drop("a system message that changes no address")
  }
  if (message.group_id !== undefined && message.group_id !== null) return drop("group chats are not answered")
  const content = contentOf(message)
  if (content._tag === "Nothing") return drop(content.why)
  const party = partyOf(message, contacts)
  const sender = senderOf(party, scope)
  const thread = threadOf(party)
  if (sender === null || thread === null) return drop("nothing says who has written")
  const { media, text } = content
  const context = surroundings(message)
  const event: MessageEvent = {
    _tag: "Message",
    dedupKey: message.id,
    sender,
    thread,
    address: encodeAddress({
      phone: party.phone,
      bsuid: party.bsuid ?? party.parent,
      messageId: message.id,
    }),
    subject: null,
    ...contentsOf(text, context),
    ...(media === null ? {} : { fetch: withFile(text, context, media, around) }),
    messageId: message.id,
    raw: evidenceOf(item),
    sentAt: Wire.millisOf(message.timestamp, now),
    locale: null,
    automatic: content.automatic,
  }
  const isText = message.type === "text" || message.type === "button"
  return withConsent(event, isText && settings.optOutWords ? optOutOf(text) : null)
}
