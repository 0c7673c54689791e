/**
 * One lane, its work queues and a help desk, moved by dice: events come in any order, work is begun and ends with anything
 * between, tries fail or succeed. The machine under it is the real one.
 */
import {
  decide,
  type Decision,
  type Entry,
  type MachineEvent,
  type Outcome,
  type Session,
  type Work,
} from "../../src/index.ts"
import { Desk } from "./Desk.ts"
import { carryOut } from "./carryOut.ts"
import { comment, env, ids, now, type SettingsInput, work as makeWork } from "./fixtures.ts"
import { checkDecision } from "./invariants.ts"
import type { Random } from "./random.ts"

interface Running {
  readonly work: Work
  readonly outcome: Outcome
}

export class World {
  readonly dice: Random
  readonly desk = new Desk()
  readonly sessions: Array<Session> = []
  readonly entries: Array<Entry> = []
  /** Ordered, not begun. */
  readonly waiting: Array<Work> = []
  /** Begun: what will come of it is settled, the lane does not know yet. At most one per queue and session. */
  readonly running: Array<Running> = []
  readonly dead: Array<Work> = []
  readonly log: Array<string> = []
  /** `session:seq` of customer messages that were answered, apologized for, or really put on a ticket. */
  readonly covered = new Set<string>()
  readonly decisions: Array<Decision> = []
  /** Work that fails: none while the world comes to rest. */
  failureRate = 0.15
  clock = now
  readonly #handoff: NonNullable<SettingsInput["handoff"]>
  readonly #newId = ids()

  constructor(dice: Random, handoff: NonNullable<SettingsInput["handoff"]>) {
    this.dice = dice
    this.#handoff = handoff
  }

  /** The session that an unaddressed event concerns. */
  get current(): Session | null {
    return this.sessions.findLast((s) => s.state !== "closed") ?? this.sessions.at(-1) ?? null
  }

  apply(before: Session | null, event: MachineEvent): void {
    this.clock += 1000
    const decision = decide(env(this.#handoff, this.clock, this.#newId), before, event)
    this.log.push(`${describe(before)} × ${describeEvent(event)} → ${describe(decision.session)}`)
    checkDecision(before, event, decision, this.log.at(-1) ?? "")
    this.decisions.push(decision)
    const { session } = decision
    if (session === null) return
    const at = this.sessions.findIndex((s) => s.id === session.id)
    if (at < 0) this.sessions.push(session)
    else this.sessions[at] = session
    this.entries.push(...decision.entries)
    for (const { id, notBefore, queue, task } of decision.work) {
      this.waiting.push(makeWork(task, { id, sessionId: session.id, queue, notBefore, status: "pending" }))
    }
  }

  /** Work whose turn it is: the oldest of each queue of each session where nothing runs. */
  get startable(): ReadonlyArray<Work> {
    const taken = new Set(this.running.map(({ work }) => `${work.sessionId}${work.queue}`))
    return this.waiting.filter((work) => {
      const key = `${work.sessionId}${work.queue}`
      if (work.queue !== "timer" && taken.has(key)) return false
      taken.add(key)
      return true
    })
  }

  start(work: Work): void {
    this.waiting.splice(this.waiting.indexOf(work), 1)
    const session = this.sessions.find((s) => s.id === work.sessionId)
    if (session === undefined) throw new Error("work without a session")
    const outcome = carryOut(this, session, work)
    this.log.push(`begun ${work.task._tag}: ${outcome._tag}`)
    this.running.push({ work, outcome })
  }

  finish(done: Running): void {
    this.running.splice(this.running.indexOf(done), 1)
    const { outcome, work } = done
    if (outcome._tag === "Failed") this.dead.push(work)
    this.#noteWhatIsCovered(done)
    const before = this.sessions.find((s) => s.id === work.sessionId) ?? null
    const spoken = work.task._tag === "Deliver" ? this.#deliveryId(work.sessionId, work.task.seq) : null
    this.apply(before, { _tag: "WorkDone", work, outcome, deliveryId: spoken })
  }

  cover(sessionId: Session["id"], after: number, upTo: number): void {
    for (let seq = after + 1; seq <= upTo; seq++) this.covered.add(`${sessionId}:${seq}`)
  }

  #noteWhatIsCovered({ outcome, work }: Running): void {
    const session = this.sessions.find((s) => s.id === work.sessionId)
    if (session === undefined) return
    const current = session.state === "ai" && session.turn !== null
    if (outcome._tag === "Answered" && current && session.turn.number === outcome.turn) {
      this.cover(session.id, 0, outcome.upToSeq)
    }
    if (outcome._tag === "Failed" && work.task._tag === "OpenTicket" && session.state === "handing_off") {
      this.cover(session.id, 0, work.task.upToSeq)
    }
  }

  replay(work: Work): void {
    this.dead.splice(this.dead.indexOf(work), 1)
    this.log.push(`replay ${work.task._tag}`)
    this.waiting.push({ ...work, epoch: work.epoch + 1 })
  }

  /** Work that the lane has not heard the end of. */
  get outstanding(): ReadonlyArray<Work> {
    return [...this.waiting, ...this.running.map((r) => r.work)]
  }

  #deliveryId(sessionId: Session["id"], seq: number) {
    const body = this.entries.find((e) => e.sessionId === sessionId && e.seq === seq)?.body
    return body !== undefined && "deliveryId" in body && body._tag !== "DeliveryUpdate"
      ? body.deliveryId
      : null
  }

  /** A page as a help desk may give it: all since the cursor, or older ones again, or one twice. */
  page(session: Session, ticketId: string): Extract<Outcome, { _tag: "TicketSynced" }>["comments"] {
    const ticket = this.desk.tickets.find((t) => t.id === ticketId)
    const after = session.ticket?.ticketId === ticketId ? session.ticket.commentCursor : null
    const all = (ticket?.comments ?? []).map((id) => comment(id))
    const overlap = this.dice.chance(0.3)
    const fresh = all.filter((c) => overlap || after === null || Number(c.commentId) > Number(after))
    const again = fresh[0]
    return again !== undefined && this.dice.chance(0.2) ? [...fresh, again] : fresh
  }
}

const describe = (s: Session | null): string =>
  s === null
    ? "none"
    : `${s.state}${s.handoffPending ? " pending" : ""}${s.turn === null ? "" : ` turn ${s.turn.number}`} c${s.customerSeq} a${s.answeredSeq} f${s.forwardedSeq} t${s.ticket?.ticketId ?? "-"}`

const describeEvent = (event: MachineEvent): string => {
  switch (event._tag) {
    case "WorkDone":
      return `${event.work.task._tag}:${event.outcome._tag}`
    case "OperatorCommand":
      return event.command
    case "CustomerMessage":
      return `message ${event.automatic === null ? event.text : "(automatic)"}`
    default:
      return event._tag
  }
}
