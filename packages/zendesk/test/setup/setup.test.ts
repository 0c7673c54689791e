import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { applySetup, planSetup, storedNames } from "../../src/setup/index.ts"
import { triggerRequest, webhookRequest } from "../../src/index.ts"
import { overHttp } from "../fake/http.ts"
import { hookAt, openSetup, writesOf } from "../fake/setup.ts"

const Webhooks = Schema.decodeUnknownSync(
  Schema.Struct({
    webhooks: Schema.Array(
      Schema.Struct({
        id: Schema.String,
        name: Schema.String,
        endpoint: Schema.String,
        status: Schema.String,
      }),
    ),
  }),
)
const Condition = Schema.Struct({ field: Schema.String, operator: Schema.String, value: Schema.Unknown })
const Trigger = Schema.Struct({
  id: Schema.Int,
  title: Schema.String,
  active: Schema.Boolean,
  conditions: Schema.Struct({ all: Schema.Array(Condition), any: Schema.Array(Condition) }),
  actions: Schema.Array(Schema.Struct({ field: Schema.String, value: Schema.Unknown })),
})
const Triggers = Schema.Struct({ triggers: Schema.Array(Trigger) })

type World = Effect.Success<ReturnType<typeof openSetup>>

const webhooksOf = ({ emulator }: World) => Webhooks(emulator.state(["webhooks"])).webhooks
const triggersOf = ({ support }: World) =>
  support
    .json(Triggers, { method: "GET", path: "/api/v2/triggers", query: { "page[size]": "100" } })
    .pipe(Effect.map(({ triggers }) => triggers))

const agreed = { irreversible: true }

describe("planning", () => {
  it.live("says everything that a fresh account lacks, and writes nothing", () =>
    Effect.gen(function* () {
      const world = yield* openSetup({ messaging: { choose: ["whatsapp"] } })
      const plan = yield* planSetup(world.input())
      assert.deepStrictEqual(
        plan.steps.map(({ action, id }) => `${action} ${id}`),
        [
          "create ticketing_webhook",
          "create assist_webhook",
          "create ticketing_trigger",
          "create assist_trigger_comments",
          "create assist_trigger_mentions",
          "repair requester_mail",
          "repair multi_conversations",
          "create integration",
          "create switchboard_integration",
          "repair default_responder",
        ],
      )
      assert.deepStrictEqual(
        plan.steps.filter(({ irreversible }) => irreversible).map(({ id }) => id),
        ["multi_conversations"],
      )
      assert.include(plan.byHand.join("\n"), "Release control")
      assert.deepStrictEqual(writesOf(world.emulator), [])
      assert.strictEqual(world.kept.size, 0)
    }).pipe(overHttp),
  )
})

