import { assert, describe, it } from "@effect/vitest"
import { afterEach } from "vitest"
import { type Answer, arr, at, eventually, type Receiver, receiver, str } from "../harness.ts"
import { basic, type Chat, connected, connectSunshine, eventsOf, typesOf } from "./harness.ts"

let open: Array<{ close: () => Promise<void> }> = []
afterEach(async () => {
  await Promise.all(open.map((item) => item.close()))
  open = []
})

const start = async (...args: Parameters<typeof connected>): ReturnType<typeof connected> => {
  const all = await connected(...args)
  open.push(all.acme.emulator, all.hook)
  return all
}

const code = (answer: Answer): readonly [number, unknown] => [answer.status, at(answer.body, "errors.0.code")]

const control = (acme: Chat, id: string, action: string, body: object = {}): Promise<Answer> =>
  acme.sc("POST", `/conversations/${id}/${action}`, body)

const active = async (acme: Chat, id: string): Promise<unknown> =>
  at((await acme.sc("GET", `/conversations/${id}`)).body, "conversation.activeSwitchboardIntegration.name")

const until = (hook: Receiver, type: string, count = 1): Promise<void> =>
  eventually(() => typesOf(hook).filter((item) => item === type).length >= count, `${count} × ${type}`)

const last = (hook: Receiver, type: string): unknown =>
  eventsOf(hook).findLast((event) => at(event, "type") === type)

/** Nothing is on its way any more. */
const settled = (acme: Chat): Promise<void> =>
  eventually(() => acme.emulator.counts().pendingMessagingDeliveries === 0, "deliveries settle")

describe("the switchboard", () => {
  it("has Zendesk's two responders, and takes ours", async () => {
    const { acme, ours } = await start()
    const workspace = await acme.member("zd-agentWorkspace")
    const bot = await acme.member("zd-answerBot")
    assert.strictEqual(at(workspace, "integrationType"), "zd:agentWorkspace")
    assert.strictEqual(at(bot, "nextSwitchboardIntegrationId"), at(workspace, "id"))
    const own = await acme.member("opencx")
    assert.deepStrictEqual(
      [at(own, "integrationId"), at(own, "integrationType"), at(own, "messageHistoryCount")],
      [ours.integrationId, "custom", 10],
    )
    const board = str((await acme.sc("GET", "/switchboards")).body, "switchboards.0.id")
    const members = `/switchboards/${board}/switchboardIntegrations`
    const bad: ReadonlyArray<readonly [object, readonly [number, string]]> = [
      [{ name: "opencx", integrationId: ours.integrationId }, [400, "bad_request"]],
      [{ name: "open cx", integrationId: ours.integrationId }, [400, "bad_request"]],
      [{ name: "x" }, [400, "bad_request"]],
      [{ name: "x", integrationId: "0123456789abcdef01234567" }, [404, "integration_not_found"]],
      [{ name: "x", integrationId: ours.integrationId, messageHistoryCount: 11 }, [400, "bad_request"]],
      [
        { name: "x", integrationId: ours.integrationId, nextSwitchboardIntegrationId: "nope" },
        [404, "switchboard_integration_not_found"],
      ],
    ]
    for (const [body, expected] of bad)
      assert.deepStrictEqual(code(await acme.sc("POST", members, body)), expected, JSON.stringify(body))
    const patched = await acme.sc("PATCH", `${members}/${ours.memberId}`, {
      deliverStandbyEvents: false,
      name: "renamed",
    })
    assert.deepStrictEqual(
      [
        at(patched.body, "switchboardIntegration.deliverStandbyEvents"),
        at(patched.body, "switchboardIntegration.name"),
      ],
      [false, "renamed"],
    )
    // The default one and anybody's next one must stay.
    assert.deepStrictEqual(code(await acme.sc("DELETE", `${members}/${str(bot, "id")}`)), [
      400,
      "bad_request",
    ])
    assert.deepStrictEqual(code(await acme.sc("DELETE", `${members}/${str(workspace, "id")}`)), [
      400,
      "bad_request",
    ])
    for (let i = 3; i < 10; i++)
      await acme.sc("POST", members, { name: `m${i}`, integrationId: ours.integrationId })
    const eleventh = await acme.sc("POST", members, { name: "m11", integrationId: ours.integrationId })
    assert.deepStrictEqual(code(eleventh), [400, "too_many_switchboard_integrations"])
    assert.deepStrictEqual(code(await acme.sc("POST", "/switchboards")), [400, "bad_request"])
    const patchedBoard = await acme.sc("PATCH", `/switchboards/${board}`, {
      defaultSwitchboardIntegrationId: ours.memberId,
    })
    assert.strictEqual(at(patchedBoard.body, "switchboard.defaultSwitchboardIntegrationId"), ours.memberId)
  })

  it("sets a channel's default responder and shows whether it is inherited", async () => {
    const { acme, ours } = await start()
    const list = await acme.sc("GET", "/integrations?filter[types]=whatsapp")
    const whatsapp = str(list.body, "integrations.0.id")
    assert.lengthOf(arr(list.body, "integrations"), 1)
    assert.deepStrictEqual(
      [
        at(list.body, "integrations.0.defaultResponder.name"),
        at(list.body, "integrations.0.defaultResponder.inherited"),
      ],
      ["zd-answerBot", true],
    )
    const set = await acme.sc("PATCH", `/integrations/${whatsapp}`, { defaultResponderId: ours.memberId })
    assert.deepStrictEqual(
      [
        at(set.body, "integration.defaultResponder.name"),
        at(set.body, "integration.defaultResponder.inherited"),
      ],
      ["opencx", false],
    )
    const wrong = await acme.sc("PATCH", `/integrations/${whatsapp}`, {
      defaultResponderId: ours.integrationId,
    })
    assert.deepStrictEqual(code(wrong), [404, "switchboard_integration_not_found"])
    const twilio = {
      type: "twilio",
      accountSid: "AC1",
      authToken: "secret",
      defaultResponderId: ours.memberId,
    }
    const made = await acme.sc("POST", "/integrations", twilio)
    assert.deepStrictEqual([made.status, at(made.body, "integration.defaultResponder.name")], [201, "opencx"])
    assert.notInclude(made.text, "secret")
    assert.deepStrictEqual(code(await acme.sc("POST", "/integrations", { type: "twilio" })), [
      400,
      "bad_request",
    ])
    const gone = await acme.sc("DELETE", `/integrations/${str(made.body, "integration.id")}`)
    assert.strictEqual(gone.text, "{}")
    assert.deepStrictEqual(code(await acme.sc("POST", "/integrations", { type: "fax" })), [
      400,
      "bad_request",
    ])
    assert.deepStrictEqual(code(await acme.sc("POST", "/integrations", { type: "custom" })), [
      400,
      "bad_request",
    ])
    assert.deepStrictEqual(code(await acme.sc("DELETE", `/integrations/${whatsapp}`)), [400, "bad_request"])
  })
})

