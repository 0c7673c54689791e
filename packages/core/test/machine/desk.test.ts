import { assert, describe, it } from "@effect/vitest"
import { CommentId, decide, type Session, TicketId } from "../../src/index.ts"
import { isAfter } from "../../src/engine/machine/desk.ts"
import {
  comment,
  done,
  env,
  failed,
  message,
  now,
  places,
  ready,
  session,
  synced,
  tasks,
  ticket,
  ticketId,
} from "../support/fixtures.ts"
import { bodies, orders } from "../support/invariants.ts"

const said = (decision: ReturnType<typeof decide>) =>
  decision.entries.flatMap(({ body }) => (body._tag === "SystemMessage" ? [body.purpose] : []))

const replies = (decision: ReturnType<typeof decide>) =>
  decision.entries.flatMap(({ body }) => (body._tag === "HumanReply" ? [body.commentId as string] : []))

const sync = (before: Session, outcome: Parameters<typeof synced>[0]) =>
  decide(env(), before, done(tasks.sync, synced(outcome)))

describe("the ticket is ready", () => {
  it("only now the customer is told, and the no-human timer starts", () => {
    const decision = decide(
      env({ noHumanMinutes: 10 }),
      places.handoffPending,
      done(tasks.openTicket, ready()),
    )
    assert.deepStrictEqual(bodies(decision), ["HandoffConfirmed", "SystemMessage"])
    assert.deepStrictEqual(said(decision), ["handoffConfirmed"])
    assert.deepInclude(decision.session, { state: "handing_off", handoffPending: false, forwardedSeq: 9 })
    assert.strictEqual(decision.work.find((w) => w.task._tag === "Wait")?.notBefore, now + 600_000)
  })

  it("the customer is not told when the organization wants it so", () => {
    assert.deepStrictEqual(
      said(decide(env({ tellCustomer: false }), places.handoffPending, done(tasks.openTicket, ready()))),
      [],
    )
  })

  it("what the customer wrote in between is passed on", () => {
    const between = decide(env(), places.handoffPending, message()).session
    const decision = decide(env(), between, done(tasks.openTicket, ready({ upToSeq: 9 })))
    assert.deepStrictEqual(orders(decision, "Forward"), [{ _tag: "Forward", upToSeq: 11 }])
  })

  it("the human was faster on an older ticket: what came in between is passed on all the same", () => {
    const pending = session({
      state: "handing_off",
      handoffPending: true,
      handoffs: 1,
      customerSeq: 10,
      ticket: ticket(),
    })
    const faster = sync(pending, { comments: [comment("501")] }).session
    assert.deepInclude(faster, { state: "human", handoffPending: true })
    const decision = decide(env(), faster, done(tasks.openTicket, ready({ upToSeq: 9, created: false })))
    assert.deepStrictEqual(orders(decision, "Forward"), [{ _tag: "Forward", upToSeq: 10 }])
    assert.deepStrictEqual(said(decision), [], "the human has spoken already")
    const gone = decide(env(), faster, done(tasks.openTicket, failed()))
    assert.deepStrictEqual(orders(gone, "Forward"), [{ _tag: "Forward", upToSeq: 10 }])
    assert.strictEqual(gone.session?.state, "human")
  })

  it("twice tells the customer once", () => {
    const once = decide(env(), places.handoffPending, done(tasks.openTicket, ready())).session
    assert.deepStrictEqual(said(decide(env(), once, done(tasks.openTicket, ready()))), [])
  })

  it("after the conversation was handed back it stays with the AI, and the ticket says so", () => {
    const back = decide(env(), places.handoffPending, {
      _tag: "OperatorCommand",
      command: "hand_back",
      by: "Olga",
    })
    assert.strictEqual(orders(back, "Think").length, 1, "what was escalated is answered after all")
    const decision = decide(env(), back.session, done(tasks.openTicket, ready()))
    assert.deepInclude(decision.session, { state: "ai" })
    assert.strictEqual(decision.session?.ticket?.ticketId, ticketId)
    assert.deepStrictEqual(said(decision), [])
    assert.strictEqual(orders(decision, "Note").length, 1)
  })

  it("of a replayed handoff: it counts, and a turn in flight is given up", () => {
    const wentOn = { ...places.aiThinking, handoffs: 1 }
    const decision = decide(env(), wentOn, done(tasks.openTicket, ready({ upToSeq: 10 }), { epoch: 1 }))
    assert.deepInclude(decision.session, { state: "handing_off", turn: null })
    assert.deepStrictEqual(said(decision), ["handoffConfirmed"])
  })

  it("of a replayed handoff that another one has followed: only the link changes", () => {
    const decision = decide(
      env(),
      { ...places.aiIdle, handoffs: 2 },
      done(tasks.openTicket, ready(), { epoch: 1 }),
    )
    assert.strictEqual(decision.session?.state, "ai")
    assert.deepStrictEqual([said(decision), decision.work], [[], []])
  })

  it("for every conversation: the AI goes on", () => {
    const decision = decide(env(), places.aiThinking, done(tasks.everyTicket, ready({ upToSeq: 1 })))
    assert.deepInclude(decision.session, { state: "ai", turn: { number: 1, upToSeq: 10 }, forwardedSeq: 1 })
  })

  it("of a closed session: no word to the customer", () => {
    assert.deepStrictEqual(
      said(decide(env(), { ...places.closed, handoffs: 1 }, done(tasks.openTicket, ready()))),
      [],
    )
  })
})

