/** Live chats: who may answer, what is told to whom, and what becomes of late and repeated news. */
import { assert, describe, it } from "@effect/vitest"
import { decide, type MachineEvent, type Session } from "../../src/index.ts"
import {
  chat,
  chatId,
  chatPlaces,
  chatReady,
  chatTasks,
  control,
  nativeMessage,
  otherChatId,
  reply,
  threadEvents,
} from "../support/chatFixtures.ts"
import {
  chatEnv,
  deliveryId,
  done,
  env,
  failed,
  message,
  now,
  places,
  session,
  tasks,
} from "../support/fixtures.ts"
import { bodies, checkDecision, orders } from "../support/invariants.ts"

const controls = ["ours", "humans", "bot", "nobody", "other"] as const

const events: Record<string, MachineEvent> = {
  message: message(),
  ...threadEvents,
  reply: reply(),
  replyAutomatic: reply({ automatic: true }),
  replyOfOtherChat: reply({ chatId: otherChatId }),
  ...Object.fromEntries(controls.map((who) => [`control:${who}`, control(who)])),
  ...Object.fromEntries(controls.map((who) => [`native:${who}`, nativeMessage(who)])),
  controlOfOtherChat: control("ours", { chatId: otherChatId }),
  news: { _tag: "ChatNews", chatId, text: "a message of yours did not arrive" },
  heard: { _tag: "Heard", deliveryId, text: "It is", at: now },
  ready: done(chatTasks.openChat, chatReady()),
  readyAgain: done(chatTasks.openChat, chatReady(), { epoch: 1 }),
  readyOfOldHandoff: done({ ...chatTasks.openChat, handoff: 0 }, chatReady()),
  failed: done(chatTasks.openChat, failed()),
  mergeFailed: done(chatTasks.merge, failed()),
  takeBackFailed: done(chatTasks.takeBack, failed()),
  ...Object.fromEntries(
    controls.map((who) => [
      `found:${who}`,
      done(tasks.forward, { _tag: "ChatControlFound", conversationId: chatId, control: who }),
    ]),
  ),
  merged: done(chatTasks.merge, {
    _tag: "IdentityDecided",
    decision: "merged",
    reason: "one person",
    evidence: ["phone +15550100"],
  }),
  held: done(tasks.deliver, { _tag: "Held", seq: 9, explanation: "the window closed at 14:05 UTC" }),
}

const states: Record<string, Session | null> = { none: null, ...places, ...chatPlaces }

/** The session after these events, one after the other. */
const after = (start: Session, ...all: ReadonlyArray<MachineEvent>): Session =>
  all.reduce((current, event) => decide(chatEnv(), current, event).session ?? current, start)

describe("the machine is total with live chats too", () => {
  for (const [place, before] of Object.entries(states)) {
    it(place, () => {
      for (const [name, event] of Object.entries(events)) {
        const what = `${place} × ${name}`
        const decision = decide(chatEnv(), before, event)
        checkDecision(before, event, decision, what)
        assert.deepStrictEqual(decide(chatEnv(), before, event), decision, `${what}: pure`)
      }
    })
  }
})

