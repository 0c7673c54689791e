/** Replies that do not reach the contact, and what else webhook and trigger can be guilty of: broken one by one. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { eventually } from "../support/run.ts"
import {
  type DoctorStage,
  checkIn,
  isOk,
  isProblem,
  setDoctorStage,
  troubles,
} from "../support/doctorStage.ts"

let stage: DoctorStage
beforeAll(async () => {
  stage = await setDoctorStage({ webhooks: { breakerMinimum: 5, breakerPauseMs: 300_000 } })
  await stage.setUp()
}, 30_000)
afterAll(() => stage.close())

const Triggers = Schema.decodeUnknownSync(
  Schema.Struct({
    triggers: Schema.Array(
      Schema.Struct({
        id: Schema.Int,
        title: Schema.String,
        conditions: Schema.Unknown,
        actions: Schema.Array(Schema.Struct({ field: Schema.String, value: Schema.Unknown })),
      }),
    ),
  }),
)
const Webhooks = Schema.decodeUnknownSync(
  Schema.Struct({ webhooks: Schema.Array(Schema.Struct({ id: Schema.String, name: Schema.String })) }),
)
const Pair = Schema.decodeUnknownSync(Schema.Tuple([Schema.String, Schema.String]))

const trigger = async () => {
  const { triggers } = Triggers(await stage.support("GET", "/api/v2/triggers"))
  const found = triggers.find(({ title }) => title.startsWith("OpenCX: tell"))
  if (found === undefined) throw new Error("no trigger of ours")
  const [webhookId, template] = Pair(found.actions[0]?.value)
  const change = (body: object) => stage.put(`/api/v2/triggers/${found.id}`, { trigger: body })
  const post = (text: string) =>
    change({ actions: [{ field: "notification_webhook", value: [webhookId, text] }] })
  return { ...found, webhookId, template, change, post }
}

const webhook = async () => {
  const { webhooks } = Webhooks(await stage.support("GET", "/api/v2/webhooks"))
  const found = webhooks.find(({ name }) => name === "OpenCX")
  if (found === undefined) throw new Error("no webhook of ours")
  const path = `/api/v2/webhooks/${found.id}`
  const change = (body: object) => stage.support("PATCH", path, { webhook: body })
  return { ...found, path, change }
}

const ourUrl = async () => {
  const { webhooks } = Schema.decodeUnknownSync(
    Schema.Struct({
      webhooks: Schema.Array(Schema.Struct({ name: Schema.String, endpoint: Schema.String })),
    }),
  )(await stage.support("GET", "/api/v2/webhooks"))
  return webhooks.find(({ name }) => name === "OpenCX")?.endpoint ?? ""
}

/** An agent's reply on a ticket of ours, and Zendesk's calls about it come to their end. */
const agentReplies = async () => {
  const made = Schema.decodeUnknownSync(Schema.Struct({ ticket: Schema.Struct({ id: Schema.Int }) }))(
    await stage.support("POST", "/api/v2/tickets", {
      ticket: { subject: "Brakes", comment: { body: "They squeak." }, tags: ["opencx"] },
    }),
  )
  const before = stage.emulator.deliveries().length
  stage.emulator.agent(made.ticket.id, { action: "reply", body: "Bring it in." })
  await eventually("the webhook's calls", () => {
    const { deliveries, pendingDeliveries } = stage.emulator.counts()
    return deliveries > before && pendingDeliveries === 0
  })
}

const made: Array<string> = []

const missed = /public replies don't reach the contact/
const setup = /opencx setup zendesk/

/** Breaks something, expects the diagnosis, repairs it by the fix that was named, and expects `ok`. */
const broken = async (
  id: string,
  problem: RegExp,
  fix: RegExp,
  breakIt: () => Promise<unknown>,
  repair: () => Promise<unknown> = stage.setUp,
) => {
  isOk(await stage.look(), id)
  await breakIt()
  const found = await stage.look()
  const check = isProblem(found, id, problem, fix)
  await repair()
  isOk(await stage.look(), id)
  return check
}

