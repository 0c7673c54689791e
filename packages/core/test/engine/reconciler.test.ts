import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { ConversationStore, Ingest, Organizations, Reconciler } from "../../src/index.ts"
import { orgId } from "../support/fixtures.ts"
import { mail, makeRig, settled, texts, write } from "../support/Rig.ts"

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
