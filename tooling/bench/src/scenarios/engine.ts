/** What the engine adds between a customer's (or a human's) words and the provider that carries the answer. */
import { CustomerText, SupportAgent, type TurnResult } from "@opencx/core"
import type { World } from "@opencx/runtime"
import { Context, Effect } from "effect"
import type { Bench } from "../report/Bench.ts"
import type { Figure } from "../report/Figure.ts"
import { type Spread, spreadOf } from "../report/stats.ts"
import { openMailer } from "./mailer.ts"
import { calm, mailNumber, quietWorld, ticketOf, wantsHuman, write } from "./world.ts"

const rounds = 40

const numbers = Array.from({ length: rounds }, (_, n) => n)

type Send = Effect.Success<ReturnType<typeof openMailer>>

/**
 * A customer's mail leaves the mail program; the AI's answer is in the customer's mailbox. In milliseconds: two SMTP
 * transactions, the journal, and everything that the engine does in between.
 */
const answered = Effect.fnUntraced(function* (world: World, send: Send, from: string) {
  const startedAt = Date.now()
  const to = world.urls.supportAddress
  yield* send({ from, to, subject: "About my order", text: "Hello, how long does standard shipping take?" })
  const mail = yield* mailNumber(world, from, 1)
  return mail.receivedAt - startedAt
})

/** A human's click in Zendesk to the mail in the customer's mailbox: webhook, one call for the comment, send. */
const replied = Effect.fnUntraced(function* (world: World, ticketId: number, from: string, mail: number) {
  const clickedAt = Date.now()
  world.emulator.agent(ticketId, { action: "reply", body: `Answer ${mail}` })
  const received = yield* mailNumber(world, from, mail)
  return received.receivedAt - clickedAt
})

const letterTo = (world: World, n: number) => ({
  from: world.urls.supportAddress,
  to: `bare${n}@example.com`,
  subject: "Re: About my order",
  text: "It takes three days.",
})

const trivial: TurnResult = {
  _tag: "Answer",
  text: CustomerText.make("It takes three days."),
  sources: [],
  confidence: 1,
  language: "en",
  trace: { agent: "bench", queries: [], hits: [], signals: {}, latencyMs: 0 },
}

/**
 * Answers from now on without thinking: what is left is the engine. The runtime chooses its agent itself, so the
 * agent that it has chosen is made trivial.
 */
const withoutThinking = (world: World) =>
  Effect.sync(() => {
    Object.assign(Context.get(world.services, SupportAgent), { respond: () => Effect.succeed(trivial) })
  })

const figures = (name: string, ours: Spread, bare: Spread, target: boolean): ReadonlyArray<Figure> => [
  {
    name: `${name}, p50`,
    value: ours.p50,
    unit: "ms",
    beside: { name: "bare nodemailer send", value: bare.p50 },
    ...(target ? { target: { of: "value", atMost: 100 } as const } : {}),
  },
  {
    name: `${name}, p99`,
    value: ours.p99,
    unit: "ms",
    beside: { name: "bare nodemailer send", value: bare.p99 },
  },
]

export const engine: Bench = Effect.scoped(
  Effect.gen(function* () {
    const world = yield* quietWorld
    const toRuntime = yield* openMailer(world.urls.smtp)
    const toSink = yield* openMailer(world.urls.sink)
    const sendBare = (n: number) => toSink(letterTo(world, n))
    yield* Effect.forEach(numbers.slice(0, 10), (n) => answered(world, toRuntime, `warm${n}@example.com`))
    yield* Effect.forEach(numbers.slice(0, 10), (n) => sendBare(1000 + n))
    const bare = spreadOf(yield* Effect.forEach(numbers, sendBare))
    const thinking = spreadOf(
      yield* Effect.forEach(numbers, (n) => answered(world, toRuntime, `ask${n}@example.com`)),
    )
    const human = "human@example.com"
    yield* write(world, { from: human, text: wantsHuman })
    const ticket = yield* ticketOf(world, human)
    yield* calm(world)
    const replies = spreadOf(
      // The first mail told the customer of the handoff. Zendesk takes 30 updates of a ticket in 10 minutes.
      yield* Effect.forEach(numbers.slice(0, 25), (n) => replied(world, ticket.id, human, n + 2)),
    )
    yield* withoutThinking(world)
    const plain = spreadOf(
      yield* Effect.forEach(numbers, (n) => answered(world, toRuntime, `plain${n}@example.com`)),
    )
    return {
      figures: [
        ...figures("customer's mail sent to answer sent, trivial agent", plain, bare, true),
        ...figures("customer's mail sent to answer sent, embedded agent", thinking, bare, false),
        ...figures("human's reply in Zendesk to mail sent", replies, bare, false),
      ],
      remark:
        "All SMTP connections are open already. The mail path has two SMTP transactions, the bare send one.",
    }
  }),
)
