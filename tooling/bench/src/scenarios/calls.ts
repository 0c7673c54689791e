/** Zendesk calls of the main job's steps, counted in the emulator's log. */
import type { World } from "@opencx/runtime"
import { mailsTo } from "@opencx/runtime"
import type { Call } from "@opencx/zendesk-emulator"
import { Effect } from "effect"
import type { Bench } from "../report/Bench.ts"
import type { Figure } from "../report/Figure.ts"
import { apiCalls, calm, lastCall, mailNumber, quietWorld, ticketOf, wantsHuman, write } from "./world.ts"

const rounds = 2

/** Everything that the step makes Zendesk answer, until all is quiet again. */
const during = <A, E, R>(world: World, step: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const since = lastCall(world)
    yield* step
    yield* calm(world)
    return apiCalls(world, since)
  })

const agentDoes = (world: World, ticketId: number, action: object) =>
  Effect.sync(() => world.emulator.agent(ticketId, action))

const handoff = (world: World, from: string, mails: number) =>
  Effect.andThen(write(world, { from, text: wantsHuman }), mailNumber(world, from, mails))

/** One customer from the first mail to the second ticket. */
const story = Effect.fnUntraced(function* (world: World, from: string) {
  const first = yield* during(world, handoff(world, from, 1))
  const ticket = yield* ticketOf(world, from)
  const reply = yield* during(
    world,
    Effect.andThen(
      agentDoes(world, ticket.id, { action: "reply", body: "We are looking into it." }),
      mailNumber(world, from, 2),
    ),
  )
  const said = mailsTo(world, from)[1]
  const answerTo = { from, to: said?.replyTo ?? world.urls.supportAddress, inReplyTo: said?.messageId ?? "" }
  const forward = yield* during(
    world,
    write(world, { ...answerTo, text: "Thank you, when will I hear more?" }),
  )
  const note = yield* during(
    world,
    agentDoes(world, ticket.id, { action: "note", body: "Ask the warehouse." }),
  )
  const solved = yield* during(world, agentDoes(world, ticket.id, { action: "solve" }))
  const again = yield* during(world, write(world, { ...answerTo, text: wantsHuman }))
  yield* during(world, agentDoes(world, ticket.id, { action: "solve" }))
  yield* during(world, agentDoes(world, ticket.id, { action: "close" }))
  const followUp = yield* during(world, write(world, { ...answerTo, text: wantsHuman }))
  return { first, reply, forward, note, solved, again, followUp }
})

type Story = Effect.Success<ReturnType<typeof story>>

const shown = (calls: ReadonlyArray<Call>): string =>
  calls
    .map(
      (call) =>
        `${call.method} ${call.path.replace("/api/v2", "").replaceAll(/\d{3,}|\/\d+/g, (id) => (id.startsWith("/") ? "/:id" : ":id"))}`,
    )
    .join(", ") || "none"

/** The most that any round took; rounds should not differ. */
const figure = (name: string, all: ReadonlyArray<ReadonlyArray<Call>>, atMost?: number): Figure => {
  const most = all.reduce((best, one) => (one.length > best.length ? one : best))
  return {
    name,
    value: most.length,
    unit: "calls",
    ...(atMost === undefined ? {} : { target: { of: "value", atMost } as const }),
    note: shown(most),
  }
}

export const calls: Bench = Effect.scoped(
  Effect.gen(function* () {
    const world = yield* quietWorld
    // The first time, a process also asks who it is and what it may do; afterwards it knows.
    const firstEver = yield* story(world, "first@example.com")
    const strangers = Array.from({ length: rounds }, (_, n) => `stranger${n}@example.com`)
    const all = yield* Effect.forEach(strangers, (from) => story(world, from))
    // Users that Zendesk has, writing to OpenCX for the first time.
    const friends = Array.from({ length: rounds }, (_, n) => `friend${n}@example.com`)
    yield* Effect.forEach(friends, (email) => seedUser(world, email))
    // The emulated user search lags behind, as Zendesk's does.
    world.emulator.advanceClock(60_000)
    const known = yield* Effect.forEach(friends, (from) => during(world, handoff(world, from, 1)))
    const of = (pick: (one: Story) => ReadonlyArray<Call>) => all.map(pick)
    const figures: ReadonlyArray<Figure> = [
      figure("first handoff of a process, new customer", [firstEver.first], 3),
      figure(
        "handoff, customer new to Zendesk",
        of((s) => s.first),
        3,
      ),
      figure("handoff, customer known to Zendesk", known, 2),
      figure(
        "second handoff, ticket still open",
        of((s) => s.again),
        2,
      ),
      figure(
        "second handoff, ticket closed (follow-up)",
        of((s) => s.followUp),
        2,
      ),
      figure(
        "a human's public reply",
        of((s) => s.reply),
        1,
      ),
      figure("first public reply of a process", [firstEver.reply]),
      figure(
        "a customer's message to the human",
        of((s) => s.forward),
      ),
      figure(
        "an internal note",
        of((s) => s.note),
      ),
      figure(
        "ticket solved",
        of((s) => s.solved),
      ),
    ]
    return { figures, remark: null }
  }),
)

/** A ticket that reached Zendesk past OpenCX leaves a user behind. */
const seedUser = (world: World, email: string) =>
  Effect.promise(() =>
    fetch(`${world.emulator.url}/__emulator/tickets`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ requester: { name: "Friend", email }, subject: "Earlier", body: "Hello" }),
    }),
  )
