import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { ConversationStore, Ingest, Organizations, Reconciler } from "../../src/index.ts"
import { orgId } from "../support/fixtures.ts"
import { mail, makeRig, settled, signal, texts, write } from "../support/Rig.ts"

describe("the reconciler", () => {
  it.live("makes up for webhooks that never came, once for each change", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      const { pass } = yield* Layer.build(
        Reconciler.layer.pipe(
          Layer.provide(Layer.succeed(ConversationStore, rig.store)),
          Layer.provide(Layer.succeed(Ingest, rig.ingest)),
          Layer.provide(Layer.succeed(Organizations, rig.organizations)),
        ),
      ).pipe(Effect.map((context) => Context.get(context, Reconciler)))
      assert.strictEqual(yield* pass(orgId), 0, "nothing to look at costs no call")
      assert.deepStrictEqual(rig.desk.calls, [])

      yield* write(rig, mail("a human please"))
      yield* settled(rig)
      rig.desk.reply(rig.desk.only(), "here I am")
      for (let i = 0; i < 3; i++) {
        yield* pass(orgId)
        yield* settled(rig)
      }
      assert.strictEqual(texts(rig).filter((words) => words === "here I am").length, 1)
      assert.strictEqual(rig.desk.count("getMany"), 3)
      assert.strictEqual(rig.desk.count("humanComments"), 1, "an unchanged ticket is not read again")
    }).pipe(Effect.scoped),
  )
})

describe("a signal that comes again after it was dealt with", () => {
  it.live("holds back no signal that comes behind it", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      yield* write(rig, mail("a human please"))
      yield* settled(rig)
      const ticket = rig.desk.only()
      yield* signal(rig, ticket, "open", "poll:1")
      yield* settled(rig)
      yield* signal(rig, ticket, "open", "poll:1")
      rig.desk.reply(ticket, "here I am")
      yield* signal(rig, ticket, "open", "zendesk:2")
      yield* settled(rig)
      assert.include(texts(rig), "here I am")
    }).pipe(Effect.scoped),
  )

  it.live("a burst of signals sets off one look, and loses nothing", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      yield* write(rig, mail("a human please"))
      yield* settled(rig)
      const ticket = rig.desk.only()
      const before = rig.desk.count("humanComments")
      for (let i = 0; i < 20; i++) {
        if (i % 5 === 0) rig.desk.reply(ticket, `reply ${i}`)
        yield* signal(rig, ticket, "open", `zendesk:${i}`)
      }
      yield* settled(rig)
      assert.deepStrictEqual(
        texts(rig).filter((words) => words.startsWith("reply")),
        ["reply 0", "reply 5", "reply 10", "reply 15"],
      )
      assert.isBelow(rig.desk.count("humanComments") - before, 20)
    }).pipe(Effect.scoped),
  )
})
