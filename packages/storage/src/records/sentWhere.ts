/** What of a customer's conversations left this installation, read from their sessions and timelines. */
import type { Attachment, Entry, SentWhere, Session, Trace } from "@opencx/core"
import { Array as Arr } from "effect"

export interface Told {
  readonly session: Session
  readonly entries: ReadonlyArray<Entry>
}

const ticketsOf = ({ entries, session }: Told): SentWhere["tickets"] =>
  [
    session.ticket?.ticketId ?? null,
    ...entries.map(({ body }) => (body._tag === "HandoffConfirmed" ? body.ticketId : null)),
  ].flatMap((ticketId) => (ticketId === null ? [] : [{ ticketId, sessionId: session.id }]))

const chatsOf = ({ entries, session }: Told): SentWhere["chats"] => {
  const { chat, id: sessionId } = session
  const linked =
    chat === null ? [] : [{ conversationId: chat.conversationId, userId: chat.userId, sessionId }]
  const earlier = entries.flatMap(({ body }) =>
    body._tag === "HandoffConfirmed" && body.chatId !== null && body.chatId !== chat?.conversationId
      ? [{ conversationId: body.chatId, userId: null, sessionId }]
      : [],
  )
  return [...linked, ...earlier]
}

const messagesOf = ({ entries, session }: Told): SentWhere["messages"] =>
  entries.flatMap(({ at, body }) =>
    body._tag === "DeliveryUpdate" && body.providerId !== null
      ? [
          {
            deliveryId: body.deliveryId,
            channel: session.channel,
            accountId: session.accountId,
            providerId: body.providerId,
            at,
          },
        ]
      : [],
  )

const tracesOf = ({ entries }: Told): ReadonlyArray<Trace> =>
  entries.flatMap(({ body }) => {
    if (body._tag === "HandoffRequested") return body.trace === null ? [] : [body.trace]
    return body._tag === "AiAnswer" || body._tag === "Assist" ? [body.trace] : []
  })

const modelsOf = (told: ReadonlyArray<Told>): SentWhere["models"] => {
  const calls = new Map<string, number>()
  for (const { model } of told.flatMap(tracesOf).flatMap((trace) => trace.model?.calls ?? []))
    calls.set(model, (calls.get(model) ?? 0) + 1)
  return [...calls].map(([model, count]) => ({ model, calls: count }))
}

/** Each ticket, chat, person, message and model once. */
export const sentWhere = (told: ReadonlyArray<Told>): SentWhere => ({
  tickets: Arr.dedupeWith(told.flatMap(ticketsOf), (a, b) => a.ticketId === b.ticketId),
  deskUsers: Arr.dedupe(told.flatMap(({ session }) => session.ticket?.requesterId ?? [])),
  chats: Arr.dedupeWith(told.flatMap(chatsOf), (a, b) => a.conversationId === b.conversationId),
  messages: Arr.dedupeWith(told.flatMap(messagesOf), (a, b) => a.providerId === b.providerId),
  models: modelsOf(told),
})

const attachmentsOf = ({ body }: Entry): ReadonlyArray<Attachment> => {
  if (body._tag === "HumanReply") return body.attachments
  if (body._tag !== "CustomerMessage") return []
  const raw =
    body.rawBlobId === null
      ? []
      : [{ blobId: body.rawBlobId, fileName: "message.eml", contentType: "message/rfc822", size: 0 }]
  return [...body.attachments, ...raw]
}

/** Each file once; a message as it came has no size noted. */
export const filesOf = (told: ReadonlyArray<Told>): ReadonlyArray<Attachment> =>
  Arr.dedupeWith(
    told.flatMap(({ entries }) => entries.flatMap(attachmentsOf)),
    (a, b) => a.blobId === b.blobId,
  )
