import { createHmac } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { afterEach } from "vitest"
import {
  type Account,
  account,
  arr,
  at,
  connect,
  eventually,
  num,
  receiver,
  type Receiver,
  str,
} from "./harness.ts"

const template = JSON.stringify({
  v: 1,
  ticket_id: "{{ticket.id}}",
  external_id: "{{ticket.external_id}}",
  status: "{{ticket.status}}",
  via: "{{ticket.via}}",
  tags: "{{ticket.tags}}",
  comment_id: "{{ticket.public_comments[0].id}}",
  comment: "{{ticket.latest_public_comment}}",
  comment_html: "{{ticket.latest_public_comment_html}}",
  any_comment: "{{ticket.latest_comment}}",
  author_id: "{{current_user.id}}",
  author: "{{current_user.name}}",
  role: "{{current_user.role}}",
  requester: "{{ticket.requester.email}}",
  assignee: "{{ticket.assignee.name}}",
  wrong_case: "{{Ticket.ID}}",
  unknown: "{{ticket.nonsense}}",
})

let open: Array<{ close: () => Promise<void> }> = []

afterEach(async () => {
  await Promise.all(open.map((item) => item.close()))
  open = []
})

const setUp = async (
  options: Parameters<typeof account>[0] = {},
  answers?: Parameters<typeof receiver>[0],
): Promise<{ readonly acme: Account; readonly hook: Receiver }> => {
  const acme = await account(options)
  const hook = await receiver(answers)
  open.push(acme.emulator, hook)
  return { acme, hook }
}

const reply = (acme: Account, id: number, body: string, more: object = {}): ReturnType<Account["control"]> =>
  acme.control("POST", `/tickets/${id}/agent`, { action: "reply", body, ...more })