describe("setting up", () => {
  it.live("makes everything once: the second run has nothing to do and writes nothing", () =>
    Effect.gen(function* () {
      const world = yield* openSetup({ messaging: { choose: ["whatsapp"] } })
      const report = yield* applySetup(world.input(), agreed)
      assert.deepStrictEqual(report.failed, [])
      assert.deepStrictEqual(report.left, [])
      assert.lengthOf(report.done, 13)
      assert.lengthOf(webhooksOf(world), 2)
      assert.isString(world.kept.get(storedNames.ticketing))
      assert.notStrictEqual(world.kept.get(storedNames.ticketing), world.kept.get(storedNames.assist))
      assert.isString(world.kept.get(storedNames.messaging))
      world.emulator.clearCalls()
      const again = yield* applySetup(world.input(), agreed)
      assert.deepStrictEqual(again.done, [])
      assert.deepStrictEqual((yield* planSetup(world.input())).steps, [])
      assert.deepStrictEqual(writesOf(world.emulator), [])
    }).pipe(overHttp),
  )

  it.live(
    "the trigger posts ids only, leaves our own user out, and keeps Zendesk's mail from our tickets alone",
    () =>
      Effect.gen(function* () {
        const world = yield* openSetup()
        yield* applySetup(world.input(), agreed)
        const triggers = yield* triggersOf(world)
        const ours = triggers.find(({ title }) => title === "OpenCX: tell OpenCX about public replies")
        const text = JSON.stringify(ours?.actions)
        assert.notMatch(text, /ticket\.latest_comment/)
        for (const name of ["ticket.id", "ticket.external_id", "ticket.public_comments"])
          assert.include(text, name)
        assert.deepInclude(ours?.conditions.all ?? [], {
          field: "role",
          operator: "is_not",
          value: String(world.emulator.integrationUserId),
        })
        const mailing = triggers.filter(({ conditions }) =>
          conditions.all.some(
            ({ field, operator, value }) =>
              field === "current_tags" &&
              operator === "not_includes" &&
              value === "opencx_autopilot opencx_handedoff",
          ),
        )
        assert.deepStrictEqual(
          mailing.map(({ title }) => title),
          ["Notify requester of comment update"],
        )
      }).pipe(overHttp),
  )

  it.live("without consent multi-conversations stay off, and everything else is done", () =>
    Effect.gen(function* () {
      const world = yield* openSetup()
      const report = yield* applySetup(world.input(), { irreversible: false })
      assert.deepStrictEqual(
        report.left.map(({ id }) => id),
        ["multi_conversations"],
      )
      assert.deepStrictEqual(report.failed, [])
      const calls = world.emulator
        .calls()
        .filter(({ method, path }) => method === "PATCH" && /apps\/\w+$/.test(path))
      assert.lengthOf(calls, 0)
    }).pipe(overHttp),
  )

  it.live("repairs what was changed by hand", () =>
    Effect.gen(function* () {
      const world = yield* openSetup({ messaging: { choose: ["whatsapp"] } })
      yield* applySetup(world.input(), agreed)
      const { sunshine, support } = world
      const [webhook] = webhooksOf(world)
      const trigger = (yield* triggersOf(world)).find(({ title }) => title.startsWith("OpenCX: tell"))
      const put = (method: "PUT" | "PATCH", path: string, body: unknown) =>
        support.request({ method, path, json: JSON.stringify(body) })
      yield* put("PATCH", `/api/v2/webhooks/${webhook?.id}`, {
        webhook: { status: "inactive", endpoint: "https://elsewhere.example/x" },
      })
      yield* put("PUT", `/api/v2/triggers/${trigger?.id}`, {
        trigger: {
          title: "Mine now",
          active: false,
          conditions: { all: [{ field: "update_type", operator: "is", value: "Create" }], any: [] },
          actions: [
            { field: "notification_webhook", value: [webhook?.id, '{"text":"{{ticket.latest_comment}}"}'] },
          ],
        },
      })
      const Integrations = Schema.Struct({
        integrations: Schema.Array(
          Schema.Struct({
            id: Schema.String,
            type: Schema.String,
            webhooks: Schema.optionalKey(Schema.Array(Schema.Struct({ id: Schema.String }))),
          }),
        ),
      })
      const { integrations } = yield* sunshine.json(Integrations, { method: "GET", path: "/integrations" })
      const ours = integrations.find(({ type }) => type === "custom")
      const whatsapp = integrations.find(({ type }) => type === "whatsapp")
      const patch = (path: string, body: unknown) =>
        sunshine.request({ method: "PATCH", path, json: JSON.stringify(body) })
      yield* patch(`/integrations/${ours?.id}/webhooks/${ours?.webhooks?.[0]?.id}`, {
        triggers: ["conversation:read"],
      })
      yield* patch(`/integrations/${ours?.id}`, { displayName: "OpenCX" })
      yield* patch(`/integrations/${whatsapp?.id}`, { defaultResponderId: null })
      const report = yield* applySetup(world.input(), agreed)
      assert.deepStrictEqual(report.failed, [])
      assert.deepStrictEqual(report.done.map(({ id }) => id).toSorted(), [
        "default_responder",
        "integration",
        "messaging_webhook",
        "ticketing_trigger",
        "ticketing_webhook",
      ])
      const why = report.done.find(({ id }) => id === "ticketing_trigger")?.why.join("; ") ?? ""
      for (const words of ["not active", "conditions were changed", "includes internal notes", "renamed"])
        assert.include(why, words)
      assert.deepStrictEqual((yield* planSetup(world.input())).steps, [])
      assert.lengthOf(webhooksOf(world), 2)
    }).pipe(overHttp),
  )

  it.live("moves to a new URL when the signing key was lost, and keeps the new secret", () =>
    Effect.gen(function* () {
      const world = yield* openSetup()
      yield* applySetup(world.input(), agreed)
      world.kept.clear()
      const moved = world.input({ support: { ticketing: hookAt("ticketing", "token-2") } })
      const report = yield* applySetup(moved, agreed)
      assert.deepStrictEqual(report.failed, [])
      assert.lengthOf(webhooksOf(world), 2)
      assert.include(
        webhooksOf(world).map(({ endpoint }) => endpoint),
        hookAt("ticketing", "token-2").url,
      )
    }).pipe(overHttp),
  )

  it.live("leaves another installation's webhook with the same name alone, and says so", () =>
    Effect.gen(function* () {
      const world = yield* openSetup()
      const theirs = {
        name: "OpenCX",
        status: "active",
        endpoint: "https://staging.acme.test/hooks/zendesk/ticketing/t",
        http_method: "POST",
        request_format: "json",
        subscriptions: ["conditional_ticket_events"],
      }
      yield* world.support.request({
        method: "POST",
        path: "/api/v2/webhooks",
        json: JSON.stringify({ webhook: theirs }),
      })
      const report = yield* applySetup(world.input(), agreed)
      assert.deepStrictEqual(report.failed, [])
      assert.include(report.byHand.join("\n"), "staging.acme.test, which is not this installation")
      assert.lengthOf(webhooksOf(world), 3)
      assert.include(
        webhooksOf(world).map(({ endpoint }) => endpoint),
        theirs.endpoint,
      )
    }).pipe(overHttp),
  )

  it.live("a trigger that a person made by hand for our webhook does, and is left alone", () =>
    Effect.gen(function* () {
      const world = yield* openSetup({ support: { mention: null } })
      const send = (path: string, body: unknown) =>
        world.support.json(Schema.Unknown, { method: "POST", path, json: JSON.stringify(body) })
      yield* send("/api/v2/webhooks", webhookRequest({ name: "My hook", endpoint: hookAt("ticketing").url }))
      const [webhook] = webhooksOf(world)
      const { trigger } = triggerRequest({ webhookId: webhook?.id ?? "", title: "By hand" })
      yield* send("/api/v2/triggers", { trigger })
      const support = { ...world.input(), messaging: null }
      const ids = (yield* planSetup(support)).steps.map(({ id }) => id)
      assert.deepStrictEqual(ids, ["ticketing_secret", "requester_mail"])
      assert.deepStrictEqual((yield* applySetup(support, agreed)).failed, [])
      assert.lengthOf(webhooksOf(world), 1)
      assert.deepStrictEqual((yield* planSetup(support)).byHand, [])
      // One that would show internal notes is no substitute, and is told.
      const body = JSON.stringify({ ticket_id: "{{ticket.id}}", text: "{{ticket.latest_comment}}" })
      const leaking = {
        ...trigger,
        title: "Leaks",
        actions: [{ field: "notification_webhook", value: [webhook?.id, body] }],
      }
      yield* send("/api/v2/triggers", { trigger: leaking })
      assert.include((yield* planSetup(support)).byHand.join(), "which includes internal notes")
    }).pipe(overHttp),
  )

  it.live("finds what is ours among a hundred others, page by page", () =>
    Effect.gen(function* () {
      const world = yield* openSetup({
        emulator: { limits: { requestsPerMinute: Number.POSITIVE_INFINITY } },
      })
      yield* applySetup(world.input(), agreed)
      const other = {
        title: "تنبيه 通知",
        conditions: { all: [{ field: "update_type", operator: "is", value: "Create" }], any: [] },
        actions: [{ field: "set_tags", value: "x" }],
      }
      const json = JSON.stringify({ trigger: { ...other, position: 0 } })
      for (let i = 0; i < 110; i++)
        yield* world.support.request({ method: "POST", path: "/api/v2/triggers", json })
      world.kept.delete(storedNames.record)
      world.emulator.clearCalls()
      assert.deepStrictEqual((yield* planSetup(world.input())).steps, [])
      const listed = world.emulator.calls().filter(({ path }) => path === "/api/v2/triggers")
      assert.lengthOf(listed, 2)
    }).pipe(overHttp),
  )

  it.live("a timeout after Zendesk has made the thing makes it once", () =>
    Effect.gen(function* () {
      const world = yield* openSetup()
      for (const path of [
        "/api/v2/webhooks",
        "/api/v2/triggers",
        "/integrations",
        "/switchboardIntegrations",
      ])
        world.emulator.addFault({
          kind: "resetAfterCommit",
          times: 1,
          match: { method: "POST", path: `${path}$` },
        })
      const report = yield* applySetup(world.input(), agreed)
      assert.deepStrictEqual(report.failed, [])
      assert.lengthOf(webhooksOf(world), 2)
      const titles = (yield* triggersOf(world))
        .map(({ title }) => title)
        .filter((one) => one.startsWith("OpenCX"))
      assert.lengthOf(titles, 3)
      assert.lengthOf(new Set(titles), 3)
      assert.deepStrictEqual((yield* planSetup(world.input())).steps, [])
    }).pipe(overHttp),
  )

  it.live("an account that demands trigger categories gets one of ours", () =>
    Effect.gen(function* () {
      const world = yield* openSetup({ emulator: { triggerCategoriesRequired: true } })
      assert.deepStrictEqual((yield* applySetup(world.input(), agreed)).failed, [])
      assert.deepStrictEqual((yield* planSetup(world.input())).steps, [])
    }).pipe(overHttp),
  )

  it.live("a name that another integration holds is told, not taken", () =>
    Effect.gen(function* () {
      const world = yield* openSetup()
      const other = world.input({
        messaging: {
          hook: { ...hookAt("other"), owns: (url) => (url.includes("/other/") ? "current" : "other") },
        },
      })
      yield* applySetup({ ...other, support: null, store: (yield* openSetup()).store }, agreed)
      const report = yield* applySetup({ ...world.input(), support: null }, agreed)
      assert.deepStrictEqual(report.done, [])
      assert.include(report.byHand.join("\n"), "belongs to another integration")
    }).pipe(overHttp),
  )

  it.live("what Zendesk refuses is a failed step with a sentence, and the others go on", () =>
    Effect.gen(function* () {
      const world = yield* openSetup()
      world.emulator.addFault({ kind: "status503", match: { method: "POST", path: "/api/v2/webhooks$" } })
      const report = yield* applySetup(world.input(), agreed)
      assert.include(
        report.failed.map(({ step }) => step.id),
        "ticketing_webhook",
      )
      assert.include(
        report.failed.map(({ step }) => step.id),
        "ticketing_trigger",
      )
      assert.isTrue(report.failed.every(({ problem }) => problem.length > 10))
      assert.include(
        report.done.map(({ id }) => id),
        "integration",
      )
    }).pipe(overHttp),
  )
})
