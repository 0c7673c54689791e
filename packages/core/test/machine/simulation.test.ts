/** Hundreds of random lives of a conversation. A failing one prints its seed and its story. */
import { assert, describe, it } from "@effect/vitest"
import type { Session } from "../../src/index.ts"
import { message, type SettingsInput } from "../support/fixtures.ts"
import { random } from "../support/random.ts"
import { World } from "../support/World.ts"

const runs = Number(process.env["OPENCX_SIMULATIONS"] ?? 200)
const firstSeed = Number(process.env["OPENCX_SEED"] ?? 1)
const stepsPerRun = 120

const settingsOf = (seed: number): NonNullable<SettingsInput["handoff"]> => ({
  ticketForEveryConversation: seed % 3 === 0,
  tellCustomer: seed % 5 !== 0,
  noHumanMinutes: seed % 2 === 0 ? 10 : null,
  noHuman: seed % 4 === 0 ? "return_to_ai" : "tell_customer",
  idleMinutes: seed % 7 === 0 ? 60 : null,
  maxAnswersPerTenMinutes: seed % 6 === 0 ? 2 : 50,
})

const customer = (world: World): void => {
  const automatic = world.dice.chance(0.15) ? "an auto-reply" : null
  const text = world.dice.chance(0.1) ? "/end" : "hello?"
  world.apply(world.current, message({ automatic, text, subject: null }))
}

const unread = (world: World, ticketId: string): boolean => {
  const known = world.entries.map((e) => (e.body._tag === "HumanReply" ? e.body.commentId : null))
  return world.desk.tickets.some((t) => t.id === ticketId && t.comments.some((c) => !known.includes(c)))
}

const signal = (world: World, ticketId: string, sessionId: Session["id"], statusHint: string): void => {
  const ticket = world.desk.tickets.find((t) => t.id === ticketId)
  const session = world.sessions.find((s) => s.id === sessionId) ?? null
  if (ticket !== undefined) world.apply(session, { _tag: "TicketSignal", ticketId: ticket.id, statusHint })
}

const human = (world: World): void => {
  const open = world.desk.tickets.filter((t) => t.status !== "closed")
  if (open.length === 0) return
  const ticket = world.dice.pick(open)
  if (world.dice.chance(0.6)) {
    world.desk.reply(ticket)
    ticket.status = world.dice.pick(["open", "pending", "solved"])
  } else {
    // A help desk closes tickets days after the last word: nothing is unread on them then.
    ticket.status = world.dice.chance(0.4) && !unread(world, ticket.id) ? "closed" : "solved"
  }
  // A webhook may be lost, and it may come twice.
  const times = world.dice.pick([0, 1, 1, 1, 2])
  for (let i = 0; i < times; i++) signal(world, ticket.id, ticket.sessionId, ticket.status)
}

const operator = (world: World): void => {
  const command = world.dice.pick(["take_over", "hand_back", "hand_back", "close"] as const)
  if (world.current !== null) world.apply(world.current, { _tag: "OperatorCommand", command, by: "Olga" })
}

const moveWork = (world: World): void => {
  const { dice, running } = world
  const startable = world.startable.filter((w) => w.queue !== "timer" || dice.chance(0.1))
  if (running.length > 0 && (startable.length === 0 || dice.chance(0.5))) world.finish(dice.pick(running))
  else if (startable.length > 0) world.start(dice.pick(startable))
}

const step = (world: World): void => {
  const roll = world.dice.next()
  if (roll < 0.22) customer(world)
  else if (roll < 0.34) human(world)
  else if (roll < 0.37) operator(world)
  else if (roll < 0.4 && world.dead.length > 0) world.replay(world.dice.pick(world.dead))
  else moveWork(world)
}

