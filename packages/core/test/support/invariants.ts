/** What must hold after every single decision, whatever the state and the event. */
import { assert } from "@effect/vitest"
import type { Decision, MachineEvent, Session, Task } from "../../src/index.ts"

/** Orders of one kind. */
export const orders = <T extends Task["_tag"]>(
  decision: Decision,
  tag: T,
): ReadonlyArray<Extract<Task, { _tag: T }>> =>
  decision.work.flatMap(({ task }) => (task._tag === tag ? [task as Extract<Task, { _tag: T }>] : []))

export const bodies = (decision: Decision): ReadonlyArray<string> => decision.entries.map((e) => e.body._tag)

const isSilent = (session: Session | null): boolean => session !== null && session.state !== "ai"

/** Checks numbering, silence, queues and references of one decision. */
export const checkDecision = (
  before: Session | null,
  event: MachineEvent,
  decision: Decision,
  what: string,
): void => {
  const { entries, session, work } = decision
  if (session === null) {
    assert.deepStrictEqual(
      [entries.length, work.length, decision.address],
      [0, 0, null],
      `${what}: nothing at all`,
    )
    return
  }
  const from = before?.id === session.id ? before.lastSeq : 0
  entries.forEach((entry, i) => {
    assert.strictEqual(entry.seq, from + 1 + i, `${what}: gapless`)
    assert.strictEqual(entry.sessionId, session.id, `${what}: entries belong to the session`)
  })
  assert.strictEqual(session.lastSeq, from + entries.length, `${what}: lastSeq`)
  assert.isAtMost(session.answeredSeq, session.lastSeq, what)
  assert.isAtMost(session.customerSeq, session.lastSeq, what)

  const thinks = orders(decision, "Think")
  assert.isAtMost(thinks.length, 1, `${what}: at most one turn is begun`)
  for (const think of thinks) {
    assert.deepStrictEqual(
      session.turn,
      { number: think.turn, upToSeq: think.upToSeq },
      `${what}: the turn is in flight`,
    )
    assert.strictEqual(session.state, "ai", `${what}: the AI thinks in state ai only`)
    assert.isTrue(
      before?.turn == null || before.turn.number !== think.turn,
      `${what}: a turn number is used once`,
    )
  }
  for (const { seq } of orders(decision, "Deliver")) {
    const entry = entries.find((e) => e.seq === seq)
    assert.include(
      ["AiAnswer", "HumanReply", "SystemMessage"],
      entry?.body._tag,
      `${what}: only words are delivered`,
    )
    if (entry?.body._tag === "AiAnswer") {
      assert.isFalse(isSilent(before), `${what}: the AI is silent beside a human`)
      assert.isFalse(entry.body.withheld, `${what}: a withheld answer stays here`)
    }
  }
  for (const entry of entries) {
    if (entry.body._tag !== "AiAnswer") continue
    const ordered = orders(decision, "Deliver").some((d) => d.seq === entry.seq)
    assert.strictEqual(ordered, !entry.body.withheld, `${what}: an answer is either sent or withheld`)
  }
  if (session.handoffPending)
    assert.include(["handing_off", "human"], session.state, `${what}: pending means silent`)
  if (event._tag === "CustomerMessage" && event.automatic !== null) {
    assert.deepStrictEqual(work, [], `${what}: an automatic message causes nothing`)
  }
  assert.strictEqual(new Set(work.map((w) => w.id)).size, work.length, `${what}: work ids are unique`)
}