describe("webhook delivery", () => {
  it("delivers an agent's public reply, signed over timestamp and raw body", async () => {
    const { acme, hook } = await setUp()
    const wired = await connect(acme, hook.url, template, {
      webhook: { authentication: { type: "bearer_token", add_position: "header", data: { token: "t0ken" } } },
    })
    const id = await acme.ticket({ external_id: "session-9" })
    const text = 'He said "hi"\nتحية 👋 \\ end'
    await reply(acme, id, text)
    const [sent] = await hook.until(1)
    if (sent === undefined) throw new Error("nothing came")
    const timestamp = String(sent.headers["x-zendesk-webhook-signature-timestamp"])
    const expected = createHmac("sha256", wired.secret)
      .update(timestamp + sent.body)
      .digest("base64")
    assert.strictEqual(sent.headers["x-zendesk-webhook-signature"], expected)
    assert.strictEqual(sent.headers["x-zendesk-webhook-id"], wired.webhookId)
    assert.match(String(sent.headers["x-zendesk-webhook-invocation-id"]), /^[0-9A-HJKMNP-TV-Z]{26}$/)
    assert.match(String(sent.headers["x-zendesk-account-id"]), /^\d+$/)
    assert.strictEqual(sent.headers.authorization, "Bearer t0ken")
    const body: unknown = JSON.parse(sent.body)
    const comments = await acme.call("GET", `/api/v2/tickets/${id}/comments?sort=-created_at`)
    assert.strictEqual(str(body, "ticket_id"), String(id))
    assert.strictEqual(str(body, "external_id"), "session-9")
    assert.strictEqual(str(body, "comment"), text)
    assert.strictEqual(str(body, "comment_id"), String(num(comments.body, "comments.0.id")))
    assert.strictEqual(str(body, "status"), "Open")
    assert.strictEqual(str(body, "tags"), "opencx")
    assert.deepStrictEqual(
      [at(body, "author"), at(body, "role"), at(body, "assignee")],
      ["Sam Rivera", "Agent", "Sam Rivera"],
    )
    assert.strictEqual(str(body, "requester"), "dana@example.com")
    assert.deepStrictEqual([at(body, "wrong_case"), at(body, "unknown")], ["", ""])
  })

  it("fires for nobody's notes, customers' mails, other tickets or creations", async () => {
    const { acme, hook } = await setUp()
    await connect(acme, hook.url, template)
    const id = await acme.ticket()
    const other = await acme.ticket({ tags: [] })
    await acme.control("POST", `/tickets/${id}/agent`, { action: "note", body: "secret" })
    await acme.control("POST", `/tickets/${id}/requester-reply`, { body: "customer" })
    await reply(acme, other, "not ours")
    await reply(acme, id, "ours")
    const hooks = await hook.until(1)
    await eventually(() => acme.emulator.counts().pendingDeliveries === 0, "deliveries settle")
    assert.lengthOf(hooks, 1)
    const body: unknown = JSON.parse(hooks[0]?.body ?? "{}")
    assert.strictEqual(at(body, "comment"), "ours")
  })

  it("renders latest_comment from internal notes too: why it must not reach customers", async () => {
    const { acme, hook } = await setUp()
    const conditions = {
      all: [{ field: "comment_is_public", operator: "is", value: "not_relevant" }],
      any: [],
    }
    await connect(acme, hook.url, template, { conditions })
    const id = await acme.ticket()
    await reply(acme, id, "for the customer")
    await hook.until(2)
    await acme.control("POST", `/tickets/${id}/agent`, { action: "note", body: "for the team" })
    const hooks = await hook.until(3)
    const body: unknown = JSON.parse(hooks[2]?.body ?? "{}")
    assert.deepStrictEqual(
      [at(body, "any_comment"), at(body, "comment")],
      ["for the team", "for the customer"],
    )
  })

  it("echoes the API's own comments unless the trigger guards against via 5", async () => {
    const { acme, hook } = await setUp()
    const all = [
      { field: "comment_is_public", operator: "is", value: "requester_can_see_comment" },
      { field: "update_type", operator: "is", value: "Change" },
    ]
    await connect(acme, `${hook.url}/echo`, "{}", { conditions: { all, any: [] } })
    await connect(acme, `${hook.url}/guarded`, '{"guarded":true}', {
      conditions: { all: [...all, { field: "current_via_id", operator: "is_not", value: "5" }], any: [] },
    })
    const id = await acme.ticket()
    await acme.call("PUT", `/api/v2/tickets/${id}`, { ticket: { comment: { body: "by API", public: true } } })
    await eventually(() => acme.emulator.counts().pendingDeliveries === 0, "deliveries settle")
    assert.deepStrictEqual(
      hook.hooks.map((item) => item.body),
      ["{}"],
    )
  })

  it("can leave values raw, which breaks JSON with quotes", async () => {
    const { acme, hook } = await setUp({ webhooks: { escaping: "raw" } })
    await connect(acme, hook.url, '{"comment":"{{ticket.latest_public_comment}}"}')
    await reply(acme, await acme.ticket(), 'a "quote"')
    const hooks = await hook.until(1)
    assert.strictEqual(hooks[0]?.body, '{"comment":"a "quote""}')
  })

  it("sees status changes by value, previous value and as changed", async () => {
    const { acme, hook } = await setUp()
    const on = (operator: string, value: string) => ({ all: [{ field: "status", operator, value }], any: [] })
    await connect(acme, hook.url, "to-solved", { conditions: on("value", "solved") })
    await connect(acme, hook.url, "from-solved", { conditions: on("value_previous", "solved") })
    await connect(acme, hook.url, "after-pending {{ticket.status}} {{current_user.id}}", {
      conditions: on("greater_than", "pending"),
    })
    const id = await acme.ticket()
    const bodies = (): ReadonlyArray<string> =>
      hook.hooks.map((item) => item.body.replace(/\d+$/, "N")).sort()
    await acme.control("POST", `/tickets/${id}/agent`, { action: "solve" })
    await hook.until(2)
    assert.deepStrictEqual(bodies(), ["after-pending Solved N", "to-solved"])
    await acme.control("POST", `/tickets/${id}/agent`, { action: "close" })
    await hook.until(4)
    assert.deepStrictEqual(bodies(), [
      "after-pending Closed N",
      "after-pending Solved N",
      "from-solved",
      "to-solved",
    ])
  })

  it("renders placeholders when it sends, so two quick replies can both show the newest", async () => {
    const { acme, hook } = await setUp({ webhooks: { lagMs: 1_000 } })
    await connect(acme, hook.url, "{{ticket.latest_public_comment}}")
    const id = await acme.ticket()
    // Both in one turn: no delivery can start between them.
    acme.emulator.agent(id, { action: "reply", body: "first" })
    acme.emulator.agent(id, { action: "reply", body: "second" })
    const hooks = await hook.until(2)
    assert.deepStrictEqual(
      hooks.map((item) => item.body),
      ["second", "second"],
    )
  })
})

