/** Live chats: a text message, WhatsApp, a call, the web widget and Zendesk's own Messenger, each to a human and back. */
import { Effect } from "effect"
import type { World } from "../demo/world.ts"
import { chatWith, humanDoes } from "./chats.ts"
import { expect, NotSeen, until } from "./observe.ts"
import { startVisitor } from "./visitor.ts"
import type { Step } from "./Story.ts"

const dana = "+14155550123"
const lee = "+14155550124"
const kim = "+14155550125"

const promised = <A>(what: string, run: () => Promise<A>) =>
  Effect.tryPromise({ try: run, catch: (cause) => new NotSeen({ what: `${what}: ${String(cause)}` }) })

/** What a customer's phone shows of the shop's words. */
const shopSaid = (lines: ReadonlyArray<{ readonly from: string; readonly text: string }>, words: string) =>
  lines.some(({ from, text }) => from === "shop" && text.includes(words))

const text = (world: World, from: string, words: string) =>
  promised("a text message", () => world.people.text(from, words))

const textSeen = (world: World, of: string, words: string) =>
  until(`"${words}" on the phone`, () => shopSaid(world.people.texts(of), words))

const textAnswered: Step = {
  name: "a text message is answered from the Help Center",
  run: Effect.fnUntraced(function* ({ world }) {
    const status = yield* text(world, dana, "How long does standard shipping take?")
    yield* expect(status === 200, "the webhook is answered with 200")
    yield* until("the answer by SMS", () => shopSaid(world.people.texts(dana), "hc/"))
  }),
}

const textToHuman: Step = {
  name: "a text message that wants a human becomes a live chat with transcript and tags",
  run: Effect.fnUntraced(function* ({ world }) {
    yield* text(world, dana, "I want to talk to a human, please")
    const chat = yield* chatWith(world, "I want to talk to a human, please")
    yield* expect(chat.control.active === "zd-agentWorkspace", "the humans have the chat")
    yield* expect(
      ["opencx", "opencx_handedoff", "opencx_channel_sms"].every((tag) => chat.ticket?.tags.includes(tag)),
      "tags on the chat's ticket",
    )
    yield* expect(
      typeof chat.conversation.metadata?.["opencx_session_id"] === "string",
      "the session's id on the conversation",
    )
    const said = chat.transcript.map((line) => line.text).join("\n")
    yield* expect(said.includes("How long does standard shipping take?"), "the transcript from its beginning")
    yield* textSeen(world, dana, "colleague")
  }),
}

const textReply: Step = {
  name: "the human's reply arrives by SMS on the same number; an internal note does not",
  run: Effect.fnUntraced(function* ({ world }) {
    const chat = yield* chatWith(world, "I want to talk to a human, please")
    yield* humanDoes(world, chat, { action: "note", body: "INTERNAL: a regular customer" })
    yield* humanDoes(world, chat, { action: "reply", body: "Hello Dana, this is Robin." })
    yield* textSeen(world, dana, "this is Robin")
    yield* text(world, dana, "Thank you Robin!")
    yield* chatWith(world, "Thank you Robin!")
    yield* expect(!shopSaid(world.people.texts(dana), "INTERNAL"), "the note stays inside")
  }),
}

const textHandedBack: Step = {
  name: "solved is not closed: the AI is silent until the ticket is closed, then it answers again",
  run: Effect.fnUntraced(function* ({ world }) {
    const chat = yield* chatWith(world, "Thank you Robin!")
    yield* humanDoes(world, chat, { action: "solve" })
    yield* text(world, dana, "And can I return a helmet that does not fit?")
    yield* chatWith(world, "And can I return a helmet that does not fit?")
    yield* humanDoes(world, chat, { action: "solve" })
    yield* humanDoes(world, chat, { action: "close" })
    const before = world.people.texts(dana).length
    yield* text(world, dana, "How do I reset my password?")
    yield* until("the AI's answer after the close", () =>
      shopSaid(world.people.texts(dana).slice(before), "password"),
    )
  }),
}