describe("the handoff failed", () => {
  it("the customer gets an apology and the session stays with the AI", () => {
    const decision = decide(env(), places.handoffPending, done(tasks.openTicket, failed()))
    assert.deepInclude(decision.session, { state: "ai", handoffPending: false, answeredSeq: 9 })
    assert.deepStrictEqual(said(decision), ["handoffFailed"])
    assert.deepStrictEqual(
      orders(decision, "Think"),
      [],
      "the apology was the answer: no endless loop of handoffs",
    )
  })

  it("what the customer wrote in between is answered", () => {
    const between = decide(env(), places.handoffPending, message()).session
    const decision = decide(env(), between, done(tasks.openTicket, failed()))
    assert.deepStrictEqual(orders(decision, "Think"), [{ _tag: "Think", turn: 2, upToSeq: 11 }])
  })

  it.each(["aiIdle", "closed"] as const)(
    "after the session went on (%s): a line on the timeline, no word",
    (place) => {
      const decision = decide(env(), { ...places[place], handoffs: 1 }, done(tasks.openTicket, failed()))
      assert.deepStrictEqual(bodies(decision), ["HandoffFailed"])
      assert.strictEqual(decision.session?.state, places[place].state)
    },
  )

  it("skipped counts as failed: nothing waits for ever", () => {
    const decision = decide(
      env(),
      places.handoffPending,
      done(tasks.openTicket, { _tag: "Skipped", why: "?" }),
    )
    assert.deepInclude(decision.session, { state: "ai", handoffPending: false })
  })
})

describe("human comments", () => {
  it("are delivered in order, and the session is the human's", () => {
    const decision = sync(places.handoffConfirmed, {
      comments: [comment("501"), comment("502")],
      cursor: CommentId.make("510"),
    })
    assert.deepStrictEqual(replies(decision), ["501", "502"])
    assert.deepStrictEqual(
      orders(decision, "Deliver").map((d) => d.seq),
      [11, 12],
    )
    assert.deepInclude(decision.session, { state: "human", humanName: "Ada" })
    assert.strictEqual(decision.session?.ticket?.commentCursor, "510")
  })

  it("are delivered once, however pages overlap, repeat and come out of order", () => {
    const pages = [
      ["501", "502"],
      ["502", "503", "503"],
      ["501"],
      [],
      ["503", "1000"],
      ["999", "1000", "1001"],
    ]
    let current: Session = places.handoffConfirmed
    const delivered = pages.flatMap((page) => {
      const decision = sync(current, {
        comments: page.map((id) => comment(id)),
        cursor: CommentId.make(page.at(-1) ?? "500"),
      })
      current = decision.session ?? current
      return replies(decision)
    })
    assert.deepStrictEqual(delivered, ["501", "502", "503", "1000", "1001"])
    assert.strictEqual(current.ticket?.commentCursor, "1001", "a late page does not set the cursor back")
  })

  it("move the cursor even where the page gives none", () => {
    assert.strictEqual(
      sync(places.human, { comments: [comment("501")] }).session?.ticket?.commentCursor,
      "501",
    )
  })

  it("take over from the AI: its turn is withheld and its messages go to the human", () => {
    const thinking = { ...places.aiThinking, ticket: ticket() }
    const decision = sync(thinking, { comments: [comment("501")] })
    assert.strictEqual(decision.session?.state, "human")
    assert.deepStrictEqual(orders(decision, "Forward"), [{ _tag: "Forward", upToSeq: 10 }])
  })

  it("with the ticket solved: delivered, then the AI has the conversation and what is unanswered", () => {
    const thinking = { ...places.aiThinking, ticket: ticket() }
    const decision = sync(thinking, { comments: [comment("501")], status: "solved" })
    assert.deepStrictEqual(bodies(decision), ["HumanReply", "TicketStatusChanged", "Handback"])
    assert.deepStrictEqual(orders(decision, "Think"), [{ _tag: "Think", turn: 2, upToSeq: 10 }])
    assert.deepStrictEqual(orders(decision, "Forward"), [])
  })

  it("reach the customer from a closed session too", () => {
    const decision = sync({ ...places.closed, ticket: ticket() }, { comments: [comment("501")] })
    assert.deepStrictEqual(replies(decision), ["501"])
    assert.strictEqual(decision.session?.state, "human")
  })

  it("on a ticket whose making was never confirmed are delivered, and the ticket is linked", () => {
    const decision = sync({ ...places.aiIdle, handoffs: 1 }, { comments: [comment("501")], status: "open" })
    assert.deepStrictEqual(replies(decision), ["501"])
    assert.deepInclude(decision.session?.ticket, {
      ticketId,
      status: "open",
      commentCursor: CommentId.make("501"),
    })
  })

  it("on a ticket that follows the closed one are delivered, and that one is linked", () => {
    const next = TicketId.make("78")
    const decision = sync(places.closed, { ticketId: next, comments: [comment("501")], status: "open" })
    assert.strictEqual(decision.session?.ticket?.ticketId, next)
  })

  it("on another ticket beside an open one are nothing", () => {
    const decision = sync(places.human, {
      ticketId: TicketId.make("78"),
      comments: [comment("501")],
      status: "open",
    })
    assert.deepStrictEqual([decision.entries, decision.work], [[], []])
  })
})

