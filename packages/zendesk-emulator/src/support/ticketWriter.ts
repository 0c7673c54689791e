import { invalidField, recordInvalid } from "../http/Reply.ts"
import { type Audit, type Comment, type Ticket, type User, type Via, via as vias } from "../world/model.ts"
import type { JsonObject } from "../world/json.ts"
import type { World } from "../world/World.ts"
import { applyFields, snapshot, changeEvents } from "./ticketFields.ts"
import type { Actor } from "./Actor.ts"
import type { NewComment } from "./commentInput.ts"
import type { TicketChange } from "./ticketInput.ts"

export interface Written {
  readonly ticket: Ticket
  /** null: nothing changed, so Zendesk wrote no audit and no trigger ran. */
  readonly audit: Audit | null
}

export interface NewTicket {
  readonly change: TicketChange
  readonly requester: User
  readonly submitter: User
  readonly comment: NewComment
  readonly followUpOf: Ticket | undefined
  /** Made by a hand-off of a messaging conversation. */
  readonly fromMessaging?: boolean
}

const closedUpdate = (): Error =>
  recordInvalid({ status: [{ description: "Status: closed prevents ticket update", error: "InvalidValue" }] })

const newAudit = (
  world: World,
  ticket: Ticket,
  authorId: number,
  via: Via,
  custom: JsonObject | undefined,
): Audit => ({
  id: world.nextId(),
  ticketId: ticket.id,
  authorId,
  createdAt: world.now(),
  events: [],
  metadata: {
    system: {
      client: "zendesk-emulator",
      ip_address: "127.0.0.1",
      location: null,
      latitude: null,
      longitude: null,
    },
    custom: custom ?? {},
  },
  via,
})

/** Stores a comment and its audit event; the event's id is the comment's id. */
const addComment = (
  world: World,
  ticket: Ticket,
  audit: Audit,
  input: NewComment,
  options: { readonly authorId: number; readonly public: boolean },
): Comment => {
  const comment: Comment = {
    id: world.nextId(),
    auditId: audit.id,
    authorId: options.authorId,
    body: input.body,
    htmlBody: input.htmlBody,
    plainBody: input.body,
    public: options.public,
    attachments: input.attachments,
    via: audit.via,
    createdAt: audit.createdAt,
    metadata: audit.metadata,
  }
  ticket.comments.push(comment)
  for (const token of input.uploadTokens) {
    const upload = world.uploads.get(token)
    if (upload !== undefined) upload.consumed = true
  }
  audit.events.push({
    id: comment.id,
    type: "Comment",
    author_id: comment.authorId,
    body: comment.body,
    html_body: comment.htmlBody,
    plain_body: comment.plainBody,
    public: comment.public,
    attachments: comment.attachments.map((attachment) => ({
      id: attachment.id,
      file_name: attachment.fileName,
    })),
    audit_id: audit.id,
  })
  return comment
}

export const createTicket = (world: World, input: NewTicket, actor: Actor): Written => {
  const now = world.now()
  const { change, requester, submitter, comment, followUpOf } = input
  const ticket: Ticket = {
    id: world.tickets.nextId,
    externalId: change.externalId ?? null,
    subject: change.subject ?? comment.body.slice(0, 80),
    description: comment.body,
    status: "new",
    priority: null,
    type: null,
    requesterId: requester.id,
    submitterId: submitter.id,
    assigneeId: null,
    groupId: world.groups.keys().next().value ?? null,
    brandId: world.defaultBrandId(),
    tags: [],
    customFields: new Map(),
    via: followUpOf === undefined ? actor.via : vias.followUp(followUpOf.id, followUpOf.subject),
    isPublic: comment.public ?? true,
    comments: [],
    audits: [],
    followupIds: [],
    followupSourceId: followUpOf?.id ?? null,
    fromMessagingChannel: input.fromMessaging ?? false,
    deleted: false,
    createdAt: now,
    updatedAt: now,
    updatesBy: new Map(),
  }
  applyFields(world, ticket, { ...change, externalId: ticket.externalId }, actor)
  const audit = newAudit(world, ticket, submitter.id, ticket.via, change.metadata)
  const stored = addComment(world, ticket, audit, comment, {
    authorId: submitter.id,
    public: ticket.isPublic,
  })
  for (const [name, value] of snapshot(ticket)) {
    if (value === null || value === "") continue
    audit.events.push({ id: world.nextId(), type: "Create", field_name: name, value: auditValue(value) })
  }
  ticket.audits.push(audit)
  world.tickets.add(ticket)
  requester.requestedTickets.add(ticket.id)
  followUpOf?.followupIds.push(ticket.id)
  // What triggers call the current user of a creation is the submitter, not the API's own user.
  emit(world, {
    kind: "Create",
    ticket,
    comment: stored,
    before: new Map(),
    actor: submitter,
    via: actor.via,
  })
  return { ticket, audit }
}

const auditValue = (value: unknown): unknown => (Array.isArray(value) ? value : String(value))

/** One update: every validation first, then all of it, then triggers. */
export const updateTicket = (world: World, ticket: Ticket, change: TicketChange, actor: Actor): Written => {
  if (ticket.status === "closed") throw closedUpdate()
  if (change.comment !== undefined && ticket.comments.length >= world.settings.limits.commentsPerTicket) {
    const limit = world.settings.limits.commentsPerTicket
    throw invalidField("base", `Ticket has reached the limit of ${limit} comments`, "CommentLimitReached")
  }
  const before = snapshot(ticket)
  applyFields(world, ticket, change, actor)
  const commentAuthor = change.comment?.authorId ?? actor.user?.id ?? -1
  const audit = newAudit(
    world,
    ticket,
    change.comment === undefined ? (actor.user?.id ?? -1) : commentAuthor,
    actor.via,
    change.metadata,
  )
  const comment =
    change.comment === undefined
      ? null
      : addComment(world, ticket, audit, change.comment, {
          authorId: commentAuthor,
          public: change.comment.public ?? ticket.isPublic,
        })
  // A private ticket becomes public with its first public comment.
  if (comment?.public === true) ticket.isPublic = true
  const changed = changeEvents(world, ticket, before)
  audit.events.push(...changed.events)
  if (audit.events.length === 0) return { ticket, audit: null }
  ticket.audits.push(audit)
  world.tickets.touch(ticket, audit.createdAt)
  emit(world, { kind: "Change", ticket, comment, before: changed.before, actor: actor.user, via: actor.via })
  return { ticket, audit }
}

const emit = (world: World, event: Parameters<World["ticketListeners"][number]>[0]): void => {
  for (const listener of world.ticketListeners) listener(event)
}

/** A customer's own message (e-mail): wakes a pending or solved ticket. */
export const statusAfterCustomer = (ticket: Ticket): Ticket["status"] =>
  ticket.status === "new" ? "new" : "open"
