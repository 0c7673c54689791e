/** What people do to our things in Zendesk by hand, each by itself: deleted, switched off, made twice. Setup makes it good. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { applySetup, planSetup } from "../../src/setup/index.ts"
import { verifySetup } from "../../src/setup/verify/verifySetup.ts"
import { overHttp } from "../fake/http.ts"
import { hookAt, openSetup, writesOf } from "../fake/setup.ts"

const agreed = { irreversible: true }

type World = Effect.Success<ReturnType<typeof openSetup>>

const Id = Schema.Struct({ id: Schema.String })
const Webhook = Schema.Struct({ ...Id.fields, name: Schema.String, endpoint: Schema.String })
const Trigger = Schema.Struct({
  id: Schema.Int,
  title: Schema.String,
  conditions: Schema.Struct({ all: Schema.Array(Schema.Unknown), any: Schema.Array(Schema.Unknown) }),
  actions: Schema.Array(Schema.Unknown),
})
const Integration = Schema.Struct({
  ...Id.fields,
  type: Schema.String,
  webhooks: Schema.optionalKey(Schema.Array(Id)),
})
const Place = Schema.Struct({ ...Id.fields, name: Schema.String })

const webhooksOf = ({ support }: World) =>
  support.json(Schema.Struct({ webhooks: Schema.Array(Webhook) }), {
    method: "GET",
    path: "/api/v2/webhooks",
  })

const triggersOf = ({ support }: World) =>
  support.json(Schema.Struct({ triggers: Schema.Array(Trigger) }), {
    method: "GET",
    path: "/api/v2/triggers",
  })

const integrationsOf = ({ sunshine }: World) =>
  sunshine.json(Schema.Struct({ integrations: Schema.Array(Integration) }), {
    method: "GET",
    path: "/integrations",
  })

const boardOf = Effect.fnUntraced(function* ({ sunshine }: World) {
  const { switchboards } = yield* sunshine.json(Schema.Struct({ switchboards: Schema.Array(Id) }), {
    method: "GET",
    path: "/switchboards",
  })
  const path = `/switchboards/${switchboards[0]?.id}/switchboardIntegrations`
  const found = yield* sunshine.json(Schema.Struct({ switchboardIntegrations: Schema.Array(Place) }), {
    method: "GET",
    path,
  })
  return { path, places: found.switchboardIntegrations }
})

const ourTrigger = (world: World, title: string) =>
  Effect.map(triggersOf(world), ({ triggers }) => triggers.find((one) => one.title.startsWith(title)))

const ourIntegration = (world: World) =>
  Effect.map(integrationsOf(world), ({ integrations }) => integrations.find(({ type }) => type === "custom"))

const drop = (world: World, path: string) => world.support.request({ method: "DELETE", path })
const post = (world: World, path: string, body: object) =>
  world.support.request({ method: "POST", path, json: JSON.stringify(body) })

const deleteTrigger = (title: string) =>
  Effect.fnUntraced(function* (world: World) {
    yield* drop(world, `/api/v2/triggers/${(yield* ourTrigger(world, title))?.id}`)
  })

/** With its triggers, as Zendesk wants it: one that is in use cannot go. */
const deleteWebhook = (name: string, ...titles: ReadonlyArray<string>) =>
  Effect.fnUntraced(function* (world: World) {
    for (const title of titles) yield* deleteTrigger(title)(world)
    const { webhooks } = yield* webhooksOf(world)
    yield* drop(world, `/api/v2/webhooks/${webhooks.find((one) => one.name === name)?.id}`)
  })

const replies = "OpenCX: tell OpenCX about public replies"
const isDeleted: Readonly<Record<string, (world: World) => Effect.Effect<void, unknown>>> = {
  "the trigger for replies": deleteTrigger(replies),
  "the webhook for replies with its trigger": deleteWebhook("OpenCX", replies),
  "the Conversations integration": Effect.fnUntraced(function* (world: World) {
    const ours = yield* ourIntegration(world)
    yield* world.sunshine.request({ method: "DELETE", path: `/integrations/${ours?.id}` })
  }),
  "the webhook of the Conversations integration": Effect.fnUntraced(function* (world: World) {
    const ours = yield* ourIntegration(world)
    const path = `/integrations/${ours?.id}/webhooks/${ours?.webhooks?.[0]?.id}`
    yield* world.sunshine.request({ method: "DELETE", path })
  }),
  "our place in the switchboard": Effect.fnUntraced(function* (world: World) {
    const { path, places } = yield* boardOf(world)
    const ours = places.find(({ name }) => name === "opencx")
    yield* world.sunshine.request({ method: "DELETE", path: `${path}/${ours?.id}` })
  }),
  "the exception in Zendesk's own trigger": Effect.fnUntraced(function* (world: World) {
    const theirs = yield* ourTrigger(world, "Notify requester of comment update")
    const all = (theirs?.conditions.all ?? []).filter((one) => !JSON.stringify(one).includes("current_tags"))
    const conditions = { all, any: theirs?.conditions.any ?? [] }
    yield* world.support.request({
      method: "PUT",
      path: `/api/v2/triggers/${theirs?.id}`,
      json: JSON.stringify({ trigger: { conditions } }),
    })
  }),
}

