import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { applyDisconnect, applySetup, planDisconnect, planSetup } from "../../src/setup/index.ts"
import { createdTicket } from "../fake/emulator.ts"
import { ticketingOf } from "../../src/index.ts"
import { connectionTo } from "../fake/emulator.ts"
import { overHttp } from "../fake/http.ts"
import { openSetup, writesOf } from "../fake/setup.ts"

const agreed = { irreversible: true }

/** What an account looks like to somebody who compares two moments; ids of deleted things and times are left out. */
const pictureOf = ({ emulator, sunshine, support }: Effect.Success<ReturnType<typeof openSetup>>) =>
  Effect.gen(function* () {
    const read = (path: string) =>
      support.json(Schema.Unknown, { method: "GET", path, query: { "page[size]": "100" } })
    const app = (path: string) => sunshine.json(Schema.Unknown, { method: "GET", path })
    const text = JSON.stringify([
      emulator.state(["webhooks"])["webhooks"],
      yield* read("/api/v2/triggers"),
      yield* app("/integrations"),
      yield* app("/switchboards"),
    ])
    return text.replaceAll(/"updated_at":"[^"]*"/g, "")
  })

describe("disconnecting", () => {
  it.live("leaves the account as it was before", () =>
    Effect.gen(function* () {
      const world = yield* openSetup({ messaging: { choose: ["whatsapp", "web"] } })
      const before = yield* pictureOf(world)
      yield* applySetup(world.input(), agreed)
      assert.notStrictEqual(yield* pictureOf(world), before)
      const report = yield* applyDisconnect({ ...world.input(), active: 0 })
      assert.deepStrictEqual(report.failed, [])
      assert.strictEqual(yield* pictureOf(world), before)
      assert.strictEqual(world.kept.size, 0)
      world.emulator.clearCalls()
      assert.deepStrictEqual((yield* applyDisconnect({ ...world.input(), active: 0 })).done, [])
      assert.deepStrictEqual(writesOf(world.emulator), [])
    }).pipe(overHttp),
  )

  it.live("with open conversations only the channels go back; the rest stays until they are over", () =>
    Effect.gen(function* () {
      const world = yield* openSetup({ messaging: { choose: ["whatsapp"] } })
      yield* applySetup(world.input(), agreed)
      const waiting = yield* applyDisconnect({ ...world.input(), active: 2 })
      assert.deepStrictEqual(
        waiting.done.map(({ id }) => id),
        ["default_responder"],
      )
      assert.include(waiting.byHand.join("\n"), "2 conversations are still with humans")
      const left = (yield* planSetup(world.input())).steps.map(({ id }) => id)
      // The options still ask for the channel; everything else is as it was.
      assert.deepStrictEqual(left, ["default_responder"])
      assert.isAbove(world.kept.size, 0)
      const rest = yield* planDisconnect({ ...world.input(), active: 0 })
      assert.isAbove(rest.steps.length, 5)
    }).pipe(overHttp),
  )

  it.live("tickets, customers and a foreign trigger stay; our webhook waits for the trigger", () =>
    Effect.gen(function* () {
      const world = yield* openSetup()
      yield* applySetup(world.input(), agreed)
      yield* createdTicket(ticketingOf(connectionTo(world.emulator), world.support))
      const users = world.emulator.counts()
      const Webhooks = Schema.Struct({
        webhooks: Schema.Array(Schema.Struct({ id: Schema.String, name: Schema.String })),
      })
      const { webhooks } = Schema.decodeUnknownSync(Webhooks)(world.emulator.state(["webhooks"]))
      const id = webhooks.find(({ name }) => name === "OpenCX")?.id
      const trigger = {
        title: "VIP pager",
        conditions: { all: [{ field: "update_type", operator: "is", value: "Create" }], any: [] },
        actions: [{ field: "notification_webhook", value: [id, "{}"] }],
      }
      yield* world.support.request({
        method: "POST",
        path: "/api/v2/triggers",
        json: JSON.stringify({ trigger }),
      })
      const report = yield* applyDisconnect({ ...world.input(), active: 0 })
      assert.include(report.byHand.join("\n"), "VIP pager")
      assert.deepStrictEqual(report.failed, [])
      const after = world.emulator.counts()
      assert.strictEqual(after.tickets, users.tickets)
      assert.strictEqual(after.users, users.users)
      assert.include(
        Schema.decodeUnknownSync(Webhooks)(world.emulator.state(["webhooks"])).webhooks.map(
          ({ name }) => name,
        ),
        "OpenCX",
      )
    }).pipe(overHttp),
  )

  it.live("our integration as the account's default is told, not broken", () =>
    Effect.gen(function* () {
      const world = yield* openSetup()
      yield* applySetup(world.input(), agreed)
      const Boards = Schema.Struct({ switchboards: Schema.Array(Schema.Struct({ id: Schema.String })) })
      const Members = Schema.Struct({
        switchboardIntegrations: Schema.Array(Schema.Struct({ id: Schema.String, name: Schema.String })),
      })
      const { switchboards } = yield* world.sunshine.json(Boards, { method: "GET", path: "/switchboards" })
      const path = `/switchboards/${switchboards[0]?.id}`
      const { switchboardIntegrations } = yield* world.sunshine.json(Members, {
        method: "GET",
        path: `${path}/switchboardIntegrations`,
      })
      const ours = switchboardIntegrations.find(({ name }) => name === "opencx")
      const json = JSON.stringify({ defaultSwitchboardIntegrationId: ours?.id })
      yield* world.sunshine.request({ method: "PATCH", path, json })
      const report = yield* applyDisconnect({ ...world.input(), active: 0 })
      assert.include(report.byHand.join("\n"), "default responder")
      assert.notInclude(
        report.done.map(({ id }) => id),
        "integration",
      )
    }).pipe(overHttp),
  )
})