describe("comment ids", () => {
  it.each([
    ["1000", "999", true],
    ["999", "1000", false],
    ["5", "5", false],
    ["20000000000000000001", "20000000000000000000", true],
    ["b", "a", true],
    ["a1", "999", true],
  ])("%s after %s: %s", (a, b, expected) => {
    assert.strictEqual(isAfter(a, b), expected)
  })
})

describe("the ticket's status", () => {
  it.each(["solved", "closed"] as const)("%s gives the conversation back to the AI", (status) => {
    const decision = sync(places.human, { status })
    assert.deepStrictEqual(bodies(decision), ["TicketStatusChanged", "Handback"])
    assert.strictEqual(decision.session?.state, "ai")
    assert.deepStrictEqual(decision.work, [], "what the human has seen is not answered again")
  })

  it.each(["new", "open", "pending", "hold"] as const)("%s leaves it with the human", (status) => {
    assert.strictEqual(sync(places.human, { status }).session?.state, "human")
  })

  it("solved while a handoff is pending does not take the handoff away", () => {
    const pending = { ...places.handoffPending, ticket: ticket() }
    assert.deepInclude(sync(pending, { status: "solved" }).session, {
      state: "handing_off",
      handoffPending: true,
    })
    const replied = sync(pending, { status: "solved", comments: [comment("501")] })
    assert.deepInclude(replied.session, { state: "human", handoffPending: true })
  })

  it("found closed: the AI answers what nobody has seen", () => {
    const unseen = { ...places.human, customerSeq: 10 }
    const decision = decide(env(), unseen, done(tasks.forward, { _tag: "TicketClosed", ticketId }))
    assert.strictEqual(decision.session?.ticket?.status, "closed")
    assert.deepStrictEqual(orders(decision, "Think"), [{ _tag: "Think", turn: 2, upToSeq: 10 }])
  })

  it("found closed while a handoff is pending: a follow-up comes, the AI stays silent", () => {
    const pending = { ...places.handoffPending, ticket: ticket() }
    const decision = decide(env(), pending, done(tasks.note, { _tag: "TicketClosed", ticketId }))
    assert.deepInclude(decision.session, { state: "handing_off", handoffPending: true })
    assert.strictEqual(decision.session?.ticket?.status, "closed")
    assert.deepStrictEqual(decision.work, [])
  })

  it("found closed, of a ticket that is not linked any more: nothing", () => {
    const decision = decide(
      env(),
      places.human,
      done(tasks.note, { _tag: "TicketClosed", ticketId: TicketId.make("1") }),
    )
    assert.deepStrictEqual(decision.entries, [])
  })
})

describe("signals", () => {
  it.each([
    [null, true],
    ["solved", true],
    ["CLOSED", true],
    ["open", false],
    ["pending", false],
  ])("hint %s: read the status %s", (statusHint, readStatus) => {
    const decision = decide(env(), places.human, { _tag: "TicketSignal", ticketId, statusHint })
    assert.deepStrictEqual(
      decision.work.map((w) => w.task),
      [{ _tag: "SyncTicket", ticketId, readStatus }],
    )
  })
})

describe("forwarding", () => {
  it("never counts backwards", () => {
    const decision = decide(env(), places.human, done(tasks.forward, { _tag: "Forwarded", upToSeq: 3 }))
    assert.strictEqual(decision.session?.forwardedSeq, 8)
  })

  it("that failed is said, and tried again with the next message", () => {
    const unseen = { ...places.human, customerSeq: 10 }
    const decision = decide(env(), unseen, done(tasks.forward, failed("ticket locked")))
    assert.deepStrictEqual(bodies(decision), ["SystemEvent"])
    assert.strictEqual(decision.session?.forwardedSeq, 8)
    assert.strictEqual(orders(decide(env(), decision.session, message()), "Forward").length, 1)
  })
})