describe("handoff", () => {
  it("takes the way of the channel", () => {
    const wanted = threadEvents.humanWanted
    assert.lengthOf(orders(decide(chatEnv(), places.aiIdle, wanted), "OpenChat"), 1)
    assert.lengthOf(orders(decide(env(), places.aiIdle, wanted), "OpenTicket"), 1)
  })

  it("by ticket because no chat is connected says so", () => {
    const remark = "Zendesk Messaging is not connected"
    const decision = decide(
      { ...env(), handoff: { path: "ticket", remark } },
      places.aiIdle,
      threadEvents.humanWanted,
    )
    assert.isTrue(decision.entries.some(({ body }) => body._tag === "SystemEvent" && body.text === remark))
  })

  it("is told to the customer when it is confirmed, and not before", () => {
    const asked = decide(chatEnv(), places.aiIdle, threadEvents.humanWanted)
    assert.notInclude(bodies(asked), "SystemMessage")
    const ready = decide(chatEnv(), chatPlaces.pending, done(chatTasks.openChat, chatReady()))
    assert.include(bodies(ready), "SystemMessage")
    assert.strictEqual(ready.session?.chat?.control, "humans")
    assert.lengthOf(orders(ready, "MergeIdentity"), 1)
  })

  it("that failed for good stays with the AI, with an apology", () => {
    const decision = decide(chatEnv(), chatPlaces.pending, done(chatTasks.openChat, failed()))
    assert.strictEqual(decision.session?.state, "ai")
    assert.includeMembers([...bodies(decision)], ["HandoffFailed", "SystemMessage"])
  })

  it("is not undone by its own control changes", () => {
    for (const who of controls) {
      assert.strictEqual(after(chatPlaces.pending, control("ours"), control(who)).state, "handing_off", who)
    }
  })

  describe("the humans were through with before we knew that they had it", () => {
    const quick = after(
      chatPlaces.pending,
      control("ours", { at: now - 90 }),
      control("humans", { at: now - 80 }),
      reply({ at: now - 70 }),
      control("nobody", { at: now - 60, reason: "ticketClosed" }),
    )

    it("goes back to the AI, and nobody is told that a human will come", () => {
      const ready = decide(chatEnv(), quick, done(chatTasks.openChat, chatReady()))
      assert.deepInclude(ready.session, { state: "ai", handoffPending: false })
      assert.strictEqual(ready.session?.chat?.control, "nobody")
      assert.includeMembers([...bodies(ready)], ["HandoffConfirmed", "Handback"])
      assert.notInclude(bodies(ready), "SystemMessage")
    })

    it("and what the customer wrote since is answered", () => {
      const asked = after(quick, message())
      const ready = decide(chatEnv(), asked, done(chatTasks.openChat, chatReady()))
      assert.lengthOf(orders(ready, "Think"), 1)
    })

    it("counts for that handoff alone, and not for a replay", () => {
      const replayed = decide(chatEnv(), quick, done(chatTasks.openChat, chatReady(), { epoch: 1 }))
      assert.strictEqual(replayed.session?.chat?.control, "humans")
      const back = after(quick, done(chatTasks.openChat, chatReady()))
      const again = after(back, threadEvents.humanWanted)
      assert.deepInclude(again, { state: "handing_off", handoffPending: true })
      assert.strictEqual(again.chat?.humansHadIt, false)
      const second = done({ ...chatTasks.openChat, handoff: again.handoffs }, chatReady())
      assert.deepInclude(after(again, second), { state: "handing_off", handoffPending: false })
    })
  })

  it("tells the warnings of the other side on the session", () => {
    const warnings = ["multi-conversations are off"]
    const decision = decide(chatEnv(), chatPlaces.pending, done(chatTasks.openChat, chatReady({ warnings })))
    assert.isTrue(
      decision.entries.some(({ body }) => body._tag === "SystemEvent" && body.text === warnings[0]),
    )
  })
})

describe("a human writes in the chat", () => {
  it("and it is delivered, and the AI is silent", () => {
    const decision = decide(chatEnv(), chatPlaces.confirmed, reply())
    assert.lengthOf(orders(decision, "Deliver"), 1)
    assert.strictEqual(decision.session?.state, "human")
    assert.strictEqual(decision.session?.humanName, "Ada")
  })

  it("before we know that the handoff worked", () => {
    const [reached] = [after(chatPlaces.pending, reply())]
    assert.strictEqual(reached?.state, "human")
    const ready = decide(chatEnv(), reached ?? null, done(chatTasks.openChat, chatReady()))
    assert.strictEqual(ready.session?.state, "human")
    assert.notInclude(bodies(ready), "SystemMessage", "their own words say it already")
  })

  it("on a channel of Zendesk's: Zendesk delivers, we only keep it", () => {
    const decision = decide(chatEnv(), chatPlaces.nativeHuman, reply())
    assert.lengthOf(orders(decision, "Deliver"), 0)
    const [entry] = decision.entries
    assert.isTrue(entry?.body._tag === "HumanReply" && entry.body.byDesk)
  })

  it("while the AI thinks: its answer is withheld", () => {
    const thinking = session({
      customerSeq: 10,
      turn: { number: 1, upToSeq: 10 },
      chat: chat({ control: "ours" }),
    })
    assert.strictEqual(after(thinking, reply()).state, "human")
  })

  it("by way of a trigger: delivered, and no sign that a human is there", () => {
    const decision = decide(chatEnv(), chatPlaces.confirmed, reply({ automatic: true }))
    assert.lengthOf(orders(decision, "Deliver"), 1)
    assert.strictEqual(decision.session?.state, "handing_off")
  })
})

describe("the customer writes while a human has the chat", () => {
  it("and it is forwarded, once for all that is unseen", () => {
    const decision = decide(chatEnv(), chatPlaces.human, message())
    assert.deepStrictEqual(
      decision.work.map(({ task }) => task._tag),
      ["Forward"],
    )
  })

  it("on a channel of Zendesk's: the human has seen it already", () => {
    const decision = decide(chatEnv(), chatPlaces.nativeHuman, nativeMessage("humans"))
    assert.deepStrictEqual(decision.work, [])
    assert.strictEqual(decision.session?.forwardedSeq, decision.session?.customerSeq)
  })

  it.each(["ours", "nobody", "bot"] as const)("and the chat turns out to be %s: the AI answers it", (who) => {
    const waiting = session({ ...chatPlaces.human, customerSeq: 10, lastSeq: 10, forwardedSeq: 8 })
    const found = done(tasks.forward, { _tag: "ChatControlFound", conversationId: chatId, control: who })
    const decision = decide(chatEnv(), waiting, found)
    assert.strictEqual(decision.session?.state, "ai")
    assert.lengthOf(orders(decision, "Think"), 1)
  })
})

