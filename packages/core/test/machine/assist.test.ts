/** Tickets that humans work on: a look per signal, a record per outcome, and nothing that could reach a customer. */
import { assert, describe, it } from "@effect/vitest"
import {
  assistLane,
  CommentId,
  decide,
  type Decision,
  type Env,
  type MachineEvent,
  type Session,
  TicketId,
} from "../../src/index.ts"
import {
  answered,
  comment,
  done,
  env,
  failed,
  message,
  orgId,
  ready,
  session,
  synced,
  tasks,
  ticketId,
  trace,
} from "../support/fixtures.ts"

const bodies = ({ entries }: Decision) => entries.map((entry) => entry.body)

const lane = assistLane(orgId, TicketId.make("7"))
const assistEnv = (): Env => ({ ...env(), lane })
const known: Session = session({ ...lane, state: "human", lastSeq: 3 })
const task = { _tag: "Assist", ticketId } as const

const outcome = {
  _tag: "Assisted",
  tags: ["opencx_assist_mode"],
  ticketId,
  commentIds: [],
  result: "drafted",
  text: "a note",
  draft: null,
  sources: [],
  trace,
} as const

describe("a ticket of the humans", () => {
  const signalled: MachineEvent = { _tag: "TicketSignal", ticketId, statusHint: "closed" }

  it("is looked at with every signal; the first makes its session, which is the humans'", () => {
    const first = decide(assistEnv(), null, signalled)
    assert.deepInclude(first.session, { ...lane, state: "human", ticket: null, chat: null })
    assert.deepStrictEqual(
      first.work.map((one) => [one.queue, one.task]),
      [["desk", task]],
    )
    assert.isNull(first.address)
    const next = decide(assistEnv(), known, signalled)
    assert.strictEqual(next.session?.id, known.id)
    assert.lengthOf(next.work, 1)
  })

  it("records what came of it", () => {
    const decision = decide(assistEnv(), known, done(task, outcome))
    assert.deepStrictEqual(bodies(decision), [
      {
        _tag: "Assist",
        ticketId,
        commentIds: [],
        result: "drafted",
        text: "a note",
        draft: null,
        sources: [],
        trace,
        tags: ["opencx_assist_mode"],
      },
    ])
    assert.strictEqual(decision.entries[0]?.seq, 4)
    assert.deepStrictEqual(bodies(decide(assistEnv(), known, done(task, failed("no model")))), [
      { _tag: "SystemEvent", text: "A draft was given up: no model" },
    ])
    const skipped = decide(assistEnv(), known, done(task, { _tag: "Skipped", why: "nothing new" }))
    assert.deepStrictEqual([skipped.entries, skipped.work], [[], []])
  })

  it("has a draft looked at again later, as often as is configured, and records the verdict", () => {
    const about = CommentId.make("9")
    const decision = decide(
      assistEnv(),
      known,
      done(task, { ...outcome, commentIds: [about], draft: "words" }),
    )
    const { now, settings } = assistEnv()
    const [first, second] = settings.assist.reviewMinutes
    const review = { _tag: "ReviewDraft", ticketId, about, look: 1 } as const
    const orders = (of: Decision) => of.work.map((one) => [one.queue, one.task, one.notBefore])
    assert.deepStrictEqual(orders(decision), [["timer", review, now + (first ?? 0) * 60_000]])
    const open = decide(assistEnv(), known, done(review, { _tag: "DraftOpen" }))
    const later = now + ((second ?? 0) - (first ?? 0)) * 60_000
    assert.deepStrictEqual(orders(open), [["timer", { ...review, look: 2 }, later]])
    const last = { ...review, look: settings.assist.reviewMinutes.length }
    assert.deepStrictEqual(orders(decide(assistEnv(), known, done(last, { _tag: "DraftOpen" }))), [])
    const use = {
      ticketId,
      about,
      use: "kept",
      replyId: null,
      distance: 0,
      draftWords: 1,
      replyWords: 1,
    } as const
    const reviewed = decide(assistEnv(), known, done(review, { _tag: "DraftReviewed", ...use }))
    assert.deepStrictEqual(bodies(reviewed), [{ ...use, _tag: "DraftUse" }])
    assert.deepStrictEqual(bodies(decide(assistEnv(), known, done(review, failed("down")))), [
      { _tag: "SystemEvent", text: "The look at what became of a draft was given up: down" },
    ])
  })

  const strays: Record<string, MachineEvent> = {
    message: message(),
    end: message({ text: "/end" }),
    answered: done(tasks.think, answered()),
    ready: done(tasks.openTicket, ready()),
    reply: done(tasks.sync, synced({ comments: [comment("501")], status: "open" })),
    solved: done(tasks.sync, synced({ status: "solved" })),
    noHuman: done(tasks.noHuman, { _tag: "TimerFired" }),
    takeOver: { _tag: "OperatorCommand", command: "take_over", by: "op" },
    handBack: { _tag: "OperatorCommand", command: "hand_back", by: "op" },
    close: { _tag: "OperatorCommand", command: "close", by: "op" },
  }
  it.each(Object.entries(strays))("orders no work and says nothing after a stray %s", (_, event) => {
    for (const current of [null, known]) {
      const decision = decide(assistEnv(), current, event)
      assert.deepStrictEqual([decision.entries, decision.work], [[], []])
      assert.oneOf(decision.session?.state, [undefined, "human"])
    }
  })
})
