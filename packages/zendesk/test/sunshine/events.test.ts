import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import {
  type ChatEvent,
  chatEventOf,
  decodeMessagingEvents,
  maxMessagingBytes,
  verifyMessagingKey,
} from "../../src/index.ts"
import { sessionId } from "../fake/drafts.ts"
import {
  bodyOf,
  conversationJson,
  decoded,
  eventJson,
  holders,
  meaning,
  messageEvent,
  messageJson,
} from "../fake/events.ts"
import { contactId, names, orgId } from "../fake/sunshine.ts"

const conversation = conversationJson()
const at = Date.parse("2026-11-21T09:00:00.000Z")
const chat = {
  conversationId: "c0ffee00c0ffee00c0ffee00",
  session: { orgId, contactId, sessionId },
  control: "ours",
  at,
}

const like = (event: ChatEvent, expected: object): void => {
  for (const [key, value] of Object.entries(expected))
    assert.deepStrictEqual(Reflect.get(event, key), value, `${key} of ${JSON.stringify(event)}`)
}

describe("chatEventOf, every kind that Zendesk sends", () => {
  it("conversation:message by a customer, with everything that may come along", () => {
    const user = {
      id: "u1",
      externalId: contactId,
      zendeskId: 35436,
      authenticated: true,
      profile: { givenName: "Dana", surname: "Lee", email: "dana@example.com", locale: "ar" },
    }
    const source = {
      type: "whatsapp",
      integrationId: "w1",
      originalMessageId: "wamid.1",
      originalMessageTimestamp: "2026-11-21T08:59:00.000Z",
      client: { type: "whatsapp", externalId: "15551234567", displayName: "D. L." },
    }
    const event = meaning(messageEvent({ author: { type: "user", userId: "u1", user }, source }))
    like(event, {
      ...chat,
      _tag: "CustomerWrote",
      messageId: "m1",
      userId: "u1",
      externalId: contactId,
      zendeskId: "35436",
      authenticated: true,
      text: "Hello",
      files: [],
      sentAt: Date.parse("2026-11-21T08:59:00.000Z"),
      profile: { name: "Dana Lee", email: "dana@example.com", locale: "ar" },
      source: {
        type: "whatsapp",
        integrationId: "w1",
        messageId: "wamid.1",
        address: "15551234567",
        displayName: "D. L.",
      },
    })
  })

  it("conversation:message with the least that may come", () => {
    const message = { id: "m1", author: { type: "user", userId: "u1" } }
    const event = meaning(eventJson("conversation:message", { conversation: { id: "c1" }, message }))
    like(event, {
      _tag: "CustomerWrote",
      session: null,
      control: "nobody",
      externalId: null,
      zendeskId: null,
      authenticated: false,
      sentAt: at,
      profile: { name: null, email: null, locale: null },
    })
  })

  it("conversation:message by a human and by a trigger", () => {
    const human = {
      author: { type: "business", displayName: "Steve" },
      source: { type: "zd:agentWorkspace" },
      metadata: { "__zendesk_msg.agent.id": "7" },
    }
    const control = { activeSwitchboardIntegration: holders.humans }
    const wrote = { _tag: "HumanWrote", agentName: "Steve", text: "Hello", control: "humans" }
    like(meaning(messageEvent(human, control)), { ...wrote, agentId: "7", automatic: false })
    const trigger = { ...human, metadata: { "__zendesk_msg.agent.id": "__trigger" } }
    like(meaning(messageEvent(trigger, control)), { ...wrote, agentId: null, automatic: true })
  })

  it("activities end the chat; who has it is told by control alone", () => {
    const ends = (type: string): object =>
      messageEvent({
        activity: { type },
        author: { type: "business" },
        source: { type: "zd:agentWorkspace" },
      })
    like(meaning(ends("ticket:closed")), { _tag: "Ended", by: "ticket_closed" })
    like(meaning(ends("ticket:transfer:email")), { _tag: "Ended", by: "transferred_to_email" })
    like(meaning(ends("conversation:endedByUser")), { _tag: "Ended", by: "customer" })
    like(meaning(ends("agent:joined")), { _tag: "Ignored", control: "ours" })
    const inContent = { content: { type: "activity", activity: { type: "ticket:closed" } } }
    like(meaning(messageEvent(inContent)), { _tag: "Ended", by: "ticket_closed" })
  })

  it("read and typing, by either side", () => {
    const activity = (type: string, kind: string, author: string) =>
      meaning(eventJson(type, { conversation, activity: { type: kind, author: { type: author } } }))
    like(activity("conversation:read", "conversation:read", "user"), {
      ...chat,
      _tag: "Read",
      author: "customer",
    })
    like(activity("conversation:read", "conversation:read", "business"), { _tag: "Read", author: "business" })
    like(activity("conversation:typing", "typing:start", "user"), {
      _tag: "Typing",
      author: "customer",
      on: true,
    })
    like(activity("conversation:typing", "typing:stop", "business"), {
      _tag: "Typing",
      author: "business",
      on: false,
    })
  })

  it("a postback is the customer's choice", () => {
    const payload = {
      conversation,
      user: { id: "u1" },
      postback: { payload: "TALK_TO_HUMAN" },
      source: { type: "messenger" },
    }
    like(meaning(eventJson("conversation:postback", payload)), {
      ...chat,
      _tag: "CustomerWrote",
      userId: "u1",
      text: "TALK_TO_HUMAN",
      payload: "TALK_TO_HUMAN",
    })
  })

  it("deliveries, and failures in plain words", () => {
    const payload = { conversation, message: { id: "m9" }, destination: { type: "whatsapp" } }
    like(meaning(eventJson("conversation:message:delivery:channel", payload)), {
      _tag: "Delivered",
      stage: "channel",
      messageId: "m9",
    })
    like(meaning(eventJson("conversation:message:delivery:user", payload)), {
      _tag: "Delivered",
      stage: "user",
    })
    const error = { code: "uncategorized_error", message: "Unsupported message type" }
    const failed = (more: object) =>
      meaning(eventJson("conversation:message:delivery:failure", { ...payload, ...more }))
    like(failed({ error, isFinalEvent: true }), {
      _tag: "DeliveryFailed",
      messageId: "m9",
      final: true,
      channel: "whatsapp",
      explanation: "The message did not reach the customer on whatsapp: Unsupported message type",
    })
    like(failed({ error, isFinalEvent: false }), { final: false })
    like(failed({}), {
      final: true,
      explanation: "The message did not reach the customer on whatsapp: no reason given",
    })
  })

  it("control, done and refused, with Zendesk's reason", () => {
    const control = (type: string, more: object = {}, active: unknown = holders.humans) =>
      meaning(
        eventJson(type, {
          conversation: conversationJson({ activeSwitchboardIntegration: active }),
          ...more,
        }),
      )
    like(control("switchboard:passControl"), {
      _tag: "ControlChanged",
      action: "pass",
      control: "humans",
      failure: null,
    })
    like(control("switchboard:releaseControl", { reason: "ticketClosed" }, null), {
      action: "release",
      control: "nobody",
      reason: "ticketClosed",
    })
    like(control("switchboard:offerControl"), { action: "offer", control: "humans" })
    like(control("switchboard:acceptControl", {}, holders.ours), { action: "accept", control: "ours" })
    const error = { code: "switchboard_invalid_target", message: "Switchboard invalid target" }
    for (const action of ["pass", "offer", "accept"]) {
      like(control(`switchboard:${action}Control:failure`, { error }), {
        action,
        failure: "Zendesk did not do it: Switchboard invalid target (switchboard_invalid_target)",
      })
    }
  })

  it("two customers who became one, with and without a merged chat", () => {
    const mergedUsers = { surviving: { id: "u1", externalId: "a" }, discarded: { id: "u2", zendeskId: "9" } }
    like(meaning(eventJson("user:merge", { mergedUsers, reason: "channelLinking" })), {
      _tag: "UsersMerged",
      survivingUserId: "u1",
      survivingExternalId: "a",
      discardedUserId: "u2",
      discardedExternalId: null,
      conversations: null,
      reason: "channelLinking",
    })
    const mergedConversations = { surviving: { id: "c1" }, discarded: { id: "c2" } }
    like(meaning(eventJson("user:merge", { mergedUsers, mergedConversations })), {
      conversations: { survivingId: "c1", discardedId: "c2" },
    })
  })

  for (const type of [
    "conversation:create",
    "conversation:join",
    "conversation:leave",
    "conversation:remove",
    "conversation:referral",
    "client:add",
    "client:remove",
    "client:update",
    "user:update",
    "user:remove",
    "passthrough:messaging",
  ]) {
    it(`${type} asks for nothing, and still tells who has the chat`, () => {
      like(meaning(eventJson(type, { conversation })), {
        ...chat,
        _tag: "Ignored",
        why: `nothing to do on ${type}`,
      })
      like(meaning(eventJson(type, {})), { _tag: "Ignored", control: null, conversationId: null })
    })
  }

  it("a kind of tomorrow comes out with its name", () => {
    const event = meaning(eventJson("conversation:reaction", { conversation }))
    like(event, {
      _tag: "Ignored",
      why: "an event of an unknown kind: conversation:reaction",
      control: "ours",
    })
  })

  it("echoes, bots and other programs are nothing to do", () => {
    const api = { author: { type: "business" }, source: { type: "api:conversations" } }
    like(meaning(messageEvent({ ...api, metadata: { opencx_marker: "x#1" } })), {
      _tag: "Ignored",
      why: "our own words, coming back",
    })
    like(meaning(messageEvent({ ...api, source: { type: "zd:answerBot" } })), {
      why: "Zendesk's own bot wrote",
    })
    like(meaning(messageEvent(api)), { why: "another program wrote for the business" })
  })

  it("ids of a session that are not ours in form count as none", () => {
    const metadata = { opencx_org_id: orgId, opencx_contact_id: contactId, opencx_session_id: "7; drop" }
    like(meaning(messageEvent({}, { metadata })), { session: null, _tag: "CustomerWrote" })
  })
})

