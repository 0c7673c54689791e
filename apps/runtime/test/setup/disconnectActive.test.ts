/** Disconnecting while a human has a ticket and another one a live chat: both are finished where they are, then all of ours goes. */
import { assert, describe, it } from "@effect/vitest"
import { ConversationStore, type Session } from "@opencx/core"
import { applyDisconnect } from "@opencx/zendesk"
import { Effect } from "effect"
import { sendMail } from "../../src/demo/sendMail.ts"
import { startWorld, type World } from "../../src/demo/world.ts"
import { background } from "../../src/Runtime.ts"
import { activeConversations, noChoice, setupInput } from "../../src/setup/account.ts"
import { chatWith, humanDoes } from "../../src/tour/chats.ts"
import { mailsTo, tickets, until, users } from "../../src/tour/observe.ts"
import { organizationOf, within } from "../../src/tour/setupSteps.ts"
import { inFolder, run } from "../support/run.ts"

const customer = "dana@example.com"
const phone = "+14155550199"
const wants = "I want to talk to a human, please."
const ports = { http: 0, emulator: 0, smtp: 0, sink: 0 }

const mail = (world: World) => {
  const [host = "", port = ""] = world.urls.smtp.split(":")
  const to = world.urls.supportAddress
  return sendMail({ host, port: Number(port), from: customer, to, subject: "Brakes", text: wants })
}

/** What `opencx disconnect zendesk` does. */
const disconnect = (world: World) =>
  within(
    world,
    Effect.gen(function* () {
      const { id } = yield* organizationOf
      const active = yield* activeConversations(id)
      const report = yield* applyDisconnect({
        ...(yield* setupInput(yield* organizationOf, noChoice)),
        active,
      })
      return { active, report }
    }),
  )

/** Looks at the conversations until they are as is wanted. */
const untilAll = (
  world: World,
  what: string,
  isReached: (sessions: ReadonlyArray<Session>, active: number) => boolean,
) =>
  within(
    world,
    Effect.gen(function* () {
      const { id } = yield* organizationOf
      const store = yield* ConversationStore
      for (;;) {
        const sessions = yield* store.sessions(id, { limit: 10 })
        if (isReached(sessions, yield* activeConversations(id))) return
        yield* Effect.sleep("100 millis")
      }
    }).pipe(
      Effect.timeoutOrElse({
        duration: "40 seconds",
        orElse: () => Effect.die(`not seen: ${what}`),
      }),
    ),
  )

const webhooks = ({ emulator }: World): ReadonlyArray<unknown> => {
  const all = emulator.state(["webhooks"])["webhooks"]
  return Array.isArray(all) ? all : []
}

const story = Effect.fnUntraced(function* (world: World) {
  yield* mail(world)
  yield* Effect.promise(() => world.people.text(phone, wants))
  const ticket = yield* until("the ticket", () => tickets(world).find(({ tags }) => tags.includes("opencx")))
  const chat = yield* chatWith(world, wants)
  yield* untilAll(
    world,
    "both handoffs are confirmed",
    (sessions) => sessions.length === 2 && sessions.every(({ handoffPending }) => !handoffPending),
  )
  const first = yield* disconnect(world)
  assert.strictEqual(first.active, 2)
  assert.deepStrictEqual(first.report.failed, [])
  assert.isTrue(first.report.done.every(({ id }) => id === "default_responder"))
  assert.match(first.report.byHand.join(), /2 conversations are still with humans/)
  assert.isAbove(webhooks(world).length, 0)

  world.emulator.agent(ticket.id, { action: "reply", body: "Bring it in, says Sam." })
  yield* humanDoes(world, chat, { action: "reply", body: "On its way, says Robin." })
  yield* until("the reply by mail", () =>
    mailsTo(world, customer).some(({ text }) => text.includes("says Sam")),
  )
  yield* until("the reply by SMS", () =>
    world.people.texts(phone).some(({ from, text }) => from === "shop" && text.includes("says Robin")),
  )

  world.emulator.agent(ticket.id, { action: "solve" })
  yield* humanDoes(world, chat, { action: "solve" })
  yield* humanDoes(world, chat, { action: "close" })
  yield* untilAll(world, "nobody waits for a human any more", (_, active) => active === 0)
  const before = [tickets(world).map(({ comments, id }) => [id, comments.length]), users(world).length]
  const last = yield* disconnect(world)
  assert.strictEqual(last.active, 0)
  assert.deepStrictEqual(last.report.failed, [])
  assert.isAbove(last.report.done.length, 3)
  assert.deepStrictEqual(webhooks(world), [])
  const after = [tickets(world).map(({ comments, id }) => [id, comments.length]), users(world).length]
  assert.deepStrictEqual(after, before, "tickets with their comments and customers are untouched")
  const again = yield* chatWith(world, "says Robin")
  assert.isAbove(again.transcript.length, 1, "the conversation is still there to be read")
  assert.deepStrictEqual((yield* disconnect(world)).report.done, [])
})

describe("opencx disconnect with open conversations", { timeout: 120_000 }, () => {
  it("a ticket and a live chat are finished where they are", () =>
    inFolder((dataDir) =>
      run(
        Effect.scoped(
          Effect.gen(function* () {
            const world = yield* startWorld({ dataDir, ports, tuning: { reconcileSeconds: 1 } })
            yield* Effect.forkScoped(Effect.provide(background, world.services))
            yield* story(world)
          }),
        ),
      ),
    ))
})
