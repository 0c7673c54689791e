/** The adapter against the emulator's messaging side: an app with our integration in its switchboard. */
import { ChatId, type OpenedChat } from "@opencx/core"
import { type Emulator, type EmulatorOptions, make as startEmulator } from "@opencx/zendesk-emulator"
import { Effect, Schema } from "effect"
import {
  identityMergeOf,
  makeSunshineClient,
  makeZendeskClient,
  messagingOf,
  type SunshineClient,
  type SunshineConnection,
} from "../../src/index.ts"
import { connectionTo } from "./emulator.ts"
import { access, chatDraft, connection } from "./sunshine.ts"

const Answer = Schema.Struct({
  integration: Schema.Struct({ id: Schema.String }),
})
const Members = Schema.Struct({
  switchboardIntegrations: Schema.Array(Schema.Struct({ id: Schema.String, name: Schema.String })),
})
const Boards = Schema.Struct({ switchboards: Schema.Array(Schema.Struct({ id: Schema.String })) })

const triggers = [
  "conversation:message",
  "conversation:message:delivery:failure",
  "conversation:read",
  "conversation:typing",
  "switchboard:passControl",
  "switchboard:passControl:failure",
  "switchboard:releaseControl",
  "switchboard:offerControl",
  "user:merge",
]

/** What an administrator sets up: our Conversations integration with its webhook, and its place in the switchboard. */
export const connectIntegration = (client: SunshineClient, hook: string, name = "opencx", standby = true) =>
  Effect.gen(function* () {
    const { integration } = yield* client.json(Answer, {
      method: "POST",
      path: "/integrations",
      json: JSON.stringify({
        type: "custom",
        status: "active",
        displayName: name,
        webhooks: [{ target: hook, triggers, includeFullUser: true, includeFullSource: true }],
      }),
    })
    const boards = yield* client.json(Boards, { method: "GET", path: "/switchboards" })
    const path = `/switchboards/${boards.switchboards[0]?.id ?? ""}/switchboardIntegrations`
    const members = yield* client.json(Members, { method: "GET", path })
    const workspace = members.switchboardIntegrations.find((one) => one.name === "zd-agentWorkspace")
    yield* client.request({
      method: "POST",
      path,
      json: JSON.stringify({
        name,
        integrationId: integration.id,
        deliverStandbyEvents: standby,
        nextSwitchboardIntegrationId: workspace?.id,
        messageHistoryCount: 10,
      }),
    })
    return integration.id
  })

/** Who answers first where a channel says nothing else. */
export const setDefaultResponder = (client: SunshineClient, name: string) =>
  Effect.gen(function* () {
    const boards = yield* client.json(Boards, { method: "GET", path: "/switchboards" })
    const board = `/switchboards/${boards.switchboards[0]?.id ?? ""}`
    const members = yield* client.json(Members, { method: "GET", path: `${board}/switchboardIntegrations` })
    const one = members.switchboardIntegrations.find((member) => member.name === name)
    const json = JSON.stringify({ defaultSwitchboardIntegrationId: one?.id })
    yield* client.request({ method: "PATCH", path: board, json })
  })

export interface ChatOptions {
  readonly emulator?: EmulatorOptions
  readonly connection?: Partial<SunshineConnection>
  /** Null leaves our integration out. */
  readonly integration?: string | null
  readonly multiConversations?: boolean
  readonly hook?: string
  readonly standby?: boolean
}

/** An account with messaging, our integration in it, and every port over it. The calls log starts empty. */
export const openChatWorld = (options: ChatOptions = {}) =>
  Effect.gen(function* () {
    const emulator: Emulator = yield* startEmulator({
      timeScale: 0.01,
      searchLagMs: { tickets: 0, users: 0 },
      mergeLagMs: 0,
      ...options.emulator,
      seed: {
        ...options.emulator?.seed,
        sunshine: { multiConvoEnabled: options.multiConversations ?? true },
      },
    })
    const client = yield* makeSunshineClient(access(emulator.url), {
      controlPausesMs: [0, 10, 20, 40, 80, 160, 320],
      timeoutMs: 5_000,
    })
    if (options.integration !== null)
      yield* connectIntegration(
        client,
        options.hook ?? "http://127.0.0.1:9/hook",
        options.integration,
        options.standby,
      )
    const messaging = messagingOf(connection(emulator.url, options.connection), client)
    const support = yield* makeZendeskClient(connectionTo(emulator))
    const merge = identityMergeOf({ support, sunshine: client, singleSignOn: false })
    emulator.clearCalls()
    return { emulator, client, messaging, port: messaging.port, support, merge }
  })

/** Calls below the app, `POST /users 201`. */
export const callsOf = (emulator: Emulator): ReadonlyArray<string> =>
  emulator
    .calls()
    .filter((call) => call.path.startsWith("/sc/v2/apps/"))
    .map((call) => {
      const path = call.path
        .replace(/^\/sc\/v2\/apps\/[0-9a-f]+/, "")
        .replaceAll(/\/[0-9a-f]{24}(?=\/|$)/g, "/:id")
        .replaceAll(/\/[0-9a-f]{8}-[0-9a-f-]{27}(?=\/|$)/g, "/:externalId")
      return `${call.method} ${path === "" ? "/" : path} ${call.status}`
    })

const State = Schema.Struct({
  messages: Schema.Array(
    Schema.Struct({
      id: Schema.String,
      author: Schema.Struct({
        type: Schema.String,
        userId: Schema.optionalKey(Schema.String),
        displayName: Schema.optionalKey(Schema.String),
        subtypes: Schema.optionalKey(Schema.Array(Schema.String)),
      }),
      content: Schema.Struct({
        type: Schema.String,
        text: Schema.optionalKey(Schema.String),
        mediaUrl: Schema.optionalKey(Schema.String),
        altText: Schema.optionalKey(Schema.String),
      }),
      metadata: Schema.optionalKey(Schema.Record(Schema.String, Schema.Unknown)),
    }),
  ),
})
const Listed = Schema.decodeUnknownSync(State)

/** Messages of a conversation, oldest first; up to 100. */
export const messagesOf = (client: SunshineClient, conversationId: string) =>
  client
    .request({ method: "GET", path: `/conversations/${conversationId}/messages` })
    .pipe(Effect.map((response) => Listed(JSON.parse(new TextDecoder().decode(response.bytes))).messages))

const List = Schema.Struct({
  conversations: Schema.Array(
    Schema.Struct({
      id: Schema.String,
      displayName: Schema.optionalKey(Schema.String),
      metadata: Schema.optionalKey(Schema.Record(Schema.String, Schema.Unknown)),
    }),
  ),
})

/** A customer's conversations. */
export const conversationsOf = (client: SunshineClient, userId: string) =>
  client
    .json(List, { method: "GET", path: "/conversations", query: { "filter[userId]": userId } })
    .pipe(Effect.map((list) => list.conversations))

/** Repeats a read until it is as wanted; for what the emulator does a moment later. */
export const until = <A, E, R>(read: Effect.Effect<A, E, R>, good: (value: A) => boolean) =>
  Effect.gen(function* () {
    for (let i = 0; i < 2000; i++) {
      const value = yield* read
      if (good(value)) return value
      yield* Effect.sleep(10)
    }
    throw new Error("it never came to be")
  })

/** Opens the standard chat. */
export const openedChat = (
  port: { readonly open: (draft: ReturnType<typeof chatDraft>) => Effect.Effect<OpenedChat, unknown> },
  more: Parameters<typeof chatDraft>[0] = {},
) => port.open(chatDraft(more))

export const toChatId = (id: string): ChatId => ChatId.make(id)
