/** `Ticketing` over a help desk in memory. */
import { Clock, Effect, Layer, Schema } from "effect"
import { DeskUserId, TicketId } from "../domain/Ids.ts"
import { CustomerText } from "../domain/Surface.ts"
import { TicketingError } from "../errors/PortErrors.ts"
import { Closed, Conflict, Invalid, NotFound, type Reason, Unavailable } from "../errors/Reason.ts"
import {
  type ChangedPage,
  type CommentDraft,
  type CommentFile,
  type OutboundFile,
  type PreparedTicket,
  type TicketDraft,
  Ticketing,
  type TicketSnapshot,
  type TicketThread,
} from "../ports/Ticketing.ts"
import type { FieldAssignment } from "../ports/TicketFields.ts"
import {
  type DeskComment,
  type DeskFile,
  type DeskTicket,
  type InMemoryDesk,
  MemoryDesk,
} from "./MemoryDesk.ts"

/** The request of a new ticket, as `PreparedTicket.body` carries it. */
const Frozen = Schema.fromJsonString(
  Schema.Struct({
    subject: Schema.String,
    body: Schema.String,
    tags: Schema.Array(Schema.String),
    fields: Schema.Array(
      Schema.Struct({
        id: Schema.String,
        value: Schema.Union([Schema.String, Schema.Number, Schema.Boolean, Schema.Array(Schema.String)]),
      }),
    ),
    requesterId: DeskUserId,
    uploads: Schema.Array(Schema.String),
    followUpOf: Schema.NullOr(TicketId),
  }),
)
const encodeFrozen = Schema.encodeEffect(Frozen)
const decodeFrozen = Schema.decodeEffect(Frozen)

const longestKey = 255
/** As many as one look at a thread shows. */
const newestComments = 100
/** Changed tickets in one page. */
const perPage = 100

const refuse = (operation: string, reason: Reason) => new TicketingError({ operation, reason })

const snapshotOf = (ticket: DeskTicket): TicketSnapshot => ({
  ticketId: ticket.id,
  status: ticket.status,
  externalId: ticket.externalId,
  requesterId: ticket.requesterId,
  tags: [...ticket.tags],
  updatedAt: ticket.updatedAt,
})

const ticketOf = (
  desk: InMemoryDesk,
  operation: string,
  id: TicketId,
): Effect.Effect<DeskTicket, TicketingError> => {
  const found = desk.find(id)
  return found === undefined
    ? Effect.fail(refuse(operation, new NotFound({ what: `ticket ${id}` })))
    : Effect.succeed(found)
}

const changeableTicket = Effect.fnUntraced(function* (desk: InMemoryDesk, operation: string, id: TicketId) {
  const ticket = yield* ticketOf(desk, operation, id)
  if (ticket.status === "closed") return yield* refuse(operation, new Closed({ what: `ticket ${id}` }))
  return ticket
})

const readFile = Effect.fnUntraced(function* (operation: string, file: OutboundFile) {
  const bytes = yield* file.bytes.pipe(
    Effect.mapError((error) =>
      refuse(operation, new Unavailable({ detail: error.message, retryAfterMs: null })),
    ),
  )
  const { fileName, contentType } = file
  return { fileName, contentType, bytes } satisfies DeskFile
})

const prepare = Effect.fnUntraced(function* (desk: InMemoryDesk, draft: TicketDraft) {
  if (draft.idempotencyKey === "" || draft.idempotencyKey.length > longestKey) {
    const issues = [`idempotencyKey must have 1 to ${longestKey} characters`]
    return yield* refuse("prepare", new Invalid({ issues, hint: "Use a shorter key." }))
  }
  const files = yield* Effect.forEach(draft.files, (file) => readFile("prepare", file))
  const requesterId = desk.people.customer(draft.requester)
  const body = yield* encodeFrozen({
    subject: draft.subject,
    body: [draft.summary, draft.transcript, draft.sessionUrl].join("\n\n"),
    tags: draft.tags,
    fields: draft.fields,
    requesterId,
    uploads: files.map((file) => desk.upload(file)),
    followUpOf: draft.followUpOf,
  }).pipe(Effect.orDie)
  const { idempotencyKey, sessionId } = draft
  const preparedAt = yield* Clock.currentTimeMillis
  return { sessionId, idempotencyKey, requesterId, body, preparedAt } satisfies PreparedTicket
})