describe("handback", () => {
  it.each(["ours", "nobody", "bot"] as const)("when the chat is with %s", (who) => {
    const decision = decide(chatEnv(), chatPlaces.human, control(who, { reason: "ticketClosed" }))
    assert.strictEqual(decision.session?.state, "ai")
    assert.include(bodies(decision), "Handback")
  })

  it("not for a chat of an earlier handoff", () => {
    assert.strictEqual(after(chatPlaces.human, control("nobody", { chatId: otherChatId })).state, "human")
  })

  it("by the customer tells the human and takes the chat back", () => {
    const decision = decide(chatEnv(), chatPlaces.human, threadEvents.humanDismissed)
    assert.strictEqual(decision.session?.state, "ai")
    assert.includeMembers(
      decision.work.map(({ task }) => task._tag),
      ["Note", "TakeChatBack"],
    )
  })

  it("of a chat that we took back ourselves is nothing new", () => {
    const taken = done(chatTasks.takeBack, {
      _tag: "ChatControlFound",
      conversationId: chatId,
      control: "ours",
    })
    assert.strictEqual(after(chatPlaces.backAtAi, taken).state, "ai")
  })

  it("and a human takes it again: the AI is silent", () => {
    assert.strictEqual(after(chatPlaces.backAtAi, control("humans")).state, "human")
  })
})

describe("a channel of Zendesk's", () => {
  it("is answered while the chat is ours", () => {
    assert.lengthOf(orders(decide(chatEnv(), null, nativeMessage("ours")), "Think"), 1)
  })

  it.each(["humans", "bot", "other", "nobody"] as const)("is not answered while it is with %s", (who) => {
    const decision = decide(chatEnv(), null, nativeMessage(who))
    assert.lengthOf(orders(decision, "Think"), 0)
  })

  it("heals itself: the message after a lost release is answered", () => {
    const decision = decide(chatEnv(), chatPlaces.nativeHuman, nativeMessage("ours"))
    assert.strictEqual(decision.session?.state, "ai")
    assert.lengthOf(orders(decision, "Think"), 1)
  })
})

describe("a closed reply window", () => {
  const held = done(tasks.deliver, { _tag: "Held", seq: 9, explanation: "the window closed at 14:05 UTC" })

  it("is told to the human, and the message waits", () => {
    const decision = decide(chatEnv(), chatPlaces.human, held)
    assert.deepStrictEqual(decision.session?.held, [9])
    assert.lengthOf(orders(decision, "Note"), 1)
  })

  it("opens with the customer's next message: what waited goes first", () => {
    const waiting = after(chatPlaces.human, held)
    const decision = decide(chatEnv(), waiting, message())
    assert.deepStrictEqual(orders(decision, "Deliver"), [{ _tag: "Deliver", seq: 9 }])
    assert.deepStrictEqual(decision.session?.held, [])
  })

  it("does not open with an automatic message", () => {
    const waiting = after(chatPlaces.human, held)
    assert.deepStrictEqual(after(waiting, message({ automatic: "a robot" })).held, [9])
  })
})

describe("opt-out", () => {
  it("is never answered, and told to the human who might reply", () => {
    assert.deepStrictEqual(decide(chatEnv(), places.aiIdle, threadEvents.optOut).work, [])
    assert.lengthOf(orders(decide(chatEnv(), chatPlaces.human, threadEvents.optOut), "Note"), 1)
  })
})

describe("calls", () => {
  it("that end close the session, unless a human has it", () => {
    assert.strictEqual(after(places.aiIdle, threadEvents.callEnded).state, "closed")
    const decision = decide(chatEnv(), chatPlaces.human, threadEvents.callEnded)
    assert.strictEqual(decision.session?.state, "human")
    assert.lengthOf(orders(decision, "Note"), 1)
  })

  it("of another assistant are kept in order, answered by nobody, and handed over when wanted", () => {
    const kept = decide(chatEnv(), null, threadEvents.transcript)
    assert.deepStrictEqual(bodies(kept), ["CustomerMessage", "AssistantLine", "CustomerMessage"])
    assert.deepStrictEqual(kept.work, [])
    const wanted = decide(chatEnv(), null, threadEvents.transcriptToHuman)
    assert.lengthOf(orders(wanted, "OpenChat"), 1)
  })
})
