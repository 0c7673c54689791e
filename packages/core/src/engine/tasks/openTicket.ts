/**
 * The handoff: brief, then one ticket (or one comment on the ticket that is still open). The request is frozen in step
 * memory before the first try, and after a doubtful try we look before we write again.
 */
import { Clock, Effect, Schema } from "effect"
import { Brief } from "../../domain/Brief.ts"
import { identityOf } from "../../domain/Contact.ts"
import type { Entry } from "../../domain/Entry.ts"
import { DeskUserId, SessionId, TicketId } from "../../domain/Ids.ts"
import type { Session } from "../../domain/Session.ts"
import type { Outcome, Task, Work } from "../../domain/Work.ts"
import { Contacts } from "../../ports/Contacts.ts"
import type { Requester, TicketDraft, Ticketing, TicketSnapshot } from "../../ports/Ticketing.ts"
import { isAfter } from "../machine/desk.ts"
import type { Organization } from "../Organizations.ts"
import { customerFiles, renderSummary, renderTranscript, subjectOf } from "../transcript.ts"
import { briefOf, handoffTags } from "./brief.ts"
import { FilledFields, fillFields, withoutRefused } from "./fields.ts"
import { entriesOf, filesOf, organizationOf, sessionOf, sessionUrl, ticketingOf } from "./context.ts"
import { stepMemory } from "./steps.ts"
import { fromPort, permanent } from "./TaskFailure.ts"

type OpenTicket = Extract<Task, { _tag: "OpenTicket" }>

const Prepared = Schema.Struct({
  sessionId: SessionId,
  idempotencyKey: Schema.String,
  requesterId: Schema.NullOr(DeskUserId),
  body: Schema.String,
  preparedAt: Schema.Number,
})

const Step = Schema.Struct({
  brief: Brief,
  upToSeq: Schema.Int,
  /** The ticket that turned out to be closed, and that the new one follows. */
  followUpOf: Schema.NullOr(TicketId),
  prepared: Schema.NullOr(Prepared),
  /** A write was begun: it may have gone through. */
  tried: Schema.Boolean,
  /** Field values; null until a ticket is to be made, because an open ticket's fields are the agents' own. */
  filled: Schema.NullOr(FilledFields).pipe(Schema.withDecodingDefault(Effect.succeed(null))),
  /** How often the help desk refused a field: the request that follows is another one, under a key of its own. */
  refusals: Schema.Int.pipe(Schema.withDecodingDefault(Effect.succeed(0))),
})
type Step = typeof Step.Type

const memory = stepMemory(Step)

/** Uploads live for 60 minutes at Zendesk, idempotency keys for two hours. */
const freshFor = 50 * 60_000

interface Scene {
  readonly work: Work
  readonly task: OpenTicket
  readonly session: Session
  readonly organization: Organization
  readonly ticketing: Ticketing["Service"]
}

const begin = Effect.fnUntraced(function* (
  { organization, session, task, work }: Scene,
  entries: ReadonlyArray<Entry>,
) {
  const brief = yield* briefOf(organization, session, entries, task.reason)
  const closed = session.ticket?.status === "closed" ? session.ticket.ticketId : null
  const step: Step = {
    brief,
    upToSeq: session.customerSeq,
    followUpOf: closed,
    prepared: null,
    tried: false,
    filled: null,
    refusals: 0,
  }
  yield* memory.write(work, step)
  return step
})

const requesterOf = Effect.fnUntraced(function* (session: Session, trustId: boolean) {
  const contacts = yield* Contacts
  const contact = yield* contacts.get(session.orgId, session.contactId)
  if (contact === null) return yield* permanent("The contact of this session does not exist any more.")
  const requester: Requester = {
    knownId: trustId ? (session.ticket?.requesterId ?? null) : null,
    name: contact.name,
    email: identityOf(contact, "email")?.value ?? null,
    phone: identityOf(contact, "phone")?.value ?? null,
    externalId: `opencx:contact:${contact.id}`,
    locale: contact.locale,
  }
  return requester
})

const tagsOf = ({ organization, session, task }: Scene, brief: Brief, created: boolean) =>
  handoffTags(organization, session, task.reason, brief, created)

const ready = (
  scene: Scene,
  step: Step,
  ticket: TicketSnapshot,
  requesterId: DeskUserId | null,
  created: boolean,
): Outcome => ({
  _tag: "TicketReady",
  ticketId: ticket.ticketId,
  requesterId: ticket.requesterId ?? requesterId,
  status: ticket.status,
  created,
  brief: step.brief,
  upToSeq: step.upToSeq,
  commentCursor: null,
  warnings: step.filled?.remarks ?? [],
  tags: tagsOf(scene, step.brief, created),
})

/** Entries that the ticket does not have yet: everything after the newest customer message that is on it. */
const newEntries = (session: Session, entries: ReadonlyArray<Entry>): ReadonlyArray<Entry> =>
  entries.filter((e) => e.seq > session.forwardedSeq)

const append = Effect.fnUntraced(function* (
  scene: Scene,
  step: Step,
  ticketId: TicketId,
  entries: ReadonlyArray<Entry>,
) {
  const { session, ticketing, work } = scene
  const recent = newEntries(session, entries)
  const body = [
    renderSummary(step.brief),
    renderTranscript(recent),
    `[View session in OpenCX](${yield* sessionUrl(session)})`,
  ]
  yield* memory.write(work, { ...step, tried: true })
  yield* ticketing.comment({
    ticketId,
    marker: work.id,
    body: body.join("\n\n---\n\n"),
    public: false,
    author: "us",
    status: "open",
    files: yield* filesOf(session.orgId, customerFiles(recent)),
    checkFirst: step.tried || work.attempts > 0,
  })
  yield* ticketing.addTags(ticketId, tagsOf(scene, step.brief, false))
  const ticket = {
    ticketId,
    status: "open",
    externalId: session.id,
    requesterId: null,
    tags: [],
    updatedAt: 0,
  } as const
  return ready(scene, step, ticket, session.ticket?.requesterId ?? null, false)
})