/** Unknown fields are ignored, unknown options are refused: the stricter of what real desks do. */
const complaint = (desk: InMemoryDesk, { id, value }: FieldAssignment): ReadonlyArray<string> => {
  const field = desk.fields.find((one) => one.id === id)
  if (field === undefined || (field.kind !== "dropdown" && field.kind !== "multiselect")) return []
  const all = typeof value === "object" ? value : [value]
  const known = all.every((one) => field.options.some((option) => option.value === one))
  return known ? [] : [`${field.title}: ${all.join(", ")} is invalid`]
}

const create = Effect.fnUntraced(function* (desk: InMemoryDesk, prepared: PreparedTicket) {
  const frozen = yield* decodeFrozen(prepared.body).pipe(
    Effect.mapError(({ message }) =>
      refuse("create", new Invalid({ issues: [message], hint: "Pass on what prepare answered with." })),
    ),
  )
  const earlier = desk.ticketOfKey.get(prepared.idempotencyKey)
  if (earlier !== undefined) return snapshotOf(earlier)
  if (frozen.followUpOf !== null) {
    const source = yield* ticketOf(desk, "create", frozen.followUpOf)
    const detail = `ticket ${source.id} is not closed, so that it can have no follow-up: comment on it instead`
    if (source.status !== "closed") return yield* refuse("create", new Conflict({ detail }))
  }
  const issues = frozen.fields.flatMap((one) => complaint(desk, one))
  if (issues.length > 0)
    return yield* refuse("create", new Invalid({ issues, hint: "Send what the fields take." }))
  const files = desk.uploaded(frozen.uploads)
  const ticket = desk.open({ ...frozen, externalId: prepared.sessionId, files })
  desk.ticketOfKey.set(prepared.idempotencyKey, ticket)
  return snapshotOf(ticket)
})

const comment = Effect.fnUntraced(function* (desk: InMemoryDesk, draft: CommentDraft) {
  const files = yield* Effect.forEach(draft.files, (file) => readFile("comment", file))
  const known = yield* ticketOf(desk, "comment", draft.ticketId)
  const same = known.comments.find((one) => one.marker === draft.marker)
  // Looking comes before refusing: what was written before the ticket was closed is there.
  if (draft.checkFirst && same !== undefined) return same.id
  const ticket = yield* changeableTicket(desk, "comment", draft.ticketId)
  const author = draft.author === "us" ? desk.people.us.id : draft.author
  if (draft.status !== null) ticket.status = draft.status
  return desk.write(ticket, { author, body: draft.body, public: draft.public, marker: draft.marker, files })
})

const toFile = ({ fileName, contentType, bytes }: DeskFile): CommentFile => ({
  fileName,
  contentType,
  size: bytes.length,
  fetch: (maxBytes) => {
    const issues = [`${fileName} has ${bytes.length} bytes, more than ${maxBytes}`]
    return bytes.length > maxBytes
      ? Effect.fail(refuse("fetch", new Invalid({ issues, hint: "Send a smaller file." })))
      : Effect.succeed(bytes)
  },
})

const humanCommentsOf = (
  desk: InMemoryDesk,
  comments: ReadonlyArray<DeskComment>,
  requesterId: DeskUserId | null,
) =>
  comments
    .filter((one) => one.public && one.by === "agent" && one.authorId !== requesterId)
    .map((one) => ({
      commentId: one.id,
      authorName: desk.people.find(one.authorId)?.name ?? null,
      text: CustomerText.make(one.body),
      files: one.files.map(toFile),
      createdAt: one.createdAt,
    }))