/** Nothing may wait for something that will never come. */
const checkLiveness = (world: World): void => {
  for (const s of world.sessions) {
    const outstanding = world.outstanding.filter((w) => w.sessionId === s.id).map((w) => w.task)
    if (s.turn !== null && s.state === "ai") {
      const turn = s.turn.number
      assert.isTrue(
        outstanding.some((t) => t._tag === "Think" && t.turn === turn),
        "a turn in flight has its work",
      )
    }
    if (s.handoffPending) {
      assert.isTrue(
        outstanding.some((t) => t._tag === "OpenTicket" && t.handoff === s.handoffs),
        "a pending handoff has its work",
      )
    }
  }
}

/** No more news from outside, everything succeeds, lost webhooks are made up for, dead letters are replayed. */
const comeToRest = (world: World): void => {
  world.failureRate = 0
  const drain = () => {
    for (let i = 0; i < 2000 && world.outstanding.some((w) => w.queue !== "timer"); i++) {
      const running = world.running[0]
      const next = world.startable.find((w) => w.queue !== "timer")
      if (running !== undefined) world.finish(running)
      else if (next !== undefined) world.start(next)
    }
    assert.isFalse(
      world.outstanding.some((w) => w.queue !== "timer"),
      "the world comes to rest",
    )
  }
  drain()
  while (world.dead.length > 0) {
    const [work] = world.dead
    if (work !== undefined) world.replay(work)
    drain()
  }
  for (const ticket of world.desk.tickets) signal(world, ticket.id, ticket.sessionId, ticket.status)
  drain()
}

const checkNothingLost = (world: World): void => {
  for (const s of world.sessions) {
    if (s.state === "closed") continue
    assert.isAtMost(
      s.customerSeq,
      Math.max(s.answeredSeq, s.forwardedSeq),
      "the customer is answered, or the human has it",
    )
    for (const { body, seq, sessionId } of world.entries) {
      if (sessionId !== s.id || body._tag !== "CustomerMessage" || body.automatic || body.text === "/end")
        continue
      assert.isTrue(world.covered.has(`${s.id}:${seq}`), `message ${seq} was answered or reached a ticket`)
    }
    assert.isNull(s.turn, "no turn is left over")
    assert.isFalse(s.handoffPending, "no handoff is left pending")
  }
}

const checkReplies = (world: World): void => {
  const delivered = world.entries.flatMap((e) => (e.body._tag === "HumanReply" ? [e.body.commentId] : []))
  assert.strictEqual(new Set(delivered).size, delivered.length, "no human reply twice")
  for (const ticket of world.desk.tickets) {
    assert.includeMembers(delivered, ticket.comments, `every reply on ticket ${ticket.id} was handed out`)
  }
}

/** The customer hears of a handoff in the very decision in which Zendesk had confirmed it, and once for each. */
const checkPromises = (world: World): void => {
  for (const { entries } of world.decisions) {
    const said = entries.filter(
      (e) => e.body._tag === "SystemMessage" && e.body.purpose === "handoffConfirmed",
    )
    const confirmed = entries.filter((e) => e.body._tag === "HandoffConfirmed")
    assert.isAtMost(said.length, confirmed.length, "the customer is told after the ticket is there")
  }
}

const live = (seed: number): void => {
  const world = new World(random(seed), settingsOf(seed))
  try {
    for (let i = 0; i < stepsPerRun; i++) {
      step(world)
      checkLiveness(world)
    }
    comeToRest(world)
    checkLiveness(world)
    checkNothingLost(world)
    checkReplies(world)
    checkPromises(world)
  } catch (error) {
    console.log(
      `seed ${seed} (repeat with OPENCX_SEED=${seed} OPENCX_SIMULATIONS=1):\n${world.log.join("\n")}`,
    )
    throw error
  }
}

describe("random lives", () => {
  console.log(`simulating seeds ${firstSeed} to ${firstSeed + runs - 1}`)
  it(`${runs} conversations of ${stepsPerRun} steps keep every promise`, () => {
    for (let seed = firstSeed; seed < firstSeed + runs; seed++) live(seed)
  })
})
