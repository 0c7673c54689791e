/** Work on an existing ticket: the customer's new words, our notes, and the humans' answers. */
import { Effect, Schema } from "effect"
import { safeFileName } from "../../domain/Attachment.ts"
import type { OrgId, TicketId } from "../../domain/Ids.ts"
import type { Session } from "../../domain/Session.ts"
import { CustomerText } from "../../domain/Surface.ts"
import type { FetchedComment, Outcome, Task, Work } from "../../domain/Work.ts"
import type { TicketingError } from "../../errors/PortErrors.ts"
import type { CommentFile, HumanComment, Ticketing } from "../../ports/Ticketing.ts"
import { keepFile } from "../keepFile.ts"
import { SignalFold } from "../SignalFold.ts"
import { customerFiles, renderForward } from "../transcript.ts"
import { forwardToChat, noteInChat } from "./chatDesk.ts"
import { entriesOf, filesOf, organizationOf, sessionOf, ticketingOf } from "./context.ts"
import { stepMemory } from "./steps.ts"
import { fromPort } from "./TaskFailure.ts"
import { UpdateBudget } from "./UpdateBudget.ts"

const skip = (why: string): Outcome => ({ _tag: "Skipped", why })

/** A closed ticket, or one that was deleted, is an outcome, not a failure: the lane hears of it and goes on with the AI. */
const closedIsOutcome = <A, R>(
  ticketId: TicketId,
  effect: Effect.Effect<A, TicketingError, R>,
  ok: Outcome,
) =>
  effect.pipe(
    Effect.as(ok),
    Effect.catchTag("TicketingError", (error) =>
      error.reason._tag === "Closed" || error.reason._tag === "NotFound"
        ? Effect.succeed<Outcome>({ _tag: "TicketClosed", ticketId })
        : Effect.fail(fromPort(error)),
    ),
  )

const deskOf = Effect.fnUntraced(function* (work: Work) {
  const session = yield* sessionOf(work)
  const ticketing = yield* ticketingOf(yield* organizationOf(session.orgId))
  return { session, ticketing }
})

const ForwardStep = Schema.Struct({ upToSeq: Schema.Int })
const forwardMemory = stepMemory(ForwardStep)

/** All customer messages that the ticket lacks, as one comment: folding keeps us under Zendesk's 30 updates in 10 minutes. */
export const runForward = Effect.fnUntraced(function* (work: Work) {
  const tried = yield* forwardMemory.read(work)
  const before = yield* sessionOf(work)
  if (before.chat !== null) {
    yield* forwardMemory.write(work, { upToSeq: before.customerSeq })
    return yield* forwardToChat(work, before, before.chat)
  }
  if (tried === null && before.ticket !== null) yield* (yield* UpdateBudget).take(before.ticket.ticketId)
  // Read after the wait: what has come meanwhile goes into the same comment.
  const { session, ticketing } = yield* deskOf(work)
  if (session.ticket === null) return skip("the session has no ticket")
  const { requesterId, ticketId } = session.ticket
  const unseen = yield* entriesOf(session, session.forwardedSeq)
  const upTo = tried?.upToSeq ?? session.customerSeq
  const entries = unseen.filter(
    (e) => e.seq <= upTo && e.body._tag === "CustomerMessage" && !e.body.automatic,
  )
  if (entries.length === 0) return { _tag: "Forwarded", upToSeq: upTo } satisfies Outcome
  yield* forwardMemory.write(work, { upToSeq: upTo })
  const comment = ticketing.comment({
    ticketId,
    marker: work.id,
    body: renderForward(entries),
    public: true,
    author: requesterId ?? "us",
    status: "open",
    files: yield* filesOf(session.orgId, customerFiles(entries)),
    checkFirst: tried !== null,
  })
  return yield* closedIsOutcome(ticketId, comment, { _tag: "Forwarded", upToSeq: upTo })
})

const NoteStep = Schema.Struct({ tried: Schema.Boolean })
const noteMemory = stepMemory(NoteStep)