describe("passing control", () => {
  it("answers at once and happens later, by name, id, type or next", async () => {
    const { acme, hook, ours } = await start({ sunshine: { controlLagMs: 100_000 } })
    const id = await acme.conversation(await acme.user("c1"))
    const workspace = str(await acme.member("zd-agentWorkspace"), "id")
    const steps: ReadonlyArray<readonly [string, string]> = [
      ["opencx", "opencx"],
      ["next", "zd-agentWorkspace"],
      [ours.memberId, "opencx"],
      ["zd:agentWorkspace", "zd-agentWorkspace"],
      ["custom", "opencx"],
      [workspace, "zd-agentWorkspace"],
    ]
    for (const [index, [target, name]] of steps.entries()) {
      const answer = await control(acme, id, "passControl", { switchboardIntegration: target })
      assert.deepStrictEqual([answer.status, answer.text], [200, "{}"])
      if (index === 0) assert.strictEqual(await active(acme, id), "zd-answerBot", "not yet")
      acme.emulator.sunshine.configure({ controlLagMs: 50 })
      await until(hook, "switchboard:passControl", index + 1)
      assert.strictEqual(await active(acme, id), name)
    }
  })

  it("is silent when repeated, carries metadata, and fails by event", async () => {
    const { acme, hook } = await start()
    const id = await acme.conversation(await acme.user("c1"))
    await control(acme, id, "passControl", { switchboardIntegration: "opencx", metadata: { why: "mine" } })
    await until(hook, "switchboard:passControl")
    assert.deepStrictEqual(at(last(hook, "switchboard:passControl"), "payload.metadata"), { why: "mine" })
    await control(acme, id, "passControl", { switchboardIntegration: "opencx" })
    const failed = await control(acme, id, "passControl", {
      switchboardIntegration: "nobody",
      metadata: { why: "typo" },
    })
    assert.strictEqual(failed.status, 200)
    await until(hook, "switchboard:passControl:failure")
    assert.deepStrictEqual(
      at(last(hook, "switchboard:passControl:failure"), "payload.error.code"),
      "switchboard_invalid_target",
    )
    assert.deepStrictEqual(at(last(hook, "switchboard:passControl:failure"), "payload.metadata"), {
      why: "typo",
    })
    await settled(acme)
    assert.lengthOf(
      typesOf(hook).filter((type) => type === "switchboard:passControl"),
      1,
    )
    acme.emulator.sunshine.configure({ repeatedPassControl: "event" })
    await control(acme, id, "passControl", { switchboardIntegration: "opencx" })
    await until(hook, "switchboard:passControl", 2)
    assert.deepStrictEqual(code(await control(acme, id, "passControl")), [400, "bad_request"])
    assert.deepStrictEqual(code(await control(acme, "0123456789abcdef01234567", "releaseControl")), [
      404,
      "conversation_not_found",
    ])
  })

  it("finds an ambiguous type nobody", async () => {
    const { acme, hook } = await start()
    await connectSunshine(acme, hook.url, { name: "second" })
    const id = await acme.conversation(await acme.user("c1"))
    await control(acme, id, "passControl", { switchboardIntegration: "custom" })
    await until(hook, "switchboard:passControl:failure")
    assert.strictEqual(await active(acme, id), "zd-answerBot")
  })

  it("offers, accepts and releases; a new offer replaces the old, a pass ends it", async () => {
    const { acme, hook } = await start()
    const id = await acme.conversation(await acme.user("c1"))
    await control(acme, id, "acceptControl")
    await until(hook, "switchboard:acceptControl:failure")
    assert.strictEqual(
      at(last(hook, "switchboard:acceptControl:failure"), "payload.error.code"),
      "switchboard_invalid_action",
    )
    await control(acme, id, "offerControl", { switchboardIntegration: "zd-answerBot" })
    await until(hook, "switchboard:offerControl:failure")
    await control(acme, id, "offerControl", { switchboardIntegration: "opencx" })
    await until(hook, "switchboard:offerControl")
    assert.strictEqual(
      at(last(hook, "switchboard:offerControl"), "payload.conversation.pendingSwitchboardIntegration.name"),
      "opencx",
    )
    await control(acme, id, "acceptControl", { metadata: { ok: true } })
    await until(hook, "switchboard:acceptControl")
    assert.strictEqual(await active(acme, id), "opencx")
    await control(acme, id, "offerControl", { switchboardIntegration: "zd-answerBot" })
    await control(acme, id, "passControl", { switchboardIntegration: "zd-agentWorkspace" })
    await until(hook, "switchboard:passControl")
    const now = at((await acme.sc("GET", `/conversations/${id}`)).body, "conversation")
    assert.isUndefined(at(now, "pendingSwitchboardIntegration"))
    await control(acme, id, "releaseControl", { metadata: { done: 1 } })
    await until(hook, "switchboard:releaseControl")
    const event = last(hook, "switchboard:releaseControl")
    assert.isUndefined(at(event, "payload.conversation.activeSwitchboardIntegration"))
    assert.isUndefined(at(event, "payload.reason"))
    assert.deepStrictEqual(at(event, "payload.metadata"), { done: 1 })
  })

  it("lets an integration key act only where it has a say", async () => {
    const { acme, hook, ours } = await start()
    const made = await acme.sc("POST", `/integrations/${ours.integrationId}/keys`, { displayName: "bot" })
    const key = basic(str(made.body, "key.id"), str(made.body, "key.secret"))
    const id = await acme.conversation(await acme.user("c1"))
    const as = (action: string, body: object = {}): Promise<Answer> =>
      acme.sc("POST", `/conversations/${id}/${action}`, body, key)
    for (const action of ["passControl", "offerControl", "acceptControl", "releaseControl"])
      assert.deepStrictEqual(code(await as(action, { switchboardIntegration: "zd-agentWorkspace" })), [
        403,
        "forbidden",
      ])
    await control(acme, id, "offerControl", { switchboardIntegration: "opencx" })
    await until(hook, "switchboard:offerControl")
    assert.deepStrictEqual(code(await as("releaseControl")), [403, "forbidden"])
    assert.strictEqual((await as("acceptControl")).status, 200)
    await until(hook, "switchboard:acceptControl")
    // `next` is the caller's own next.
    assert.strictEqual((await as("passControl", { switchboardIntegration: "next" })).status, 200)
    await until(hook, "switchboard:passControl")
    assert.strictEqual(await active(acme, id), "zd-agentWorkspace")
  })

  it("gets stuck, fails or loses its answer on demand", async () => {
    const { acme, hook } = await start()
    const id = await acme.conversation(await acme.user("c1"))
    const pass = (): Promise<Answer> =>
      control(acme, id, "passControl", { switchboardIntegration: "zd-agentWorkspace" })
    acme.emulator.addFault({ kind: "stuckControl", match: { path: "/passControl$" }, times: 1 })
    assert.deepStrictEqual([(await pass()).text], ["{}"])
    acme.emulator.addFault({
      kind: "failControl",
      times: 1,
      error: { code: "switchboard_invalid_action", message: "no" },
    })
    await pass()
    await until(hook, "switchboard:passControl:failure")
    assert.deepStrictEqual(at(last(hook, "switchboard:passControl:failure"), "payload.error"), {
      code: "switchboard_invalid_action",
      message: "no",
    })
    assert.strictEqual(await active(acme, id), "zd-answerBot")
    assert.strictEqual(acme.emulator.counts().tickets, 0)
    await pass()
    await until(hook, "switchboard:passControl")
    assert.strictEqual(acme.emulator.counts().tickets, 1)
  })
})

