import { assert, describe, it } from "@effect/vitest"
import { classifyMessage, type MessageAuthor } from "../../src/index.ts"
import { decodedMessage, holders } from "../fake/events.ts"
import { names } from "../fake/sunshine.ts"

const business = (more: object = {}): object => ({
  author: { type: "business", displayName: "Sam", ...more },
})

const is = (message: object, author: MessageAuthor, agentId: string | null = null): void => {
  const found = classifyMessage(decodedMessage(message), names)
  assert.deepStrictEqual([found.author, found.agentId], [author, agentId])
}

describe("classifyMessage: Zendesk's table, row by row", () => {
  for (const type of ["whatsapp", "messenger", "instagram", "web", "twilio", "a-channel-of-tomorrow"]) {
    it(`a user on ${type} is the customer`, () => {
      is({ source: { type } }, "customer")
    })
  }

  it("the business by the API with our marker is our echo", () => {
    is({ ...business(), source: { type: "api:conversations" }, metadata: { opencx_marker: "d#1" } }, "echo")
  })

  it("an agent in the Agent Workspace is a human", () => {
    const message = {
      ...business({ subtypes: ["agent"] }),
      source: { type: "zd:agentWorkspace" },
      metadata: { "__zendesk_msg.agent.id": "20978392" },
    }
    is(message, "human", "20978392")
    is({ ...message, metadata: { "__zendesk_msg.agent.id": 20978392 } }, "human", "20978392")
  })

  it("a messaging trigger is automation, not a human", () => {
    const message = {
      ...business(),
      source: { type: "zd:agentWorkspace" },
      metadata: { "__zendesk_msg.agent.id": "__trigger" },
    }
    is(message, "trigger")
  })

  it("Zendesk's bot is the bot", () => {
    is({ ...business({ subtypes: ["bot"] }), source: { type: "zd:answerBot" } }, "bot")
    is({ ...business(), source: { type: "zd:answerBot" } }, "bot")
  })

  it("an activity is a change of state, whoever it names", () => {
    const closed = { activity: { type: "ticket:closed" }, source: { type: "zd:agentWorkspace" } }
    is({ ...business({ subtypes: ["activity"] }), source: { type: "zd:agentWorkspace" } }, "activity")
    is({ ...business(), ...closed }, "activity")
    is({ ...closed, activity: { type: "conversation:endedByUser" } }, "activity")
    is({ content: { type: "activity", activity: { type: "ticket:closed" } } }, "activity")
  })
})

describe("classifyMessage: the edges of the table", () => {
  it("a human needs neither undocumented metadata nor subtypes: the source decides", () => {
    is({ ...business(), source: { type: "zd:agentWorkspace" } }, "human")
    is({ ...business(), source: { type: "zd:agentWorkspace" }, metadata: {} }, "human")
    is({ ...business({ subtypes: [] }), source: { type: "zd:agentWorkspace" } }, "human")
  })

  it("a bot's text through the Agent Workspace is automation", () => {
    is({ ...business({ subtypes: ["bot"] }), source: { type: "zd:agentWorkspace" } }, "trigger")
    is({ ...business({ subtypes: ["AI"] }), source: { type: "zd:agentWorkspace" } }, "trigger")
  })

  it("the customer's words that we posted are our echo, those of another program are the customer's", () => {
    is({ source: { type: "api:conversations" }, metadata: { opencx_marker: "d#1" } }, "echo")
    is({ source: { type: "api:conversations" } }, "customer")
    is({ source: { type: "api:conversations" }, metadata: { opencx_marker: 1 } }, "customer")
  })

  it("our marker from a channel proves nothing", () => {
    is({ source: { type: "web" }, metadata: { opencx_marker: "d#1" } }, "customer")
    const agent = { ...business(), source: { type: "zd:agentWorkspace" } }
    is({ ...agent, metadata: { opencx_marker: "d#1", "__zendesk_msg.agent.id": "7" } }, "human", "7")
  })

  it("another program that speaks for the business is never taken for a human", () => {
    is({ ...business(), source: { type: "api:conversations" } }, "foreign")
    is({ ...business({ subtypes: ["agent"] }), source: { type: "api:conversations" } }, "foreign")
    const posing = { ...business(), source: { type: "api:conversations" } }
    is({ ...posing, metadata: { "__zendesk_msg.agent.id": "7" } }, "foreign")
  })

  it("a human in a channel's own inbox is one only with Zendesk's marks", () => {
    is({ ...business({ subtypes: ["agent"] }), source: { type: "messenger" } }, "human")
    is({ ...business(), source: { type: "messenger" } }, "foreign")
  })

  it("without a source or with an unknown author it is nobody's word", () => {
    is({ ...business(), source: null }, "foreign")
    is({ author: { type: "robot" } }, "foreign")
    is({ author: {}, source: null }, "foreign")
  })

  it("every message says who has the conversation, by name first", () => {
    const control = (active: unknown): string =>
      classifyMessage(decodedMessage({}, { activeSwitchboardIntegration: active }), names).control
    assert.strictEqual(control(holders.ours), "ours")
    assert.strictEqual(control(holders.humans), "humans")
    assert.strictEqual(control(holders.bot), "bot")
    assert.strictEqual(control(null), "nobody")
    assert.strictEqual(control({ name: "renamed", integrationType: "zd:agentWorkspace" }), "humans")
    assert.strictEqual(control({ name: "renamed", integrationType: "zd:answerBot" }), "bot")
    assert.strictEqual(control({ name: "OpenCX", integrationType: "custom" }), "other")
    assert.strictEqual(control({ name: "opencx", integrationType: "zd:agentWorkspace" }), "ours")
    assert.strictEqual(control({}), "other")
    const own = { integrationName: "acme-ai", agentWorkspaceName: "people" }
    const renamed = decodedMessage({}, { activeSwitchboardIntegration: { name: "people" } })
    assert.strictEqual(classifyMessage(renamed, own).control, "humans")
  })
})