const draftOf = Effect.fnUntraced(function* (scene: Scene, step: Step, entries: ReadonlyArray<Entry>) {
  const { session, task } = scene
  const shown = step.followUpOf === null ? entries : newEntries(session, entries)
  const draft: TicketDraft = {
    sessionId: session.id,
    idempotencyKey: `handoff:${session.id}:${task.handoff}:${scene.work.epoch}${step.refusals === 0 ? "" : `:${step.refusals}`}`,
    // After a failed try the stored id may be that of a user who was merged or deleted: then the address decides.
    requester: yield* requesterOf(session, scene.work.attempts === 0 && scene.work.epoch === 0),
    subject: subjectOf(session, entries),
    summary: renderSummary(step.brief),
    transcript: renderTranscript(shown),
    sessionUrl: yield* sessionUrl(session),
    tags: tagsOf(scene, step.brief, true),
    fields: (step.filled?.values ?? []).map(({ id, value }) => ({ id, value })),
    files: yield* filesOf(session.orgId, customerFiles(shown)),
    followUpOf: step.followUpOf,
  }
  return draft
})

/** Fills the fields once, before the first request is written down. */
const withFields = Effect.fnUntraced(function* (scene: Scene, step: Step, entries: ReadonlyArray<Entry>) {
  const { organization, session, work } = scene
  if (step.filled !== null || step.prepared !== null) return step
  const next: Step = { ...step, filled: yield* fillFields(work, organization, session, entries) }
  yield* memory.write(work, next)
  return next
})

/** The request, and then requests without the fields that the help desk refuses: each time there are fewer. */
const createAnyhow = Effect.fnUntraced(function* (scene: Scene, start: Step, entries: ReadonlyArray<Entry>) {
  const { ticketing, work } = scene
  for (let step = start; ;) {
    const now = yield* Clock.currentTimeMillis
    const usable = step.prepared !== null && now - step.prepared.preparedAt < freshFor ? step.prepared : null
    const prepared = usable ?? (yield* ticketing.prepare(yield* draftOf(scene, step, entries)))
    yield* memory.write(work, { ...step, prepared, tried: true })
    const made = yield* Effect.result(ticketing.create(prepared))
    if (made._tag === "Success") return ready(scene, step, made.success, prepared.requesterId, true)
    const filled = step.filled === null ? null : withoutRefused(step.filled, made.failure)
    if (filled === null) return yield* made.failure
    step = { ...step, filled, prepared: null, refusals: step.refusals + 1 }
    yield* memory.write(work, { ...step, tried: true })
  }
})

const create = Effect.fnUntraced(function* (scene: Scene, step: Step, entries: ReadonlyArray<Entry>) {
  const { session, ticketing } = scene
  if (step.tried) {
    // A follow-up has the same external id as the closed tickets before it; only a newer one can be ours.
    const before = session.ticket?.ticketId ?? null
    const all = yield* ticketing.findByExternalId(session.id)
    const found = all.find((t) => before === null || isAfter(t.ticketId, before))
    if (found !== undefined) return ready(scene, step, found, step.prepared?.requesterId ?? null, true)
  }
  return yield* createAnyhow(scene, yield* withFields(scene, step, entries), entries)
})

/** A ticket that an earlier handoff may have made before it was given up in doubt. */
const leftBehind = Effect.fnUntraced(function* (
  { session, ticketing }: Scene,
  step: Step,
  entries: ReadonlyArray<Entry>,
) {
  if (step.tried || session.ticket !== null || !entries.some((e) => e.body._tag === "HandoffFailed"))
    return null
  const found = yield* ticketing.findByExternalId(session.id)
  return found.find((t) => t.status !== "closed")?.ticketId ?? null
})

export const runOpenTicket = Effect.fnUntraced(function* (work: Work, task: OpenTicket) {
  const session = yield* sessionOf(work)
  const organization = yield* organizationOf(session.orgId)
  const ticketing = yield* ticketingOf(organization)
  const scene: Scene = { work, task, session, organization, ticketing }
  const all = yield* entriesOf(session)
  const step = (yield* memory.read(work)) ?? (yield* begin(scene, all))
  // What the customer wrote after the brief comes by itself, as a comment: in the transcript too it would stand twice.
  const entries = all.filter((e) => e.body._tag !== "CustomerMessage" || e.seq <= step.upToSeq)
  const linked = session.ticket
  const appendable = linked !== null && linked.status !== "closed" && step.followUpOf === null
  const created = (from: Step) =>
    create(scene, from, entries).pipe(Effect.catchTag("TicketingError", (e) => Effect.fail(fromPort(e))))
  const left = yield* leftBehind(scene, step, entries).pipe(
    Effect.catchTag("TicketingError", (e) => Effect.fail(fromPort(e))),
  )
  const target = appendable ? linked.ticketId : left
  if (target === null) return yield* created(step)
  return yield* append(scene, step, target, entries).pipe(
    Effect.catchTag("TicketingError", (error) =>
      error.reason._tag === "Closed"
        ? created({ ...step, followUpOf: target, tried: false })
        : Effect.fail(fromPort(error)),
    ),
  )
})
