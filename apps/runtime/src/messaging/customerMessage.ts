/** A customer's message on a channel that Zendesk owns, as the engine takes it. */
import { ChatId, type Fetched, type MessageEvent, type MessageSender } from "@opencx/core"
import { type ChatEvent, encodeSunshineAddress } from "@opencx/zendesk"
import { Effect } from "effect"

export type CustomerWrote = Extract<ChatEvent, { _tag: "CustomerWrote" }>

/**
 * Who wrote. A channel's own address is proven by the channel; a signed-in customer by the sign-in; everybody else is only
 * the same visitor as before. An e-mail address that was typed somewhere proves nothing and is left out.
 */
const senderOf = (event: CustomerWrote): MessageSender => {
  const { authenticated, externalId, profile, source, userId } = event
  const name = profile.name ?? source.displayName
  const visitor = { kind: "external", value: `sunshine:${userId}`, verified: true } as const
  if (source.type === "whatsapp" && source.address !== null)
    return {
      kind: "phone",
      value: source.address.startsWith("+") ? source.address : `+${source.address}`,
      verified: true,
      name,
      also: [visitor],
    }
  if (source.type === "messenger" || source.type === "instagram")
    return { kind: source.type, value: source.address ?? userId, verified: true, name, also: [visitor] }
  if (authenticated && externalId !== null)
    return { kind: "external", value: externalId, verified: true, name, also: [visitor] }
  return { ...visitor, name }
}

/** `fetch`: gets the files; null when there are none. */
export const customerMessage = (
  event: CustomerWrote,
  fetch: Effect.Effect<Pick<Fetched, "text" | "files">> | null,
): MessageEvent => {
  const conversationId = ChatId.make(event.conversationId)
  return {
    _tag: "Message",
    dedupKey: `sunshine:${event.messageId}`,
    sender: senderOf(event),
    thread: {
      defaultKey: conversationId,
      signedKey: null,
      references: [],
      participant: event.userId,
    },
    address: encodeSunshineAddress({ conversationId, userId: event.userId }),
    subject: null,
    text: event.text,
    fullText: null,
    files: [],
    ...(fetch === null ? {} : { fetch: Effect.map(fetch, (contents) => ({ ...contents, fullText: null })) }),
    messageId: event.messageId,
    raw: null,
    sentAt: event.sentAt,
    locale: event.profile.locale,
    automatic: null,
    chat: { conversationId, userId: event.userId, control: event.control },
  }
}
