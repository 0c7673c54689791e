/** The guided check against the demonstration's world, with a scripted customer and a scripted human. */
import { assert, describe, it } from "@effect/vitest"
import type { Session } from "@opencx/core"
import { Duration, Effect } from "effect"
import { sendMail } from "../../src/demo/sendMail.ts"
import { startWorld, type World } from "../../src/demo/world.ts"
import { Settings } from "../../src/layers/Settings.ts"
import { background } from "../../src/Runtime.ts"
import { runE2e } from "../../src/setup/e2e/run.ts"
import type { StepName } from "../../src/setup/e2e/steps.ts"
import { chatWith, humanDoes } from "../../src/tour/chats.ts"
import { inFolder, run } from "../support/run.ts"

const timeout = 120_000
const ports = { http: 0, emulator: 0, smtp: 0, sink: 0 }

type Act = (step: StepName, session: Session | null) => Effect.Effect<void, unknown>

/** Runs the check in a fresh world; `act` is the person. */
const checked = (act: (world: World) => Act, patience: Duration.Input = "40 seconds") =>
  inFolder((dataDir) =>
    run(
      Effect.scoped(
        Effect.gen(function* () {
          const world = yield* startWorld({ dataDir, ports, tuning: { reconcileSeconds: 1 } })
          yield* Effect.forkScoped(Effect.provide(background, world.services))
          const person = act(world)
          const check = Effect.gen(function* () {
            const [organization] = (yield* Settings).config.organizations
            if (organization === undefined) throw new Error("the demonstration has an organization")
            return yield* runE2e({
              organization,
              patience,
              every: "50 millis",
              tell: (step, _, session) => Effect.orDie(person(step, session)),
            })
          })
          return yield* Effect.provide(check, world.services)
        }),
      ),
    ),
  )

const mail = (world: World, text: string) => {
  const [host = "", port = ""] = world.urls.smtp.split(":")
  return sendMail({
    host,
    port: Number(port),
    from: "dana@example.com",
    to: world.urls.supportAddress,
    subject: "A question",
    text,
  })
}

/** The human on the ticket path. */
const onTicket = (world: World, session: Session | null, action: object) =>
  Effect.sync(() => world.emulator.agent(Number(session?.ticket?.ticketId), action))

const wants = "I want to talk to a human, please."
const text = (world: World, words: string) => Effect.promise(() => world.people.text("+14155550199", words))

describe("opencx verify-e2e", { timeout }, () => {
  it("by ticket: handoff, reply, solve, handback", async () => {
    const { ok, steps } = await checked((world) => (step, session) => {
      switch (step) {
        case "message":
          return mail(world, wants)
        case "reply":
          return onTicket(world, session, { action: "reply", body: "Hello, Sam here." })
        case "solve_and_close":
          return onTicket(world, session, { action: "solve" })
        case "handback":
          return mail(world, "How do I reset my password?")
        case "handoff":
          return Effect.void
      }
    })
    assert.isTrue(ok, JSON.stringify(steps))
    assert.deepStrictEqual(
      steps.map(({ step }) => step),
      ["message", "handoff", "reply", "solve_and_close", "handback"],
    )
    assert.match(steps[1]?.said ?? "", /ticket \d+/)
    assert.include(steps[2]?.said, "delivered on the customer's channel")
  })

  it("by live chat: the chat comes back when its ticket is closed", async () => {
    const { ok, steps } = await checked((world) => (step) => {
      const human = (action: object) =>
        Effect.flatMap(chatWith(world, wants), (chat) => humanDoes(world, chat, { ...action }))
      switch (step) {
        case "message":
          return text(world, wants)
        case "reply":
          return human({ action: "reply", body: "Hello, Robin here." })
        case "solve_and_close":
          return Effect.andThen(human({ action: "solve" }), human({ action: "close" }))
        case "handback":
          return text(world, "How do I reset my password?")
        case "handoff":
          return Effect.void
      }
    })
    assert.isTrue(ok, JSON.stringify(steps))
    assert.include(steps[1]?.said, "live chat")
  })

  it("solved and not closed: says that the ticket has not gone from Solved to Closed", async () => {
    const { ok, steps } = await checked(
      (world) => (step) => {
        const human = (action: object) =>
          Effect.flatMap(chatWith(world, wants), (chat) => humanDoes(world, chat, { ...action }))
        if (step === "message") return text(world, wants)
        if (step === "reply") return human({ action: "reply", body: "Hello" })
        return step === "solve_and_close" ? human({ action: "solve" }) : Effect.void
      },
      "12 seconds",
    )
    assert.isFalse(ok)
    assert.strictEqual(steps.at(-1)?.step, "solve_and_close")
    assert.include(steps.at(-1)?.said, "has not gone from Solved to Closed yet")
  })

  it("an internal note is no reply: says how to reply", async () => {
    const { steps } = await checked(
      (world) => (step, session) => {
        if (step === "message") return mail(world, wants)
        return step === "reply"
          ? onTicket(world, session, { action: "note", body: "only a note" })
          : Effect.void
      },
      "12 seconds",
    )
    assert.strictEqual(steps.at(-1)?.step, "reply")
    assert.isFalse(steps.at(-1)?.ok)
    assert.include(steps.at(-1)?.fix, "posted as Public reply, not Internal note")
  })
})