describe("retries", () => {
  const attemptsFor = async (
    answers: Parameters<typeof receiver>[0],
    options: Parameters<typeof account>[0] = {},
  ) => {
    const { acme, hook } = await setUp({ timeScale: 0.002, ...options }, answers)
    await connect(acme, hook.url, "x")
    await reply(acme, await acme.ticket(), "r")
    await eventually(
      () => acme.emulator.counts().deliveries === 1 && acme.emulator.counts().pendingDeliveries === 0,
      "delivery ends",
    )
    const record = acme.emulator.deliveries()[0]
    return { attempts: record?.attempts.length, state: record?.state, hooks: hook.hooks }
  }

  it("tries 409 three more times with the same invocation id", async () => {
    const { attempts, state, hooks } = await attemptsFor(() => ({ status: 409 }))
    assert.deepStrictEqual([attempts, state], [4, "failed"])
    assert.strictEqual(new Set(hooks.map((item) => item.headers["x-zendesk-webhook-invocation-id"])).size, 1)
  })

  it("obeys a short Retry-After on 429 and 503, and only that", async () => {
    const once = (status: number, retry?: string) => (n: number) =>
      n === 0 ? { status, headers: retry === undefined ? {} : { "retry-after": retry } } : { status: 200 }
    assert.deepStrictEqual((await attemptsFor(once(503, "5"))).attempts, 2)
    assert.deepStrictEqual((await attemptsFor(once(429, "59"))).state, "success")
    assert.deepStrictEqual((await attemptsFor(once(503, "60"))).attempts, 1)
    assert.deepStrictEqual((await attemptsFor(once(503))).attempts, 1)
  })

  it("loses the event on 500, 502, 404, a redirect or a refused connection", async () => {
    for (const status of [500, 502, 404, 401]) {
      const { attempts, state } = await attemptsFor(() => ({ status }))
      assert.deepStrictEqual([attempts, state], [1, "failed"])
    }
    assert.strictEqual(
      (await attemptsFor(() => ({ status: 302, headers: { location: "http://127.0.0.1:1/" } }))).attempts,
      1,
    )
    const { acme } = await setUp()
    await connect(acme, "http://127.0.0.1:1/closed", "x")
    await reply(acme, await acme.ticket(), "r")
    await eventually(() => acme.emulator.deliveries()[0]?.state === "failed", "refused")
    assert.strictEqual(acme.emulator.deliveries()[0]?.attempts[0]?.outcome, "unreachable")
  })

  it("tries timeouts five more times", async () => {
    const { attempts, state } = await attemptsFor(() => ({ status: 200, silent: true }), { timeScale: 0.003 })
    assert.deepStrictEqual([attempts, state], [6, "timeout"])
  })

  it("pauses a failing webhook for a while and then goes on", async () => {
    let healthy = false
    const { acme, hook } = await setUp(
      {
        webhooks: { breakerMinimum: 4, breakerPauseMs: 20_000 },
        limits: { ticketUpdatesPer10Minutes: 1_000 },
      },
      () => ({ status: healthy ? 200 : 500 }),
    )
    await connect(acme, hook.url, "x")
    const id = await acme.ticket()
    for (let i = 1; i <= 4; i++) {
      await reply(acme, id, `r${i}`)
      await eventually(() => acme.emulator.counts().pendingDeliveries === 0, "attempt ends")
    }
    await reply(acme, id, "while paused")
    await eventually(() => acme.emulator.deliveries().at(-1)?.state === "circuit broken", "paused")
    assert.lengthOf(hook.hooks, 4)
    healthy = true
    await eventually(() => {
      acme.emulator.agent(id, { action: "reply", body: "again" })
      return acme.emulator.deliveries().some((delivery) => delivery.state === "success")
    }, "the pause ends")
  })
})

describe("webhook faults", () => {
  it("duplicates, drops, delays and reorders", async () => {
    const { acme, hook } = await setUp()
    await connect(acme, hook.url, "{{ticket.latest_public_comment}}")
    const id = await acme.ticket()
    await acme.control("POST", "/faults", { kind: "duplicateWebhook", times: 1 })
    await reply(acme, id, "twice")
    const twice = await hook.until(2)
    assert.deepStrictEqual(
      twice.map((item) => item.body),
      ["twice", "twice"],
    )
    assert.strictEqual(new Set(twice.map((item) => item.headers["x-zendesk-webhook-invocation-id"])).size, 1)
    await acme.control("DELETE", "/faults")
    acme.emulator.addFault({ kind: "dropWebhook", times: 1 })
    await reply(acme, id, "never")
    assert.strictEqual(acme.emulator.deliveries().at(-1)?.state, "dropped")
    acme.emulator.addFault({ kind: "reorderWebhook", times: 1 })
    await reply(acme, id, "one")
    await reply(acme, id, "two")
    assert.deepStrictEqual(
      (await hook.until(4)).slice(2).map((item) => item.body),
      ["two", "one"],
    )
    acme.emulator.addFault({ kind: "delayWebhook", times: 1, ms: 60 })
    acme.emulator.agent(id, { action: "reply", body: "late" })
    acme.emulator.agent(id, { action: "reply", body: "later" })
    assert.deepStrictEqual(
      (await hook.until(6)).slice(4).map((item) => item.body),
      ["later", "later"],
    )
  })
})

