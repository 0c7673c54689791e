/** A fresh account, set up by nothing but `applySetup`: what it made does the work, and the AI is introduced step by step. */
import { assert, describe, it } from "@effect/vitest"
import { applySetup } from "@opencx/zendesk"
import { type Emulator, make as makeEmulator } from "@opencx/zendesk-emulator"
import { Effect, Layer, Schema } from "effect"
import { checkConfig } from "../../src/config/load.ts"
import { demoConfig, supportAddress } from "../../src/demo/config.ts"
import { makeMailSink } from "../../src/demo/MailSink.ts"
import { freePort } from "../../src/demo/ports.ts"
import { sampleSeed } from "../../src/demo/sampleAccount.ts"
import { sendMail } from "../../src/demo/sendMail.ts"
import { Settings } from "../../src/layers/Settings.ts"
import { Sync } from "../../src/layers/Sync.ts"
import { background, noExtras, runtimeLayer } from "../../src/Runtime.ts"
import { noChoice, setupInput } from "../../src/setup/account.ts"
import { known, mailsTo, tickets, until } from "../../src/tour/observe.ts"
import { inFolder, run } from "../support/run.ts"

const host = "127.0.0.1"
const customer = "dana@example.com"

/** A runtime on a fresh account, with more in the organization's settings. Nothing is set up yet. */
const freshWorld = (dataDir: string, more: object = {}) =>
  Effect.gen(function* () {
    const emulator = yield* makeEmulator({ subdomain: "larkspoke", seed: sampleSeed, timeScale: 0.1 })
    const sink = yield* makeMailSink({ host, port: 0 })
    const [port, smtpPort] = [yield* freePort(host, 0), yield* freePort(host, 0)]
    const places = { host, port, smtpPort, sinkPort: sink.port, emulatorUrl: emulator.url, dataDir }
    // Nobody looks for lost webhooks within this test: what arrives came by the webhook.
    const raw = demoConfig(places, { reconcileSeconds: 3_600 })
    const organizations = raw.organizations.map((one) => ({ ...one, ...more }))
    const config = yield* checkConfig({ ...raw, organizations }, {}, "the test")
    const services = yield* Layer.build(runtimeLayer(config, noExtras))
    yield* Effect.forkScoped(Effect.provide(background, services))
    const sync = Effect.flatMap(Sync, ({ run: runOne, sources }) =>
      Effect.forEach(sources, (one) => runOne(one)),
    )
    yield* Effect.provide(sync, services)
    const setUp = Effect.gen(function* () {
      const organization = yield* known((yield* Settings).config.organizations[0], "the organization")
      return yield* applySetup(yield* setupInput(organization, noChoice), { irreversible: false })
    })
    const write = (text: string) =>
      sendMail({ host, port: smtpPort, from: customer, to: supportAddress, subject: "Brakes", text })
    return { emulator, sink, write, setUp: Effect.provide(setUp, services) }
  })

const Deliveries = Schema.decodeUnknownSync(
  Schema.Array(
    Schema.Struct({ attempts: Schema.Array(Schema.Struct({ status: Schema.NullOr(Schema.Number) })) }),
  ),
)
const statuses = (emulator: Emulator) =>
  Deliveries(emulator.deliveries()).flatMap(({ attempts }) => attempts.map(({ status }) => status))

describe("a fresh account", { timeout: 60_000 }, () => {
  it("after setup: a signed webhook brings the reply once, notes stay inside, and nothing of ours comes back", () =>
    inFolder((dataDir) =>
      run(
        Effect.scoped(
          Effect.gen(function* () {
            const world = yield* freshWorld(dataDir)
            const { emulator, setUp, sink, write } = world
            assert.deepStrictEqual((yield* setUp).failed, [])
            yield* write("I want to talk to a human, please.")
            const ticket = yield* until("the ticket", () => tickets(world)[0])
            yield* until("the word of the handoff", () => mailsTo(world, customer)[0])
            emulator.agent(ticket.id, { action: "note", body: "INTERNAL: regular customer" })
            emulator.agent(ticket.id, { action: "reply", body: "Hello Dana, bring it in today." })
            yield* until("the reply", () =>
              mailsTo(world, customer).find(({ text }) => text.includes("bring it in today")),
            )
            const before = emulator.deliveries().length
            // The customer's words are added by our own user: the trigger leaves that out.
            yield* write("Also, may I get a bell?")
            yield* until("the words on a ticket", () =>
              tickets(world).some(({ comments }) => comments.some(({ body }) => body.includes("get a bell"))),
            )
            assert.strictEqual(emulator.deliveries().length, before)
            assert.isAbove(before, 0)
            assert.isTrue(statuses(emulator).every((status) => status === 200))
            assert.isFalse(sink.mails().some(({ text }) => text.includes("INTERNAL")))
            const replies = mailsTo(world, customer).filter(({ text }) => text.includes("bring it in today"))
            assert.lengthOf(new Set(replies.map(({ messageId }) => messageId)), 1)
            // Zendesk's own mail about the comment is kept away.
            assert.isFalse(JSON.stringify(emulator.notifications()).includes("bring it in today"))
          }),
        ),
      ),
    ))

  it("a channel that the AI does not take yet: straight to a human, and Zendesk's own mail would come twice without setup", () =>
    inFolder((dataDir) =>
      run(
        Effect.scoped(
          Effect.gen(function* () {
            const world = yield* freshWorld(dataDir, { rollout: { channels: ["sms"] } })
            yield* world.write("How do I reset my password?")
            const ticket = yield* until("the ticket", () => tickets(world)[0])
            assert.include(ticket.comments[0]?.body, "the AI does not take this conversation yet")
            const mails = mailsTo(world, customer)
            assert.isFalse(mails.some(({ text }) => text.includes("/hc/")))
            world.emulator.agent(ticket.id, { action: "reply", body: "Use the link, says Sam." })
            assert.isTrue(JSON.stringify(world.emulator.notifications()).includes("says Sam"))
          }),
        ),
      ),
    ))
})
