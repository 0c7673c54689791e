/** Assist Mode is silent because of its own webhook or triggers, while those of replies are well: broken one by one, repaired by setup. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { randomUUID } from "node:crypto"
import { eventually } from "../support/run.ts"
import { checkIn, type DoctorStage, isOk, isProblem, setDoctorStage } from "../support/doctorStage.ts"

let stage: DoctorStage
beforeAll(async () => {
  stage = await setDoctorStage({ webhooks: { breakerMinimum: 5, breakerPauseMs: 300_000 } })
  stage.configure({ assist: { mode: "every_comment" } })
  await stage.setUp()
}, 30_000)
afterAll(() => stage.close())

const Webhooks = Schema.decodeUnknownSync(
  Schema.Struct({
    webhooks: Schema.Array(
      Schema.Struct({ id: Schema.String, name: Schema.String, endpoint: Schema.String }),
    ),
  }),
)
const Triggers = Schema.decodeUnknownSync(
  Schema.Struct({
    triggers: Schema.Array(
      Schema.Struct({
        id: Schema.Int,
        actions: Schema.Array(Schema.Struct({ field: Schema.String, value: Schema.Unknown })),
      }),
    ),
  }),
)
const Made = Schema.decodeUnknownSync(Schema.Struct({ ticket: Schema.Struct({ id: Schema.Int }) }))

const webhook = async () => {
  const { webhooks } = Webhooks(await stage.support("GET", "/api/v2/webhooks"))
  const found = webhooks.find(({ endpoint }) => endpoint.includes("/assist/"))
  if (found === undefined)
    throw new Error(`no webhook of assist mode: ${webhooks.map((one) => one.endpoint).join()}`)
  const path = `/api/v2/webhooks/${found.id}`
  return { ...found, path, change: (body: object) => stage.support("PATCH", path, { webhook: body }) }
}

/** All triggers of ours that notify assist mode's webhook. */
const triggers = async () => {
  const { id } = await webhook()
  const all = Triggers(await stage.support("GET", "/api/v2/triggers")).triggers
  const ours = all.filter(({ actions }) => JSON.stringify(actions).includes(id))
  assert.isNotEmpty(ours)
  const change = async (body: object) => {
    for (const one of ours) await stage.put(`/api/v2/triggers/${one.id}`, { trigger: body })
  }
  const post = (text: string) => change({ actions: [{ field: "notification_webhook", value: [id, text] }] })
  return { ours, change, post }
}

const ofReplies = (id: string): string => id.replace("assist.", "replies.")

describe("assist mode's own webhook and triggers", { timeout: 60_000 }, () => {
  const cases: ReadonlyArray<
    readonly [id: string, problem: RegExp, fix: RegExp, breakIt: () => Promise<unknown>]
  > = [
    [
      "assist.webhook_active",
      /doesn't post suggestions/,
      /opencx setup zendesk/,
      async () => (await webhook()).change({ status: "inactive" }),
    ],
    [
      "assist.webhook_url",
      /URL is stale/,
      /opencx urls/,
      async () => {
        const { change, endpoint } = await webhook()
        await change({ endpoint: endpoint.replace(/[^/]+$/, "of-a-lost-key") })
      },
    ],
    [
      "assist.webhook_kind",
      /JSON by POST/,
      /opencx setup zendesk/,
      async () => (await webhook()).change({ request_format: "xml" }),
    ],
    [
      "assist.signing_secret",
      /refuse every call/,
      /opencx setup zendesk/,
      async () => stage.support("POST", `${(await webhook()).path}/signing_secret`),
    ],
    [
      "assist.trigger_active",
      /not active/,
      /opencx setup zendesk/,
      async () => (await triggers()).change({ active: false }),
    ],
    [
      "assist.trigger_conditions",
      /conditions/,
      /./,
      async () =>
        (await triggers()).change({
          conditions: { all: [{ field: "update_type", operator: "is", value: "Create" }], any: [] },
        }),
    ],
    [
      "assist.payload_ids",
      /lacks the ticket's id/,
      /\{\{ticket\.id\}\}/,
      async () => (await triggers()).post('{"status":"{{ticket.status}}"}'),
    ],
    [
      "assist.internal_notes",
      /latest_comment}}/,
      /latest_public_comment/,
      async () => (await triggers()).post('{"ticket_id":"{{ticket.id}}","text":"{{ticket.latest_comment}}"}'),
    ],
    [
      "assist.trigger",
      /trigger missing/,
      /opencx setup zendesk/,
      async () => {
        for (const { id } of (await triggers()).ours) await stage.support("DELETE", `/api/v2/triggers/${id}`)
      },
    ],
  ]

  it.each(cases)("%s", async (id, problem, fix, breakIt) => {
    isOk(await stage.look(), id)
    await breakIt()
    const found = await stage.look()
    isProblem(found, id, problem, fix)
    assert.strictEqual(checkIn(found, ofReplies(id)).status, "ok", "replies are as they were")
    await stage.setUp()
    isOk(await stage.look(), id)
  })

  /** A customer writes on a ticket that is none of ours, and Zendesk's calls about it come to their end. */
  const customerWrites = async () => {
    const requester = { name: "Dana", email: `${randomUUID()}@example.com` }
    const ticket = { subject: "Brakes", comment: { body: "They squeak." }, requester }
    const { id } = Made(await stage.support("POST", "/api/v2/tickets", { ticket })).ticket
    const before = stage.emulator.deliveries().length
    stage.emulator.requesterReply(id, { body: "Still squeaking." })
    await eventually("the webhook's calls", () => {
      const { deliveries, pendingDeliveries } = stage.emulator.counts()
      return deliveries > before && pendingDeliveries === 0
    })
  }

  it("its calls are refused, fail, and are paused", async () => {
    stage.answer(401)
    await customerWrites()
    isProblem(await stage.look(), "assist.webhook_refused", /4xx/, /opencx setup zendesk/)
    stage.answer(500)
    await customerWrites()
    isProblem(await stage.look(), "assist.webhook_failing", /5xx or got no answer/, /publicUrl/)
    await eventually("the pause", async () => {
      await customerWrites()
      return stage.emulator.deliveries().at(-1)?.state === "circuit broken"
    })
    isProblem(await stage.look(), "assist.webhook_paused", /circuit breaker/, /by itself/)
    stage.answer(200)
    await eventually("a call that goes through", async () => {
      await customerWrites()
      return stage.emulator.deliveries().at(-1)?.state === "success"
    })
    isOk(await stage.look(), "assist.webhook_paused", "assist.webhook_refused", "assist.webhook_failing")
  })
})
