/** Live chats: the app's settings broken one by one, and conversations that somebody else holds. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { ChatId, Secrets, Session, TicketId, type Entry } from "@opencx/core"
import { sampleSunshineApp } from "@opencx/zendesk-emulator"
import { Effect, Redacted, Schema } from "effect"
import { eventually } from "../support/run.ts"
import { checkIn, type DoctorStage, isOk, isProblem, setDoctorStage } from "../support/doctorStage.ts"

let stage: DoctorStage
beforeAll(async () => {
  stage = await setDoctorStage()
  isProblem(await stage.look(), "chat.multi_conversations", /[Mm]ulti-conversations/, /Admin Center/)
  await stage.setUp()
}, 30_000)
afterAll(() => stage.close())

const Boards = Schema.decodeUnknownSync(
  Schema.Struct({ switchboards: Schema.Array(Schema.Struct({ id: Schema.String })) }),
)
const Places = Schema.decodeUnknownSync(
  Schema.Struct({
    switchboardIntegrations: Schema.Array(
      Schema.Struct({ id: Schema.String, name: Schema.String, integrationId: Schema.NullOr(Schema.String) }),
    ),
  }),
)
const Integrations = Schema.decodeUnknownSync(
  Schema.Struct({
    integrations: Schema.Array(
      Schema.Struct({
        id: Schema.String,
        type: Schema.String,
        webhooks: Schema.optionalKey(
          Schema.Array(Schema.Struct({ id: Schema.String, triggers: Schema.Array(Schema.String) })),
        ),
      }),
    ),
  }),
)

const place = async (name: string) => {
  const { switchboards } = Boards(await stage.sunshine("GET", "/switchboards"))
  const path = `/switchboards/${switchboards[0]?.id ?? ""}/switchboardIntegrations`
  const { switchboardIntegrations } = Places(await stage.sunshine("GET", path))
  const found = switchboardIntegrations.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no ${name}`)
  return { board: `/switchboards/${switchboards[0]?.id ?? ""}`, path: `${path}/${found.id}`, found }
}

const ourHook = async () => {
  const { integrations } = Integrations(await stage.sunshine("GET", "/integrations"))
  const ours = integrations.find(({ type, webhooks }) => type === "custom" && (webhooks ?? []).length > 0)
  const hook = ours?.webhooks?.[0]
  if (ours === undefined || hook === undefined) throw new Error("no webhook of ours")
  return `/integrations/${ours.id}/webhooks/${hook.id}`
}

const broken = async (id: string, problem: RegExp, fix: RegExp, breakIt: () => Promise<unknown>) => {
  isOk(await stage.look(), id)
  await breakIt()
  const check = isProblem(await stage.look(), id, problem, fix)
  await stage.setUp()
  isOk(await stage.look(), id)
  return check
}

/** A chat of a customer on WhatsApp in Zendesk, and the session that we have of it. */
const chat = async (
  from: string,
  session: Partial<typeof Session.Encoded> = {},
  bodies: Array<Entry["body"]> = [],
) => {
  const { conversationId } = stage.emulator.sunshine.customerWrites({ channel: "whatsapp", from, text: "hi" })
  const link = {
    conversationId,
    userId: null,
    native: true,
    control: "humans" as const,
    controlAt: null,
    humansHadIt: false,
  }
  const told = await stage.tell({
    channel: "whatsapp",
    session: { chat: link, handoffs: 1, ...session },
    bodies,
  })
  const about = { _tag: "Session", id: told.id } as const
  const pass = async (target: string) => {
    await stage.sunshine("POST", `/conversations/${conversationId}/passControl`, {
      switchboardIntegration: target,
    })
    await eventually(`${target} has it`, async () => {
      const now = JSON.stringify(await stage.sunshine("GET", `/conversations/${conversationId}`))
      return now.includes(`"name":"${target}"`)
    })
  }
  return { conversationId: ChatId.make(conversationId), about, pass, told }
}