export const runNote = Effect.fnUntraced(function* (work: Work, task: Extract<Task, { _tag: "Note" }>) {
  const before = yield* sessionOf(work)
  const tried = yield* noteMemory.read(work)
  yield* noteMemory.write(work, { tried: true })
  if (before.chat !== null) return yield* noteInChat(work, before, before.chat, task, tried !== null)
  const { session, ticketing } = yield* deskOf(work)
  if (session.ticket === null) return skip("the session has no ticket")
  const { ticketId } = session.ticket
  const comment = ticketing.comment({
    ticketId,
    marker: work.id,
    body: task.text,
    public: false,
    author: "us",
    status: null,
    files: [],
    checkFirst: tried !== null,
  })
  return yield* closedIsOutcome(ticketId, comment, { _tag: "Noted" })
})

/** Bytes that we are willing to carry from a comment to a customer. */
const maxFileBytes = 26_214_400

/** A file that can never be had must not hold back the words: the reply says so instead. */
const fetchFile = (orgId: OrgId, file: CommentFile) =>
  file.fetch(maxFileBytes).pipe(
    Effect.flatMap((bytes) => keepFile(orgId, file, bytes)),
    Effect.catchTag("TicketingError", (error) =>
      error.isRetryable
        ? Effect.fail(error)
        : Effect.as(Effect.logWarning(`Attachment ${file.fileName} is left out`, error.message), null),
    ),
  )

const fetched = Effect.fnUntraced(function* (orgId: OrgId, comment: HumanComment) {
  const files = yield* Effect.forEach(comment.files, (file) => fetchFile(orgId, file))
  const missing = comment.files
    .filter((_, index) => files[index] === null)
    .map((file) => safeFileName(file.fileName))
  const remark = missing.length === 0 ? "" : `\n\n_(${missing.join(", ")})_`
  const result: FetchedComment = {
    commentId: comment.commentId,
    authorName: comment.authorName,
    text: CustomerText.make(comment.text + remark),
    attachments: files.filter((file) => file !== null),
    createdAt: comment.createdAt,
  }
  return result
})

/** What we know of the ticket; asks the help desk where the link is not stored (yet), and refuses foreign tickets. */
const ticketFacts = Effect.fnUntraced(function* (
  session: Session,
  ticketing: Ticketing["Service"],
  task: Extract<Task, { _tag: "SyncTicket" }>,
) {
  const linked = session.ticket?.ticketId === task.ticketId ? session.ticket : null
  if (linked !== null && !task.readStatus) {
    return { mine: true, status: null, requesterId: linked.requesterId, after: linked.commentCursor }
  }
  const snapshot = yield* ticketing.get(task.ticketId)
  return {
    mine: linked !== null || snapshot.externalId === session.id,
    status: snapshot.status,
    requesterId: snapshot.requesterId ?? linked?.requesterId ?? null,
    after: linked?.commentCursor ?? null,
  }
})

export const runSyncTicket = Effect.fnUntraced(
  function* (work: Work, task: Extract<Task, { _tag: "SyncTicket" }>) {
    const { session, ticketing } = yield* deskOf(work)
    yield* (yield* SignalFold).begun(session.orgId, task.ticketId)
    const facts = yield* ticketFacts(session, ticketing, task)
    if (!facts.mine) return skip(`ticket ${task.ticketId} does not belong to this session`)
    const page = yield* ticketing.humanComments({
      ticketId: task.ticketId,
      requesterId: facts.requesterId,
      after: facts.after,
    })
    const comments = yield* Effect.forEach(page.comments, (comment) => fetched(session.orgId, comment))
    return {
      _tag: "TicketSynced",
      ticketId: task.ticketId,
      status: facts.status,
      cursor: page.cursor,
      comments,
    } satisfies Outcome
  },
  Effect.catchTag("TicketingError", (error) => Effect.fail(fromPort(error))),
)