describe("who hears what", () => {
  it("tells the active one and the one offered control; in standby only who asked for it", async () => {
    const { acme, hook, ours } = await start({}, { member: { deliverStandbyEvents: false } })
    const eager = await receiver()
    open.push(eager)
    await connectSunshine(acme, eager.url, { name: "eager" })
    const outsider = await receiver()
    open.push(outsider)
    await acme.sc("POST", "/integrations", {
      type: "custom",
      webhooks: [{ target: outsider.url, triggers: ["conversation:message"] }],
    })
    const user = await acme.user("c1")
    const id = await acme.conversation(user)
    const say = (text: string): Promise<Answer> =>
      acme.sc("POST", `/conversations/${id}/messages`, {
        author: { type: "user", userId: user },
        content: { type: "text", text },
      })
    const heard = (who: Receiver): ReadonlyArray<unknown> =>
      eventsOf(who)
        .filter((event) => at(event, "type") === "conversation:message")
        .map((event) => at(event, "payload.message.content.text"))
        .sort()
    await say("1 bot has it")
    await control(acme, id, "passControl", { switchboardIntegration: ours.memberId })
    await until(hook, "switchboard:passControl")
    await say("2 ours")
    await control(acme, id, "passControl", { switchboardIntegration: "zd-agentWorkspace" })
    // Who gives control away still learns of it.
    await until(hook, "switchboard:passControl", 2)
    await say("3 humans")
    await control(acme, id, "offerControl", { switchboardIntegration: "opencx" })
    await until(hook, "switchboard:offerControl")
    await say("4 offered")
    await eventually(() => heard(outsider).length === 4, "outsider hears all")
    await settled(acme)
    assert.deepStrictEqual(heard(hook), ["2 ours", "4 offered"])
    assert.lengthOf(heard(eager), 4)
    acme.emulator.sunshine.configure({ controlEventsTo: "after" })
    await control(acme, id, "passControl", { switchboardIntegration: "zd-answerBot" })
    await until(eager, "switchboard:passControl", 3)
    await settled(acme)
    assert.lengthOf(
      typesOf(hook).filter((type) => type === "switchboard:passControl"),
      2,
    )
  })

  it("tells everybody everything while the switchboard is off", async () => {
    const { acme, hook } = await start({}, { member: { deliverStandbyEvents: false } })
    const board = str((await acme.sc("GET", "/switchboards")).body, "switchboards.0.id")
    await acme.sc("PATCH", `/switchboards/${board}`, { enabled: false })
    await acme.conversation(await acme.user("c1"))
    await until(hook, "conversation:create")
  })
})