describe("set-up", () => {
  it("lists webhooks by name, rotates secrets, and checks triggers", async () => {
    const { acme, hook } = await setUp()
    const wired = await connect(acme, hook.url, "x")
    const found = await acme.call("GET", "/api/v2/webhooks?filter[name_contains]=opencx")
    assert.deepStrictEqual(
      arr(found.body, "webhooks").map((item) => at(item, "id")),
      [wired.webhookId],
    )
    assert.lengthOf(
      arr((await acme.call("GET", "/api/v2/webhooks?filter[name_contains]=other")).body, "webhooks"),
      0,
    )
    const rotated = await acme.call("POST", `/api/v2/webhooks/${wired.webhookId}/signing_secret`)
    assert.notStrictEqual(str(rotated.body, "signing_secret.secret"), wired.secret)
    assert.strictEqual((await acme.call("DELETE", `/api/v2/webhooks/${wired.webhookId}`)).status, 422)
    const bad = await acme.call("POST", "/api/v2/webhooks", { webhook: { name: "x", endpoint: "ftp://x" } })
    assert.strictEqual(bad.status, 422)
    const wrong = await acme.call("POST", "/api/v2/triggers", {
      trigger: {
        title: "wrong",
        conditions: { all: [{ field: "comment_is_publick", operator: "is", value: "true" }] },
        actions: [{ field: "notification_webhook", value: ["nope", "x"] }],
      },
    })
    assert.deepStrictEqual(Object.keys(Object(at(wrong.body, "details"))).sort(), ["actions", "conditions"])
    const definitions = await acme.call("GET", "/api/v2/triggers/definitions.json")
    const comment = arr(definitions.body, "definitions.conditions_all").find(
      (item) => at(item, "subject") === "comment_is_public",
    )
    assert.deepStrictEqual(
      arr(comment, "values").map((item) => at(item, "value")),
      ["true", "false", "not_relevant", "requester_can_see_comment"],
    )
    assert.strictEqual((await acme.call("DELETE", `/api/v2/triggers/${wired.triggerId}`)).status, 204)
    assert.strictEqual((await acme.call("DELETE", `/api/v2/webhooks/${wired.webhookId}`)).status, 204)
  })

  it("delivers event subscriptions, internal notes included", async () => {
    const { acme, hook } = await setUp()
    await acme.call("POST", "/api/v2/webhooks", {
      webhook: {
        name: "Events",
        status: "active",
        endpoint: hook.url,
        http_method: "POST",
        request_format: "json",
        subscriptions: ["zen:event-type:ticket.comment_added"],
      },
    })
    const id = await acme.ticket()
    const hooks = await hook.until(1)
    const body: unknown = JSON.parse(hooks[0]?.body ?? "")
    assert.strictEqual(str(body, "subject"), `zen:ticket:${id}`)
    assert.strictEqual(at(body, "event.comment.is_public"), false)
  })
})

describe("notification mails", () => {
  it("mails the requester a second time unless the trigger leaves our tag out", async () => {
    const { acme } = await setUp()
    const id = await acme.ticket()
    assert.lengthOf(acme.emulator.notifications(), 0)
    await reply(acme, id, "answer")
    assert.deepStrictEqual(
      acme.emulator.notifications().map((mail) => [mail.to, mail.body]),
      [["dana@example.com", "answer"]],
    )
    const triggers = await acme.call("GET", "/api/v2/triggers.json")
    const own = arr(triggers.body, "triggers").find(
      (item) => at(item, "title") === "Notify requester of comment update",
    )
    const all = [
      ...arr(own, "conditions.all"),
      { field: "current_tags", operator: "not_includes", value: "opencx" },
    ]
    const edited = await acme.call("PUT", `/api/v2/triggers/${num(own, "id")}`, {
      trigger: { conditions: { all, any: [] } },
    })
    assert.strictEqual(edited.status, 200)
    await reply(acme, id, "second")
    await acme.control("POST", `/tickets/${id}/agent`, { action: "note", body: "note" })
    assert.lengthOf(acme.emulator.notifications(), 1)
    const plain = await acme.ticket({ tags: [] })
    await reply(acme, plain, "not ours")
    assert.lengthOf(acme.emulator.notifications(), 2)
  })
})