describe("messaging", { timeout: 60_000 }, () => {
  it("all settings are good", async () => {
    const found = await stage.look()
    isOk(
      found,
      "chat.connected",
      "chat.multi_conversations",
      "chat.switchboard",
      "chat.integration_name",
      "chat.agent_workspace",
      "chat.webhook",
      "chat.signing_secret",
    )
  })

  it("WhatsApp handoff creates a ticket in place of a chat: no credentials", async () => {
    const accounts = [{ id: "wa", channel: "whatsapp", settings: {} }]
    stage.configure({ accounts })
    isOk(await stage.look(), "chat.connected")
    stage.configure({ accounts, messaging: undefined })
    const found = await stage.look()
    isProblem(found, "chat.connected", /creates a ticket instead of a chat/, /app_/)
    const told = await stage.tell({
      channel: "whatsapp",
      session: { handoffs: 1 },
      bodies: [
        {
          _tag: "HandoffConfirmed",
          ticketId: TicketId.make("77"),
          chatId: null,
          created: true,
          tags: [],
          brief: { summary: "s", sentiment: "neutral", language: null, reason: "customer_asked" },
        },
      ],
    })
    const about = { _tag: "Session", id: told.id } as const
    isProblem(await stage.look(about), "chat.ticket_instead", /ticket instead of a chat/, /Connect Sunshine/)
    stage.configure({ accounts })
    isProblem(await stage.look(about), "chat.ticket_instead", /ticket instead/, /works now/)
    stage.configure({})
  })

  it("Agent Workspace replies do not arrive: wrong event subscription, webhook not registered", async () => {
    await broken(
      "chat.webhook",
      /conversation:message|event subscription/,
      /opencx setup zendesk/,
      async () => stage.sunshine("PATCH", await ourHook(), { triggers: ["conversation:read"] }),
    )
    await broken("chat.webhook", /webhook not registered/, /opencx setup zendesk/, async () =>
      stage.sunshine("DELETE", await ourHook()),
    )
  })

  it("integration not named exactly, Agent Workspace gone", async () => {
    await broken("chat.integration_name", /named exactly "opencx"/, /opencx/, async () =>
      stage.sunshine("PATCH", (await place("opencx")).path, { name: "OpenCX" }),
    )
    stage.configure({
      messaging: { ...sampleSunshineApp, agentWorkspaceName: "zd-somebodyElse" },
    })
    isProblem(
      await stage.look(),
      "chat.agent_workspace",
      /no chat can reach the humans/,
      /agentWorkspaceName/,
    )
    stage.configure({})
    isOk(await stage.look(), "chat.agent_workspace")
  })

  it("signing secret wrong", async () => {
    const check = await broken("chat.signing_secret", /secret is not the one/, /opencx setup zendesk/, () =>
      stage.within(
        Effect.flatMap(Secrets, (secrets) =>
          secrets.put("acme", "zendesk-messaging-webhook-secret", Redacted.make("another")),
        ),
      ),
    )
    assert.isTrue(check.needed)
  })

  it("switchboard off", async () => {
    const { board } = await place("opencx")
    await stage.sunshine("PATCH", board, { enabled: false })
    isProblem(await stage.look(), "chat.switchboard", /no switchboard that is switched on/, /messaging/)
    await stage.sunshine("PATCH", board, { enabled: true })
    isOk(await stage.look(), "chat.switchboard")
  })

  it("zd-answerBot holds the conversation, after Pass control in place of Release control", async () => {
    const { about, conversationId, pass } = await chat("+15550100101")
    await pass("opencx")
    isOk(await stage.look(about), "chat.held_by_bot", "chat.conversation_control")
    await pass("zd-answerBot")
    const found = await stage.look(about)
    isProblem(found, "chat.held_by_bot", /zd-answerBot has the conversation/, /Release control/)
    isProblem(
      found,
      "chat.conversation_control",
      /Pass control/,
      /Conversation control: choose Release control/,
    )
    assert.strictEqual(found.conversation?.control, "bot")
    assert.match(found.conversation?.next ?? "", /Release control/)
    await pass("opencx")
    const noted = (control: string): Entry["body"] => ({
      _tag: "ChatControlChanged",
      chatId: conversationId,
      control,
      reason: null,
    })
    const again = await chat("+15550100102", {}, [noted("humans"), noted("bot")])
    await again.pass("opencx")
    isProblem(await stage.look(again.about), "chat.conversation_control", /Pass control/, /Release control/)
  })

  it("another bot holds it", async () => {
    const made = Schema.decodeUnknownSync(
      Schema.Struct({ integration: Schema.Struct({ id: Schema.String }) }),
    )(
      await stage.sunshine("POST", "/integrations", {
        type: "custom",
        displayName: "other-bot",
        webhooks: [{ target: "https://bot.example/", triggers: ["conversation:message"] }],
      }),
    )
    const { board } = await place("opencx")
    await stage.sunshine("POST", `${board}/switchboardIntegrations`, {
      name: "other-bot",
      integrationId: made.integration.id,
      deliverStandbyEvents: false,
    })
    const { about, pass } = await chat("+15550100105")
    await pass("opencx")
    isOk(await stage.look(about), "chat.held_by_other")
    await pass("other-bot")
    isProblem(await stage.look(about), "chat.held_by_other", /Another integration/, /Marketplace bots/)
  })

  it("Zendesk's own bot answers first on a channel that was not chosen: a notice", async () => {
    const check = isProblem(
      await stage.look(),
      "chat.first_responder",
      /somebody else answers first/,
      /Channels/,
    )
    assert.isFalse(check.needed)
    const { integrations } = Integrations(await stage.sunshine("GET", "/integrations"))
    await stage.setUp(integrations.filter(({ type }) => type !== "custom").map(({ id }) => id))
    isOk(await stage.look(), "chat.first_responder")
  })

  it("a chat that cannot be read is unknown", async () => {
    const { about } = await chat("+15550100106")
    stage.emulator.addFault({ kind: "status503", match: { path: "/conversations/" } })
    assert.strictEqual(checkIn(await stage.look(about), "chat.held_by_bot").status, "unknown")
    stage.emulator.clearFaults()
  })

  it("zd-agentWorkspace holds it: Solved, not yet Closed", async () => {
    const { about, conversationId, pass } = await chat("+15550100103")
    await pass("zd-agentWorkspace")
    isOk(await stage.look(about), "chat.solved_not_closed")
    stage.emulator.sunshine.agent(conversationId, { action: "solve" })
    const check = isProblem(
      await stage.look(about),
      "chat.solved_not_closed",
      /solved and not yet closed/,
      /Automations/,
    )
    assert.match((await stage.look(about)).conversation?.next ?? "", /^Close the ticket/)
    assert.isFalse(check.needed, "it ends by itself")
    stage.emulator.sunshine.agent(conversationId, { action: "close" })
    await eventually(
      "it is let go",
      async () => checkIn(await stage.look(about), "chat.solved_not_closed").status === "ok",
    )
  })

  it("Zendesk gave it back, and the news was lost", async () => {
    const { about, pass } = await chat("+15550100104")
    await pass("zd-agentWorkspace")
    isOk(await stage.look(about), "chat.missed_control")
    await pass("opencx")
    isProblem(await stage.look(about), "chat.missed_control", /news of it has not come/, /releaseControl/)
  })
})
