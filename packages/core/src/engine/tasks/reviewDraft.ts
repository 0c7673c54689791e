/** What an agent made of a draft: their next public comment beside it. One read of the ticket, nothing is written there. */
import { Effect } from "effect"
import type { Entry } from "../../domain/Entry.ts"
import type { CommentId } from "../../domain/Ids.ts"
import type { Outcome, Task, Work } from "../../domain/Work.ts"
import type { ThreadComment, TicketThread } from "../../ports/Ticketing.ts"
import { isAfter } from "../machine/desk.ts"
import { entriesOf, organizationOf, sessionOf, ticketingOf } from "./context.ts"
import { draftUse } from "./draftUse.ts"
import { fromPort } from "./TaskFailure.ts"

type ReviewTask = Extract<Task, { _tag: "ReviewDraft" }>

const skip = (why: string): Outcome => ({ _tag: "Skipped", why })

const draftAbout = (entries: ReadonlyArray<Entry>, about: CommentId): string | null => {
  const made = entries.findLast(({ body }) => body._tag === "Assist" && body.commentIds.at(-1) === about)
  return made?.body._tag === "Assist" ? made.body.draft : null
}

const wasReviewed = (entries: ReadonlyArray<Entry>, about: CommentId): boolean =>
  entries.some(({ body }) => body._tag === "DraftUse" && body.about === about)

/** The agent's first public words after what the draft is about. */
const replyTo = ({ comments }: TicketThread, about: CommentId): ThreadComment | null =>
  comments.find((one) => one.public && one.by === "agent" && isAfter(one.commentId, about)) ?? null

const isOver = ({ ticket }: TicketThread): boolean => ticket.status === "solved" || ticket.status === "closed"

export const runReviewDraft = Effect.fnUntraced(
  function* (work: Work, { about, look, ticketId }: ReviewTask) {
    const session = yield* sessionOf(work)
    const organization = yield* organizationOf(session.orgId)
    const entries = yield* entriesOf(session)
    const draft = draftAbout(entries, about)
    if (draft === null || wasReviewed(entries, about)) return skip("there is no draft to compare with")
    const thread = yield* (yield* ticketingOf(organization)).thread(ticketId)
    const reply = replyTo(thread, about)
    const isLast = look >= organization.settings.assist.reviewMinutes.length
    if (reply === null && !isOver(thread) && !isLast) return { _tag: "DraftOpen" } satisfies Outcome
    return {
      _tag: "DraftReviewed",
      ticketId,
      about,
      replyId: reply?.commentId ?? null,
      ...draftUse(draft, reply?.text ?? null),
    } satisfies Outcome
  },
  Effect.catchTag("TicketingError", (error) => {
    const { _tag } = error.reason
    return _tag === "Closed" || _tag === "NotFound"
      ? Effect.succeed(skip("the ticket is gone"))
      : Effect.fail(fromPort(error))
  }),
)
