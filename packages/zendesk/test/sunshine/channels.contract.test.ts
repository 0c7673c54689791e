/** The channels that Zendesk owns keep the channel contract, over a conversation that a script keeps. */
import { channelContract, type FakeProvider } from "@opencx/testing"
import { Effect, type Scope } from "effect"
import { encodeSunshineAddress, sunshineChannels, type SunshineMessaging } from "../../src/index.ts"
import { overHttp } from "../fake/http.ts"
import { type Reply, routes } from "../fake/ScriptedServer.ts"
import { appPath, chatId, scriptedChat } from "../fake/sunshine.ts"

/** Whom the plugins reach: the provider that the running test started. */
let current: SunshineMessaging | null = null
const plugins = sunshineChannels({ messagingFor: () => Effect.sync(() => current) })

const conversation = `${appPath}/conversations/${chatId}`
const holder = (name: string): Reply => ({
  json: { conversation: { id: chatId, activeSwitchboardIntegration: { name } } },
})

interface Kept {
  readonly id: string
  readonly content: { readonly text?: string }
  readonly metadata: object
}

/** A conversation that keeps what is posted; `more` replaces answers. */
const provider = (more: Parameters<typeof routes>[0] = {}): Effect.Effect<FakeProvider, never, Scope.Scope> =>
  Effect.gen(function* () {
    const kept: Array<Kept> = []
    const { messaging } = yield* scriptedChat(
      routes({
        [`GET ${conversation}`]: holder("opencx"),
        [`GET ${conversation}/messages`]: () => ({ json: { messages: kept } }),
        [`POST ${conversation}/messages`]: (seen, count) => {
          const message: Kept = { ...JSON.parse(seen.body), id: `m${count}` }
          kept.push(message)
          return { status: 201, json: { messages: [message] } }
        },
        ...more,
      }),
      { timeoutMs: 500 },
    )
    current = messaging
    return {
      settings: {},
      address: encodeSunshineAddress({ conversationId: chatId, userId: "u1" }),
      received: Effect.sync(() => kept.map((one) => one.content.text ?? "")),
    }
  }).pipe(overHttp)

const onPost = (reply: Reply) => provider({ [`POST ${conversation}/messages`]: reply })
const refused = (status: number, code: string): Reply => ({
  status,
  json: { errors: [{ code, title: "Zendesk says no" }] },
})

for (const plugin of plugins) {
  channelContract(plugin, {
    settings: {},
    secrets: [],
    rejected: [{ name: "a list", settings: [], mentions: plugin.id }],
    webhooks: null,
    sending: [
      { name: "Zendesk takes it", start: provider(), expect: "sent" },
      {
        name: "a human has it",
        start: provider({ [`GET ${conversation}`]: holder("zd-agentWorkspace") }),
        expect: "Withheld",
      },
      {
        name: "429",
        start: onPost({ status: 429, headers: { "retry-after": "2" }, text: "" }),
        expect: "Retry",
      },
      {
        name: "429 on the look",
        start: provider({ [`GET ${conversation}/messages`]: { status: 429, text: "" } }),
        expect: "Retry",
      },
      {
        name: "503 at the door",
        start: onPost({ status: 503, headers: { "retry-after": "2" }, text: "" }),
        expect: "Retry",
      },
      { name: "a broken connection", start: onPost("reset"), expect: "Ambiguous" },
      { name: "no answer", start: onPost("hang"), expect: "Ambiguous" },
      { name: "500", start: onPost({ status: 500, text: "" }), expect: "Ambiguous" },
      { name: "400", start: onPost(refused(400, "bad_request")), expect: "Permanent" },
      { name: "401", start: onPost(refused(401, "unauthorized")), expect: "Permanent" },
      {
        name: "a conversation that is gone",
        start: onPost(refused(404, "conversation_not_found")),
        expect: "Permanent",
      },
      { name: "a conversation that is full", start: onPost(refused(423, "locked")), expect: "Permanent" },
      {
        name: "an address of something else",
        start: provider(),
        expect: "Permanent",
        thread: { address: "+15551234567" },
      },
      ...(plugin.capabilities.replyWindowMinutes === null
        ? []
        : [
            {
              name: "after the reply window",
              start: provider(),
              expect: "Hold" as const,
              thread: { lastInboundAt: 0 },
            },
          ]),
    ],
    rendering: { start: provider() },
  })
}
