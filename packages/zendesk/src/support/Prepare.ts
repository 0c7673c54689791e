/** Freezes the request that creates a ticket: every retry sends the same bytes under the same key. */
import { type PreparedTicket, type TicketDraft, type TicketingError } from "@opencx/core"
import { Clock, Effect } from "effect"
import type { ZendeskClient } from "../client/Client.ts"
import type { ZendeskConnection } from "../client/Connection.ts"
import { wireNumber } from "./Calls.ts"
import { firstComment, refusedHtml } from "./CommentText.ts"
import { resolveRequester } from "./Requester.ts"
import { invalid, type OurUser } from "./Self.ts"
import { normalTags } from "./Tags.ts"
import { upload, uploadAll } from "./Uploads.ts"
import { jsonText } from "../client/Json.ts"

/** What preparing needs besides the draft. */
export interface PrepareParts {
  readonly client: ZendeskClient
  readonly connection: ZendeskConnection
  readonly self: Effect.Effect<OurUser, TicketingError>
  readonly assignee: Effect.Effect<string | null, TicketingError>
  readonly commentLimit: number
}

const operation = "prepare"
/** Zendesk: an Idempotency-Key has at most 255 characters. */
const maxKeyLength = 255
const maxSubject = 250

const subjectOf = (subject: string): string => {
  const line = subject.replaceAll(/\s+/g, " ").trim()
  return line === "" ? "Customer request" : Array.from(line).slice(0, maxSubject).join("")
}

const optionalId = (name: string, id: string | number | null | undefined): Record<string, unknown> =>
  id === null || id === undefined ? {} : { [name]: wireNumber(String(id)) }

const frozen = (
  parts: PrepareParts,
  draft: TicketDraft,
  ready: {
    readonly requester: Readonly<Record<string, unknown>>
    readonly us: OurUser
    readonly assignee: string | null
    readonly html: string
    readonly uploads: ReadonlyArray<string>
  },
): string => {
  const us = wireNumber(ready.us.userId)
  return jsonText({
    ticket: {
      subject: subjectOf(draft.subject),
      external_id: draft.sessionId,
      ...ready.requester,
      // A first comment by the requester would look like inbound mail and fire "ticket received" e-mails.
      submitter_id: us,
      comment: {
        html_body: ready.html,
        // Its default is whatever the ticket started with, so it is always said.
        public: parts.connection.firstComment === "public",
        author_id: us,
        ...(ready.uploads.length === 0 ? {} : { uploads: ready.uploads }),
      },
      tags: normalTags(draft.tags),
      custom_fields: draft.fields.map((field) => ({ id: wireNumber(field.id), value: field.value })),
      ...optionalId("assignee_id", ready.assignee),
      ...optionalId("brand_id", parts.connection.brandId),
      ...optionalId("group_id", parts.connection.groupId),
      ...optionalId("via_followup_source_id", draft.followUpOf),
      metadata: { opencx_session: draft.sessionId },
    },
  })
}

/** Finds the requester, uploads the files, writes the request down. */
export const prepare = Effect.fnUntraced(function* (parts: PrepareParts, draft: TicketDraft) {
  if (draft.idempotencyKey === "" || draft.idempotencyKey.length > maxKeyLength) {
    return yield* invalid(
      operation,
      "idempotencyKey must have 1 to 255 characters",
      "Use a shorter key, for example the session id and a number.",
    )
  }
  const us = yield* parts.self
  const assignee = yield* parts.assignee
  const requester = yield* resolveRequester(parts.client, draft.requester)
  const files = yield* uploadAll(parts.client, operation, draft.files)
  const comment = firstComment({
    summary: draft.summary,
    transcript: draft.transcript,
    sessionUrl: draft.sessionUrl,
    extra: refusedHtml(files.refused),
    limit: parts.commentLimit,
  })
  const whole = comment.attachment
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
  const body = frozen(parts, draft, {
    requester: requester.fields,
    us,
    assignee,
    html: comment.html,
    uploads: [...files.tokens, ...extra],
  })
  const prepared: PreparedTicket = {
    sessionId: draft.sessionId,
    idempotencyKey: draft.idempotencyKey,
    requesterId: requester.id,
    body,
    preparedAt: yield* Clock.currentTimeMillis,
  }
  return prepared
})
