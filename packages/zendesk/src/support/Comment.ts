/** Adds a comment to a ticket, once per marker. Zendesk has no idempotency key for this, so that we keep our own. */
import { Ambiguous, Closed, type CommentDraft, CommentId, type TicketId, TicketingError } from "@opencx/core"
import { Effect, Result, Schema } from "effect"
import type { ZendeskClient } from "../client/Client.ts"
import type { CallFailure } from "../client/Failure.ts"
import { isClosedFailure, reasonOf } from "../client/Reasons.ts"
import { ask, wireNumber } from "./Calls.ts"
import { laterComment, refusedHtml } from "./CommentText.ts"
import type { OurUser } from "./Self.ts"
import { checkTicketId, getTicket } from "./Tickets.ts"
import { upload, uploadAll } from "./Uploads.ts"
import { AuditList, type AuditWire, idText, nextCursor, TicketUpdate } from "./Wire.ts"
import { jsonText } from "../client/Json.ts"

export interface CommentParts {
  readonly client: ZendeskClient
  readonly self: Effect.Effect<OurUser, TicketingError>
  readonly commentLimit: number
}

const operation = "comment"
/** 2,000 audits back: a doubtful write is minutes old, and a ticket holds at most 5,000 comments. */
const maxAuditPages = 20

const Marked = Schema.Struct({ opencx_marker: Schema.String })
const decodeMarked = Schema.decodeUnknownResult(Marked)

const markerOf = (audit: AuditWire): string | null => {
  const custom = decodeMarked(audit.metadata?.custom)
  return Result.isSuccess(custom) ? custom.success.opencx_marker : null
}

const commentIdOf = (audit: AuditWire | null | undefined): CommentId | null => {
  const event = audit?.events?.find((one) => one.type === "Comment")
  return event?.id === null || event?.id === undefined ? null : CommentId.make(idText(event.id))
}

/** The comment that carries this marker, if an earlier try went through. Newest audits come first. */
const findMarked = Effect.fnUntraced(function* (client: ZendeskClient, ticketId: TicketId, marker: string) {
  let cursor: string | null = null
  for (let page = 0; page < maxAuditPages; page++) {
    const list: typeof AuditList.Type = yield* ask(
      client,
      operation,
      { what: `ticket ${ticketId}` },
      AuditList,
      {
        method: "GET",
        path: `/api/v2/tickets/${ticketId}/audits`,
        query: {
          sort: "-created_at",
          "page[size]": "100",
          ...(cursor === null ? {} : { "page[after]": cursor }),
        },
      },
    )
    const found = list.audits.find((audit) => markerOf(audit) === marker)
    // Written is written: an audit that does not list its events must not lead to a second comment.
    if (found !== undefined) return commentIdOf(found) ?? CommentId.make(idText(found.id ?? marker))
    cursor = nextCursor(list.meta)
    if (cursor === null) return null
  }
  return null
})

const bodyOf = Effect.fnUntraced(function* (parts: CommentParts, draft: CommentDraft) {
  const author = draft.author === "us" ? (yield* parts.self).userId : draft.author
  const files = yield* uploadAll(parts.client, operation, draft.files)
  const text = laterComment(draft.body, refusedHtml(files.refused), parts.commentLimit)
  const whole = text.attachment
  const extra =
    whole === null
      ? []
      : [
          yield* upload(parts.client, operation, {
            fileName: whole.fileName,
            contentType: "text/plain; charset=utf-8",
            content: new TextEncoder().encode(whole.text),
          }),
        ]
  const uploads = [...files.tokens, ...extra]
  return jsonText({
    ticket: {
      comment: {
        html_body: text.html,
        public: draft.public,
        author_id: wireNumber(author),
        ...(uploads.length === 0 ? {} : { uploads }),
      },
      ...(draft.status === null ? {} : { status: draft.status }),
      // Comes back as `audit.metadata.custom`, where `findMarked` looks.
      metadata: { opencx_marker: draft.marker },
    },
  })
})

/** The sentence about a closed ticket varies, so that an unclear refusal is settled by the ticket itself. */
const refusal = Effect.fnUntraced(function* (
  client: ZendeskClient,
  ticketId: TicketId,
  failure: CallFailure,
) {
  const what = `ticket ${ticketId}`
  const closed = new TicketingError({ operation, reason: new Closed({ what }) })
  if (isClosedFailure(failure)) return yield* closed
  if (failure.status === 422) {
    const ticket = yield* Effect.result(getTicket(client, ticketId))
    if (Result.isSuccess(ticket) && ticket.success.status === "closed") return yield* closed
  }
  return yield* new TicketingError({ operation, reason: reasonOf(failure, { what }) })
})

/** Writes the comment; with `checkFirst` only if no audit carries its marker yet. */
export const comment = Effect.fnUntraced(function* (parts: CommentParts, draft: CommentDraft) {
  const { client } = parts
  yield* checkTicketId(operation, draft.ticketId)
  if (draft.checkFirst) {
    const earlier = yield* findMarked(client, draft.ticketId, draft.marker)
    if (earlier !== null) return earlier
  }
  const json = yield* bodyOf(parts, draft)
  const result = yield* Effect.result(
    client.json(TicketUpdate, { method: "PUT", path: `/api/v2/tickets/${draft.ticketId}`, json }),
  )
  if (Result.isFailure(result)) return yield* refusal(client, draft.ticketId, result.failure)
  const id = commentIdOf(result.success.audit)
  if (id !== null) return id
  // It was written, but the answer does not say which comment it is: the next try finds it by its marker.
  return yield* new TicketingError({
    operation,
    reason: new Ambiguous({ detail: `the answer about ticket ${draft.ticketId} names no comment` }),
  })
})