describe("decodeMessagingEvents", () => {
  it("keeps the siblings of a bad item, in order", () => {
    const events = decoded(
      messageEvent(),
      { id: "bad-1", type: "conversation:message", payload: { conversation: {}, message: {} } },
      "nonsense",
      null,
      { id: "bad-2" },
      messageEvent({ id: "m2" }),
    )
    assert.deepStrictEqual(
      events.map((event) => event._tag),
      ["Message", "Unreadable", "Unreadable", "Unreadable", "Unreadable", "Message"],
    )
    const meanings = events.map((event) => chatEventOf(event, names)._tag)
    assert.deepStrictEqual(meanings[1], "Ignored")
  })

  it("gives an event without an id the same one over redeliveries", () => {
    const { id: _, ...nameless } = { id: "", ...messageEvent() }
    const [first] = decoded(nameless)
    const [again] = decoded(nameless)
    const [other] = decoded({ ...nameless, createdAt: "2026-11-21T09:00:01.000Z" })
    assert.match(first?.id ?? "", /^sha256:[0-9a-f]{32}$/)
    assert.strictEqual(first?.id, again?.id)
    assert.notStrictEqual(first?.id, other?.id)
  })

  it("takes fields that nobody has heard of", () => {
    const event = eventJson("conversation:message", {
      conversation: { ...conversationJson(), mood: { deep: [1] } },
      message: { ...messageJson(), reactions: [] },
      campaign: {},
    })
    assert.strictEqual(decoded(event)[0]?._tag, "Message")
  })

  it.effect("says what is wrong with a body that is no such thing", () =>
    Effect.gen(function* () {
      for (const text of ["", "{", "[]", '{"events":{}}', '{"trigger":"message:appUser"}']) {
        const error = yield* Effect.flip(decodeMessagingEvents(new TextEncoder().encode(text)))
        assert.strictEqual(error._tag, "MalformedInput")
      }
      const large = yield* Effect.flip(decodeMessagingEvents(new Uint8Array(maxMessagingBytes + 1)))
      assert.include(large.detail, "more than")
      assert.lengthOf(yield* decodeMessagingEvents(bodyOf()), 0)
    }),
  )
})

describe("verifyMessagingKey", () => {
  const secrets = [Redacted.make("present"), Redacted.make("previous")]
  const check = (header: string | undefined, known = secrets) =>
    Effect.match(verifyMessagingKey({ header, secrets: known }), {
      onFailure: (error) => error._tag,
      onSuccess: () => "ok",
    })

  it.effect("takes the present secret, and the previous one while it is rotated", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* check("present"), "ok")
      assert.strictEqual(yield* check("previous"), "ok")
      for (const wrong of [undefined, "", "presen", "present ", "PRESENT"])
        assert.strictEqual(yield* check(wrong), "SignatureRejected")
      assert.strictEqual(yield* check("previous", [Redacted.make("present")]), "SignatureRejected")
    }),
  )

  it.effect("leaves it to the signed URL when no secret is known", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* check(undefined, []), "ok")
      assert.strictEqual(yield* check("anything", []), "ok")
    }),
  )
})