describe("webhooks and triggers", { timeout: 60_000 }, () => {
  it("an account that is set up has no trouble", async () => {
    const found = await stage.look()
    assert.deepStrictEqual(troubles(found), [])
    assert.isTrue(found.ok)
  })

  it("webhook missing", async () => {
    const check = await broken("replies.webhook", missed, setup, async () => {
      const { change } = await trigger()
      await change({ active: false })
      const { path } = await webhook()
      await stage.support("DELETE", path)
      await stage.support("POST", "/api/v2/webhooks", {
        webhook: {
          name: "OpenCX",
          endpoint: "https://staging.example/hooks/zendesk/ticketing/x",
          http_method: "POST",
          request_format: "json",
          status: "active",
          subscriptions: ["conditional_ticket_events"],
        },
      })
    })
    assert.include(check.evidence.join(), "staging.example")
  })

  it("without a webhook, what hangs on it is unknown and not guessed", async () => {
    const { change } = await trigger()
    await change({ active: false })
    const { webhooks } = Webhooks(await stage.support("GET", "/api/v2/webhooks"))
    for (const { id } of webhooks.filter(({ name }) => name === "OpenCX"))
      await stage.support("DELETE", `/api/v2/webhooks/${id}`)
    const found = await stage.look()
    assert.strictEqual(checkIn(found, "replies.webhook_active").status, "unknown")
    await stage.setUp()
  })

  it("webhook inactive", () =>
    broken("replies.webhook_active", missed, setup, async () =>
      (await webhook()).change({ status: "inactive" }),
    ))

  it("webhook at an old URL", async () => {
    await broken("replies.webhook_url", /URL is stale/, /opencx urls/, async () =>
      (await webhook()).change({ endpoint: (await ourUrl()).replace(/[^/]+$/, "of-a-lost-key") }),
    )
  })

  it("webhook that does not send JSON", () =>
    broken("replies.webhook_kind", /JSON by POST/, setup, async () =>
      (await webhook()).change({ request_format: "xml" }),
    ))

  it("signing secret wrong", async () => {
    const check = await broken("replies.signing_secret", /refuse every call/, setup, async () =>
      stage.support("POST", `${(await webhook()).path}/signing_secret`),
    )
    assert.isTrue(check.needed)
  })

  it("trigger missing", () =>
    broken("replies.trigger", /trigger missing/, setup, async () =>
      stage.support("DELETE", `/api/v2/triggers/${(await trigger()).id}`),
    ))

  it("trigger inactive", () =>
    broken("replies.trigger_active", /not active/, setup, async () =>
      (await trigger()).change({ active: false }),
    ))

  it("wrong condition", () =>
    broken("replies.trigger_conditions", /conditions/, /public/, async () =>
      (await trigger()).change({
        conditions: { all: [{ field: "update_type", operator: "is", value: "Create" }], any: [] },
      }),
    ))

  it("internal notes by the wrong placeholder", () =>
    broken("replies.internal_notes", /latest_comment}}/, /latest_public_comment/, async () =>
      (await trigger()).post('{"ticket_id":"{{ticket.id}}","text":"{{ticket.latest_comment}}"}'),
    ))

  it("payload without ids", () =>
    broken("replies.payload_ids", /lacks the ticket's ids/, /\{\{ticket\.id\}\}/, async () =>
      (await trigger()).post('{"status":"{{ticket.status}}"}'),
    ))

  it("trigger that notifies another webhook", () =>
    broken("replies.trigger_webhook", /does not notify our webhook/, setup, async () => {
      const { change, template } = await trigger()
      const made = await stage.support("POST", "/api/v2/webhooks", {
        webhook: {
          name: "Elsewhere",
          endpoint: "https://elsewhere.example/",
          http_method: "POST",
          request_format: "json",
          status: "active",
          subscriptions: ["conditional_ticket_events"],
        },
      })
      const { id } = Schema.decodeUnknownSync(
        Schema.Struct({ webhook: Schema.Struct({ id: Schema.String }) }),
      )(made).webhook
      await change({ actions: [{ field: "notification_webhook", value: [id, template] }] })
    }))

  it("a trigger that was renamed works, and is a notice", async () => {
    const check = await broken("replies.trigger_changed", /changed by hand/, setup, async () =>
      (await trigger()).change({ title: "OpenCX: tell them" }),
    )
    assert.isFalse(check.needed)
    assert.deepStrictEqual(check.evidence, ['"OpenCX: tell them": it was renamed'])
  })

  it("another trigger that posts to our webhook too is a notice, with what its body shows", async () => {
    const { conditions, webhookId } = await trigger()
    const body = (active: boolean) => ({
      trigger: {
        title: "Handmade",
        active,
        conditions,
        actions: [{ field: "notification_webhook", value: [webhookId, "{{ticket.latest_comment}}"] }],
      },
    })
    const made = Schema.decodeUnknownSync(Schema.Struct({ trigger: Schema.Struct({ id: Schema.Int }) }))(
      await stage.support("POST", "/api/v2/triggers", body(true)),
    )
    const found = await stage.look()
    const check = isProblem(found, "duplicates.second_trigger", /Another trigger/, /delete/)
    assert.isFalse(check.needed)
    assert.include(check.evidence.join(), "internal notes")
    assert.isTrue(found.ok, "a notice fails nothing")
    await stage.put(`/api/v2/triggers/${made.trigger.id}`, body(false))
    isOk(await stage.look(), "duplicates.second_trigger")
  })

  it("a trigger of a person's own that mails requesters is a notice: it may never fire for our tickets", async () => {
    const body = (active: boolean) => ({
      trigger: {
        title: "Tell VIPs",
        active,
        conditions: { all: [{ field: "current_tags", operator: "includes", value: "vip" }], any: [] },
        actions: [{ field: "notification_user", value: ["requester_id", "News", "Hello"] }],
      },
    })
    const made = Schema.decodeUnknownSync(Schema.Struct({ trigger: Schema.Struct({ id: Schema.Int }) }))(
      await stage.support("POST", "/api/v2/triggers", body(true)),
    )
    const found = await stage.look()
    const check = isProblem(found, "duplicates.second_mail", /may get replies twice/, /--dry-run/)
    assert.deepStrictEqual([check.needed, check.evidence], [false, ['the trigger "Tell VIPs"']])
    await stage.put(`/api/v2/triggers/${made.trigger.id}`, body(false))
    isOk(await stage.look(), "duplicates.second_mail")
  })

  it("Zendesk's own trigger mails our requesters a second time", () =>
    broken("duplicates.second_mail", /replies twice/, setup, async () => {
      const { triggers } = Triggers(await stage.support("GET", "/api/v2/triggers"))
      const mailing = triggers.filter(({ actions }) =>
        actions.some(({ field }) => field === "notification_user"),
      )
      for (const { id } of mailing)
        await stage.put(`/api/v2/triggers/${id}`, {
          trigger: {
            conditions: { all: [{ field: "comment_is_public", operator: "is", value: "true" }], any: [] },
          },
        })
    }))

  it("a call that was refused: stale URL or secret, told from Zendesk's own activity", async () => {
    stage.answer(200)
    await agentReplies()
    isOk(await stage.look(), "replies.webhook_refused", "replies.webhook_failing", "replies.webhook_paused")
    stage.answer(401)
    await agentReplies()
    const found = await stage.look()
    const check = isProblem(found, "replies.webhook_refused", /4xx/, setup)
    assert.match(check.evidence.join(), /1 were refused/)
    stage.answer(200)
    await agentReplies()
    isOk(await stage.look(), "replies.webhook_refused")
  })

  it("a call that failed with 500, and one without an answer", async () => {
    for (const status of [500, 0]) {
      stage.answer(status)
      await agentReplies()
      isProblem(await stage.look(), "replies.webhook_failing", /5xx or got no answer/, /publicUrl/)
      stage.answer(200)
      await agentReplies()
      isOk(await stage.look(), "replies.webhook_failing")
    }
  })

  it("the clock of this machine is wrong", async () => {
    isOk(await stage.look(), "replies.clock")
    const ahead = isProblem(
      await stage.look(undefined, 11 * 60_000),
      "replies.clock",
      /clock of this machine is wrong/,
      /NTP/,
    )
    assert.isTrue(ahead.needed)
    assert.match(ahead.evidence.join(), /6[56]\d seconds ahead/)
    const behind = checkIn(await stage.look(undefined, -5 * 60_000), "replies.clock")
    assert.deepInclude(behind, { status: "problem", needed: false })
    assert.match(behind.evidence.join(), /(29|30)\d seconds behind/)
  })

  it("a trigger that takes our tag away, before ours", async () => {
    const update = { field: "update_type", operator: "is", value: "Change" }
    const make = async (title: string, action: object, all: ReadonlyArray<object> = [update]) => {
      const trigger = { title, conditions: { all, any: [] }, actions: [action], position: -1 }
      const made = Schema.decodeUnknownSync(Schema.Struct({ trigger: Schema.Struct({ id: Schema.Int }) }))(
        await stage.support("POST", "/api/v2/triggers", { trigger }),
      )
      return `/api/v2/triggers/${made.trigger.id}`
    }
    const check = await broken(
      "replies.tag_taken",
      /take the tag opencx off/,
      /Add tags in place of Set tags/,
      async () => {
        const guard = { field: "current_tags", operator: "not_includes", value: "opencx" }
        const paths = [
          await make("Tidy up", { field: "set_tags", value: "vip" }),
          await make("Clean", { field: "remove_tags", value: "spam opencx" }),
          await make("Harmless", { field: "set_tags", value: "opencx vip" }),
          await make("Adds", { field: "current_tags", value: "vip" }),
          await make("Others'", { field: "set_tags", value: "vip" }, [update, guard]),
        ]
        made.push(...paths)
      },
      async () => {
        for (const path of made.splice(0)) await stage.support("DELETE", path)
      },
    )
    assert.isFalse(check.needed)
    assert.deepStrictEqual(check.evidence, [
      '"Tidy up" sets tags, which removes all others, and stands before ours',
      '"Clean" removes the tag, and stands before ours',
    ])
  })

  it("the paused breaker", async () => {
    stage.answer(500)
    await eventually("the pause", async () => {
      await agentReplies()
      return stage.emulator.deliveries().at(-1)?.state === "circuit broken"
    })
    isProblem(await stage.look(), "replies.webhook_paused", /circuit breaker/, /by itself/)
    stage.answer(200)
    await eventually("a call that goes through", async () => {
      await agentReplies()
      return stage.emulator.deliveries().at(-1)?.state === "success"
    })
    isOk(await stage.look(), "replies.webhook_paused")
  })

  it("credentials that may not look at webhooks leave them unknown", async () => {
    stage.emulator.addFault({ kind: "status503", match: { path: "/api/v2/triggers" }, times: 20 })
    assert.strictEqual(checkIn(await stage.look(), "replies.webhook").status, "unknown")
    stage.emulator.clearFaults()
  })
})