const whatsapp: Step = {
  name: "WhatsApp: answer, live chat, the human's reply",
  run: Effect.fnUntraced(function* ({ world }) {
    const write = (words: string) => promised("WhatsApp", () => world.people.whatsapp(lee, words))
    const shown = (words: string) =>
      until(`"${words}" in WhatsApp`, () => shopSaid(world.people.whatsapps(lee), words))
    yield* write("How do I reset my password?")
    yield* shown("password")
    yield* write("A human please, my brakes are still broken")
    const chat = yield* chatWith(world, "my brakes are still broken")
    yield* expect(chat.ticket?.tags.includes("opencx_channel_whatsapp") === true, "the channel's tag")
    yield* humanDoes(world, chat, { action: "reply", body: "Hi Lee, bring it in today." })
    yield* shown("bring it in today")
  }),
}

const phone: Step = {
  name: "a call: spoken answer, live chat with what was said, the human's words are spoken",
  run: Effect.fnUntraced(function* ({ world }) {
    const call = yield* promised("the call", () => world.people.call(kim))
    const heard = (words: string) => promised(`"${words}" is heard`, () => call.untilHeard(words))
    call.say("How do I reset my password?")
    yield* heard("password")
    call.say("Please give me a human being, it is about invoice 4711")
    const chat = yield* chatWith(world, "invoice 4711")
    yield* expect(chat.ticket?.tags.includes("opencx_channel_phone") === true, "the channel's tag")
    yield* humanDoes(world, chat, { action: "reply", body: "Invoice 4711 is paid, all is well." })
    yield* heard("all is well")
    call.hangUp()
    yield* chatWith(world, "The call has ended")
    yield* humanDoes(world, chat, { action: "reply", body: "I have sent you the receipt." })
    yield* until("the later reply as a text", () =>
      world.providers.relay.texts.some(({ body, to }) => to === kim && body.includes("the receipt")),
    )
  }),
}

const widget: Step = {
  name: "the web widget: answer with its sources, live chat, the human's reply",
  run: Effect.fnUntraced(function* ({ world }) {
    const visitor = yield* startVisitor(world.urls.runtime)
    yield* visitor.say("How long does standard shipping take?")
    const answer = yield* visitor.untilLine("the AI's answer", ({ author }) => author === "ai")
    yield* expect(answer.sources.length > 0, "sources under the answer")
    yield* visitor.wantHuman
    const chat = yield* chatWith(world, "the customer asked for a human")
    yield* expect(chat.control.active !== null, "somebody has the chat")
    yield* visitor.untilLine("the handoff message", ({ author }) => author === "system")
    yield* visitor.say("My order is 5512")
    const mine = yield* chatWith(world, "My order is 5512")
    yield* humanDoes(world, mine, { action: "reply", body: "Order 5512 left today." })
    const reply = yield* visitor.untilLine("the human's reply", ({ author }) => author === "human")
    yield* expect(reply.text.includes("5512 left today"), "the human's words")
  }),
}

const native: Step = {
  name: "Messenger through Zendesk: we answer while the chat is ours, and hand it over within Zendesk",
  run: Effect.fnUntraced(function* ({ world }) {
    const { sunshine } = world.emulator
    const write = (words: string) =>
      Effect.try({
        try: () =>
          sunshine.customerWrites({ channel: "messenger", from: "psid-77", name: "Sam", text: words }),
        catch: (cause) => new NotSeen({ what: `Messenger: ${String(cause)}` }),
      })
    const shown = (words: string) =>
      until(`"${words}" in Messenger`, () =>
        sunshine.channelDeliveries().some((delivery) => JSON.stringify(delivery).includes(words)),
      )
    yield* write("How do I reset my password?")
    yield* shown("password")
    yield* write("I need a real person because of order 9120")
    const chat = yield* chatWith(world, "order 9120")
    yield* until("the humans have the chat", () =>
      JSON.stringify(sunshine.chat(chat.conversation.id)).includes('"active":"zd-agentWorkspace"'),
    )
    yield* humanDoes(world, chat, { action: "reply", body: "Order 9120 is on its way." })
    yield* shown("Order 9120 is on its way")
  }),
}

/** Real-time channels, in the order in which a newcomer would try them. */
export const chatSteps: ReadonlyArray<Step> = [
  textAnswered,
  textToHuman,
  textReply,
  textHandedBack,
  whatsapp,
  phone,
  widget,
  native,
]