const isDoubled: Readonly<Record<string, (world: World) => Effect.Effect<void, unknown>>> = {
  "the webhook": Effect.fnUntraced(function* (world: World) {
    const { webhooks } = yield* webhooksOf(world)
    const { id: _, ...copy } = webhooks.find(({ name }) => name === "OpenCX") ?? { id: "" }
    const rest = { status: "active", http_method: "POST", request_format: "json" }
    yield* post(world, "/api/v2/webhooks", {
      webhook: { ...copy, ...rest, subscriptions: ["conditional_ticket_events"] },
    })
  }),
  "the trigger": Effect.fnUntraced(function* (world: World) {
    const { id: _, ...copy } = (yield* ourTrigger(world, replies)) ?? { id: 0 }
    yield* post(world, "/api/v2/triggers", { trigger: copy })
  }),
  "the trigger, switched off": Effect.fnUntraced(function* (world: World) {
    const { id: _, ...copy } = (yield* ourTrigger(world, replies)) ?? { id: 0 }
    yield* post(world, "/api/v2/triggers", { trigger: { ...copy, active: false } })
  }),
  "the Conversations integration": Effect.fnUntraced(function* (world: World) {
    const target = hookAt("messaging").url
    const copy = {
      type: "custom",
      displayName: "opencx",
      webhooks: [{ target, triggers: ["conversation:message"] }],
    }
    yield* world.sunshine.request({ method: "POST", path: "/integrations", json: JSON.stringify(copy) })
  }),
}

/** What of ours is there, by name. */
const picture = Effect.fnUntraced(function* (world: World) {
  const { webhooks } = yield* webhooksOf(world)
  const { triggers } = yield* triggersOf(world)
  const { integrations } = yield* integrationsOf(world)
  const { places } = yield* boardOf(world)
  return {
    webhooks: webhooks.map(({ endpoint, name }) => `${name} ${endpoint}`).toSorted(),
    triggers: triggers
      .map(({ conditions, title }) => `${title} ${JSON.stringify(conditions.all)}`)
      .toSorted(),
    integrations: integrations
      .map(({ type, webhooks: hooks }) => `${type} ${(hooks ?? []).length}`)
      .toSorted(),
    places: places.map(({ name }) => name).toSorted(),
  }
})

/** What verification says: of each fault a sentence. */
const faultsIn = (world: World) =>
  Effect.map(
    Effect.all([verifySetup(world.input(), "support"), verifySetup(world.input(), "messaging")]),
    (both) => both.flat().filter(({ ok }) => !ok),
  )

const madeGood = (change: (world: World) => Effect.Effect<void, unknown>, isTwice = false) =>
  Effect.gen(function* () {
    const world = yield* openSetup({ messaging: { choose: ["whatsapp"] } })
    yield* applySetup(world.input(), agreed)
    const before = yield* picture(world)
    yield* change(world)
    assert.notDeepEqual(yield* picture(world), before, "something was changed by hand")
    world.emulator.clearCalls()
    const plan = yield* planSetup(world.input())
    assert.isAbove(plan.steps.length, 0, "the plan says so")
    assert.deepStrictEqual(writesOf(world.emulator), [], "and writes nothing")
    const faults = yield* faultsIn(world)
    assert.isAbove(faults.length, 0)
    if (isTwice)
      for (const { needed, problem } of faults) {
        assert.isFalse(needed, "it works all the same")
        assert.match(problem ?? "", /there twice/)
      }
    const report = yield* applySetup(world.input(), agreed)
    assert.deepStrictEqual(report.failed, [])
    assert.deepStrictEqual(yield* picture(world), before)
    world.emulator.clearCalls()
    assert.deepStrictEqual((yield* applySetup(world.input(), agreed)).done, [])
    assert.deepStrictEqual(writesOf(world.emulator), [])
  }).pipe(overHttp)

describe("deleted by hand", () => {
  for (const [what, change] of Object.entries(isDeleted)) it.live(what, () => madeGood(change))
})

describe("made twice by hand", () => {
  for (const [what, change] of Object.entries(isDoubled)) it.live(what, () => madeGood(change, true))

  it.live("a trigger that does something besides is no copy: it is told, and left alone", () =>
    Effect.gen(function* () {
      const world = yield* openSetup()
      yield* applySetup(world.input(), agreed)
      const { id: _, ...copy } = (yield* ourTrigger(world, replies)) ?? { id: 0, actions: [] }
      const actions = [...copy.actions, { field: "current_tags", value: "answered" }]
      yield* post(world, "/api/v2/triggers", { trigger: { ...copy, title: "Replies and a tag", actions } })
      const plan = yield* planSetup(world.input())
      assert.deepStrictEqual(plan.steps, [])
      assert.match(plan.byHand.join(), /"Replies and a tag" also posts to our webhook/)
    }).pipe(overHttp),
  )

  it.live("an integration with a place in the switchboard is told, and left alone", () =>
    Effect.gen(function* () {
      const world = yield* openSetup()
      yield* applySetup(world.input(), agreed)
      const target = hookAt("messaging").url
      const copy = {
        type: "custom",
        displayName: "mine",
        webhooks: [{ target, triggers: ["conversation:message"] }],
      }
      const { integration } = yield* world.sunshine.json(Schema.Struct({ integration: Id }), {
        method: "POST",
        path: "/integrations",
        json: JSON.stringify(copy),
      })
      const { path } = yield* boardOf(world)
      yield* world.sunshine.request({
        method: "POST",
        path,
        json: JSON.stringify({ name: "mine", integrationId: integration.id }),
      })
      const plan = yield* planSetup(world.input())
      assert.deepStrictEqual(plan.steps, [])
      assert.match(plan.byHand.join(), /second Conversations integration "mine"/)
    }).pipe(overHttp),
  )
})
