/** Reports: every session counts once, with what came of it, in its own organization and period. */
import { assert, type Vitest } from "@effect/vitest"
import {
  assistLane,
  type ChannelId,
  CommentId,
  ConversationStore,
  CustomerText,
  DeliveryId,
  type EntryBody,
  type FiguresPeriod,
  type HandoffReason,
  type Lane,
  type OrgId,
  type Session,
  TicketId,
} from "@opencx/core"
import { Effect } from "effect"
import { randomUUID } from "node:crypto"
import { appending, message, newLane, newOrg, newSession } from "./samples.ts"

type Suite = Vitest.MethodsNonLive<ConversationStore>

const day = 86_400_000
const trace = (...queries: ReadonlyArray<string>) => ({
  agent: "test",
  queries,
  hits: [],
  signals: {},
  latencyMs: 1,
})

const answer = (change: { readonly askBack?: boolean; readonly withheld?: boolean } = {}): EntryBody => ({
  _tag: "AiAnswer",
  text: CustomerText.make("It fits."),
  sources: [],
  confidence: 1,
  trace: trace(),
  withheld: false,
  askBack: false,
  deliveryId: DeliveryId.make(randomUUID()),
  ...change,
})

const handoff = (reason: HandoffReason): EntryBody => ({ _tag: "HandoffRequested", reason, trace: null })

const human: EntryBody = {
  _tag: "HumanReply",
  text: CustomerText.make("Here you go."),
  authorName: null,
  commentId: null,
  ticketId: null,
  chatMessageId: null,
  attachments: [],
  deliveryId: DeliveryId.make(randomUUID()),
  byDesk: false,
}

const rating = (kind: "answer" | "conversation", score: number): EntryBody => ({
  _tag: "Rating",
  kind,
  score,
  comment: null,
  deliveryId: null,
})

const look = (result: "drafted" | "not_helpful_answer", query: string): EntryBody => ({
  _tag: "Assist",
  ticketId: TicketId.make("7"),
  commentIds: [CommentId.make("1")],
  result,
  tags: [],
  text: null,
  draft: null,
  sources: [],
  trace: trace(query),
})

const used: EntryBody = {
  _tag: "DraftUse",
  ticketId: TicketId.make("7"),
  about: CommentId.make("1"),
  use: "edited",
  replyId: CommentId.make("2"),
  distance: 3,
  draftWords: 10,
  replyWords: 9,
}

const period: FiguresPeriod = { from: 10 * day, to: 12 * day, quietSince: 11 * day }

interface Lived {
  readonly lane: Lane
  readonly session: Session
}

/** A session with these entries, each decided by itself, as in life. */
const live = Effect.fnUntraced(function* (
  orgId: OrgId,
  bodies: ReadonlyArray<EntryBody>,
  change: Partial<Session> = {},
  lane: Lane = newLane(orgId),
) {
  const store = yield* ConversationStore
  let session = newSession(lane, { createdAt: 10 * day, updatedAt: 10 * day, state: "closed", ...change })
  for (const [i, body] of bodies.entries()) {
    const decision = appending(session, [body])
    session = decision.session ?? session
    yield* store.apply({ lane, eventKey: `e${i}`, sessionId: session.id, decide: () => decision })
  }
  return { lane, session } satisfies Lived
})

const counts = (it: Suite) =>
  it.effect("counts what came of each session by day and channel", () =>
    Effect.gen(function* () {
      const store = yield* ConversationStore
      const orgId = newOrg()
      const happy = yield* live(orgId, [message("fits?"), answer(), rating("answer", 1)])
      yield* live(orgId, [message("fits?"), answer()])
      yield* live(orgId, [message("why?"), handoff("no_answer"), human, rating("conversation", 4)])
      yield* live(orgId, [message("hello?")], { createdAt: 11 * day })
      yield* live(orgId, [message("now?"), answer()], { state: "ai", updatedAt: 11 * day })
      yield* live(orgId, [message("old")], { createdAt: 9 * day })
      yield* live(orgId, [message("late")], { createdAt: 12 * day })
      yield* live(newOrg(), [message("a stranger's"), answer()])
      const found = yield* store.figures(orgId, period)
      const brief = found.map((one) => [one.day, one.outcome, one.escalation, one.abstained, one.sessions])
      assert.sameDeepMembers(brief, [
        [10, "resolved_by_ai", null, false, 2],
        [10, "resolved_by_human", "no_answer", true, 1],
        [10, "open", null, false, 1],
        [11, "abandoned", null, false, 1],
      ])
      assert.isTrue(found.every(({ channel }) => channel === happy.lane.channel))
      const resolved = found.find(({ outcome }) => outcome === "resolved_by_ai")
      assert.deepInclude(resolved, { answers: 2, thumbsUp: 1, thumbsDown: 0, rated: 0, csatSum: 0 })
      const helped = found.find(({ outcome }) => outcome === "resolved_by_human")
      assert.deepInclude(helped, { answers: 0, rated: 1, csatSum: 4 })
      assert.deepStrictEqual(yield* store.figures(newOrg(), period), [])
    }),
  )

const drafts = (it: Suite) =>
  it.effect("counts drafts and what became of them beside the conversations", () =>
    Effect.gen(function* () {
      const store = yield* ConversationStore
      const orgId = newOrg()
      const lane = assistLane(orgId, TicketId.make("7"))
      const bodies = [look("drafted", "fits?"), used, look("not_helpful_answer", "why?")]
      yield* live(orgId, bodies, { state: "human" }, lane)
      const [figure, ...more] = yield* store.figures(orgId, period)
      assert.lengthOf(more, 0)
      assert.deepInclude(figure, {
        channel: lane.channel satisfies ChannelId,
        abstained: true,
        drafted: 1,
        undrafted: 1,
        draftsKept: 0,
        draftsEdited: 1,
        draftsUnused: 0,
      })
      const [question] = yield* store.unanswered(orgId, period, 10)
      assert.strictEqual(question?.text, "why?")
    }),
  )

const questions = (it: Suite) =>
  it.effect("gives the questions without an answer, newest sessions first, so many sessions", () =>
    Effect.gen(function* () {
      const store = yield* ConversationStore
      const orgId = newOrg()
      yield* live(orgId, [message("هل يصلح؟"), message("\u0000?"), handoff("no_answer")])
      yield* live(orgId, [message("first"), answer(), message("then"), handoff("no_answer")], {
        createdAt: 10 * day + 1,
      })
      yield* live(orgId, [message("a human!"), handoff("customer_asked")])
      const texts = (limit: number) =>
        Effect.map(store.unanswered(orgId, period, limit), (all) => all.map(({ text }) => text))
      assert.deepStrictEqual(yield* texts(10), ["then", "هل يصلح؟\n\u0000?"])
      assert.deepStrictEqual(yield* texts(1), ["then"])
      assert.deepStrictEqual(yield* texts(0), [])
    }),
  )

export const figureTests = (it: Suite): void => {
  counts(it)
  drafts(it)
  questions(it)
}