const threadOf = (desk: InMemoryDesk, ticket: DeskTicket): TicketThread => ({
  ticket: snapshotOf(ticket),
  subject: ticket.subject,
  brandId: ticket.brandId,
  groupId: ticket.groupId,
  comments: ticket.comments.slice(-newestComments).map((one) => ({
    commentId: one.id,
    by: one.by,
    authorName: desk.people.find(one.authorId)?.name ?? null,
    public: one.public,
    text: one.body,
    createdAt: one.createdAt,
  })),
})

/** In the order of their changes, from just behind the cursor `<time>:<id>`. */
const changedOf = (desk: InMemoryDesk, after: string | null, since: number): ChangedPage => {
  const [time = Number.NaN, id = Number.NaN] = (after ?? "").split(":").map(Number)
  const isAfter = (ticket: DeskTicket): boolean =>
    Number.isNaN(id)
      ? ticket.updatedAt >= since
      : ticket.updatedAt > time || (ticket.updatedAt === time && Number(ticket.id) > id)
  const found = desk.tickets
    .filter(isAfter)
    .sort((a, b) => a.updatedAt - b.updatedAt || Number(a.id) - Number(b.id))
  const page = found.slice(0, perPage)
  const last = page.at(-1)
  return {
    tickets: page.map((ticket) => ({
      ticket: snapshotOf(ticket),
      brandId: ticket.brandId,
      groupId: ticket.groupId,
    })),
    cursor: last === undefined ? (after ?? `${since}:0`) : `${last.updatedAt}:${last.id}`,
    atEnd: page.length === found.length,
  }
}

/** The port over a desk. */
export const memoryTicketing = (desk: InMemoryDesk): Ticketing["Service"] => ({
  commentLimit: 60_000,
  verify: desk.call("verify", () => Effect.succeed({ userId: desk.people.us.id, name: desk.people.us.name })),
  prepare: (draft) => desk.call("prepare", () => prepare(desk, draft)),
  create: (prepared) => desk.call("create", () => create(desk, prepared)),
  findByExternalId: (externalId) =>
    desk.call("findByExternalId", () =>
      Effect.succeed(
        desk.tickets
          .filter((ticket) => ticket.externalId === externalId)
          .map(snapshotOf)
          .toReversed(),
      ),
    ),
  get: (id) => desk.call("get", () => Effect.map(ticketOf(desk, "get", id), snapshotOf)),
  getMany: (ids) =>
    desk.call("getMany", () =>
      Effect.succeed(desk.tickets.filter((ticket) => ids.includes(ticket.id)).map(snapshotOf)),
    ),
  comment: (draft) => desk.call("comment", () => comment(desk, draft)),
  addTags: (id, tags) =>
    desk.call("addTags", () =>
      Effect.map(changeableTicket(desk, "addTags", id), (ticket) => desk.addTags(ticket, tags)),
    ),
  fields: () => desk.call("fields", () => Effect.sync(() => [...desk.fields])),
  thread: (id) =>
    desk.call("thread", () => Effect.map(ticketOf(desk, "thread", id), (ticket) => threadOf(desk, ticket))),
  changed: ({ after, since }) => desk.call("changed", () => Effect.sync(() => changedOf(desk, after, since))),
  humanComments: ({ after, requesterId, ticketId }) =>
    desk.call("humanComments", () =>
      Effect.map(ticketOf(desk, "humanComments", ticketId), ({ comments }) => {
        const newer = comments.filter((one) => after === null || Number(one.id) > Number(after))
        return {
          comments: humanCommentsOf(desk, newer, requesterId),
          cursor: comments.at(-1)?.id ?? after,
        }
      }),
    ),
})

/** `Ticketing` in memory, with the desk behind it to act as the human. */
export const ticketingMemory: Layer.Layer<Ticketing | MemoryDesk> = Layer.effect(
  Ticketing,
  Effect.map(MemoryDesk, memoryTicketing),
).pipe(Layer.provideMerge(MemoryDesk.layer))
