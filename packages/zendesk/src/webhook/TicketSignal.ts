/**
 * What a ticket webhook tells us: that something happened on a ticket. Never the comment's text: placeholders may
 * render another comment than the one that fired the trigger, so the comments are fetched afterwards.
 */
import { CommentId, DeskUserId, MalformedInput, TicketId } from "@opencx/core"
import { Effect, Option, Result, Schema } from "effect"

export interface TicketSignal {
  readonly ticketId: TicketId
  readonly externalId: string | null
  /** As Zendesk renders it (`Open`, `open`), lower-cased; a hint, in the account's language. */
  readonly statusHint: string | null
  readonly commentId: CommentId | null
  readonly authorId: DeskUserId | null
}

/** A signal is a few hundred bytes; an event with its comment may hold 64 KB of text. */
export const maxSignalBytes = 1_000_000

const Scalar = Schema.Union([Schema.String, Schema.Number])
const decodeScalar = Schema.decodeUnknownOption(Scalar)
const decodeRecord = Schema.decodeUnknownOption(Schema.Record(Schema.String, Schema.Unknown))
const decodeJson = Schema.decodeUnknownResult(
  Schema.fromJsonString(Schema.Record(Schema.String, Schema.Unknown)),
)

const scalar = (value: unknown): string | null => {
  const text = Option.map(decodeScalar(value), (one) => String(one).trim())
  return Option.isSome(text) && text.value !== "" ? text.value : null
}

/** An id is digits; placeholders that Zendesk did not know render empty, and system changes have the author -1. */
const id = (value: unknown): string | null => {
  const text = scalar(value)
  return text !== null && /^\d{1,19}$/.test(text) ? text : null
}

const inside = (value: unknown, ...path: ReadonlyArray<string>): unknown => {
  let at = value
  for (const name of path) at = Option.getOrUndefined(decodeRecord(at))?.[name]
  return at
}

const signalOf = (fields: {
  readonly ticketId: string
  readonly externalId: string | null
  readonly status: string | null
  readonly commentId: string | null
  readonly authorId: string | null
}): TicketSignal => ({
  ticketId: TicketId.make(fields.ticketId),
  externalId: fields.externalId,
  statusHint: fields.status?.toLowerCase() ?? null,
  commentId: fields.commentId === null ? null : CommentId.make(fields.commentId),
  authorId: fields.authorId === null ? null : DeskUserId.make(fields.authorId),
})

/** The body that our trigger sends. */
const fromTrigger = (body: Readonly<Record<string, unknown>>): TicketSignal | null => {
  const ticketId = id(body["ticket_id"])
  return ticketId === null
    ? null
    : signalOf({
        ticketId,
        externalId: scalar(body["external_id"]),
        status: scalar(body["status"]),
        commentId: id(body["comment_id"]),
        authorId: id(body["author_id"]),
      })
}

/** An event subscription: `zen:event-type:ticket.comment_added` and its kin. */
const fromEvent = (body: Readonly<Record<string, unknown>>): TicketSignal | null => {
  const type = scalar(body["type"])
  if (type === null || !type.startsWith("zen:event-type:ticket.")) return null
  const ticketId =
    id(inside(body, "detail", "id")) ?? id(/^zen:ticket:(\d+)$/.exec(scalar(body["subject"]) ?? "")?.[1])
  return ticketId === null
    ? null
    : signalOf({
        ticketId,
        externalId: scalar(inside(body, "detail", "external_id")),
        status: scalar(inside(body, "detail", "status")),
        commentId: id(inside(body, "event", "comment", "id")),
        authorId: id(inside(body, "event", "comment", "author", "id")),
      })
}

/** Quotes and line breaks in placeholders can break a trigger's JSON; the ids before and after them are still there. */
const fromBroken = (text: string): TicketSignal | null => {
  const field = (name: string): string | null =>
    new RegExp(`"${name}"\\s*:\\s*"?([\\w-]{1,64})"?`).exec(text)?.[1] ?? null
  const ticketId = id(field("ticket_id"))
  return ticketId === null
    ? null
    : signalOf({
        ticketId,
        externalId: field("external_id"),
        status: field("status"),
        commentId: id(field("comment_id")),
        authorId: id(field("author_id")),
      })
}

const hint =
  'The body must be JSON with at least {"ticket_id": "{{ticket.id}}"}. Compare the trigger with `triggerRequest`.'

/**
 * Reads a signal from a webhook's raw body. Numbers and strings, our trigger and Zendesk's events, and JSON that a
 * placeholder broke are all fine; without a ticket id it is `MalformedInput`.
 */
export const decodeTicketSignal = (rawBody: Uint8Array): Effect.Effect<TicketSignal, MalformedInput> => {
  if (rawBody.byteLength > maxSignalBytes) {
    return Effect.fail(
      new MalformedInput({
        detail: `the body has ${rawBody.byteLength} bytes, more than ${maxSignalBytes}`,
        hint,
      }),
    )
  }
  const text = new TextDecoder().decode(rawBody)
  const json = decodeJson(text)
  const signal = Result.isSuccess(json)
    ? (fromTrigger(json.success) ?? fromEvent(json.success))
    : fromBroken(text)
  if (signal !== null) return Effect.succeed(signal)
  const detail = Result.isSuccess(json)
    ? "the body names no ticket"
    : "the body is no JSON and names no ticket"
  return Effect.fail(new MalformedInput({ detail, hint }))
}
