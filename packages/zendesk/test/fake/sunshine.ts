/** A Sunshine app that a test scripts, and what is sent to it. */
import { ChatId, type ChatDraft, type ChatPost, ContactId, OrgId, type PassDraft } from "@opencx/core"
import { Effect, Redacted } from "effect"
import {
  makeSunshineClient,
  messagingOf,
  type SunshineAccess,
  SunshineConnection,
  type SunshineLimits,
} from "../../src/index.ts"
import { sessionId } from "./drafts.ts"
import { type Script, scripted } from "./ScriptedServer.ts"

export const appId = "65b0f3a1c2d4e5f60718293a"
export const appPath = `/sc/v2/apps/${appId}`
export const keyId = "app_65b0f3a1c2d4e5f60718293b"
export const names = { integrationName: "opencx", agentWorkspaceName: "zd-agentWorkspace" }

export const connection = (url: string, more: Partial<SunshineConnection> = {}): SunshineConnection =>
  SunshineConnection.make({
    subdomain: "acme",
    baseUrl: url,
    appId,
    keyId,
    secret: Redacted.make("sample-sunshine-secret"),
    ...more,
  })

export const access = (url: string): SunshineAccess => ({
  origin: url,
  appId,
  keyId,
  secret: Redacted.make("sample-sunshine-secret"),
})

/** Looks for control at once, and not for long. */
const quick: Partial<SunshineLimits> = { controlPausesMs: [0, 5, 10, 20, 40, 80] }

/** The adapter over a script. */
export const scriptedChat = (
  script: Script,
  limits: Partial<SunshineLimits> = {},
  more: Partial<SunshineConnection> = {},
) =>
  Effect.gen(function* () {
    const server = yield* scripted(script)
    const client = yield* makeSunshineClient(access(server.url), { ...quick, ...limits })
    const messaging = messagingOf(connection(server.url, more), client)
    return { server, client, messaging, port: messaging.port }
  })

export const orgId = OrgId.make("acme")
export const contactId = ContactId.make("0b0b0d0e-2222-4222-8333-444455556666")

export const chatDraft = (more: Partial<ChatDraft> = {}): ChatDraft => ({
  orgId,
  contactId,
  sessionId,
  customer: {
    externalId: contactId,
    name: "Dana Lee",
    email: "dana@example.com",
    phone: "+15551234567",
    locale: "en-US",
  },
  subject: "Refund for order 1042",
  known: null,
  checkFirst: false,
  ...more,
})

export const chatId = ChatId.make("c0ffee00c0ffee00c0ffee00")

export const chatPost = (more: Partial<ChatPost> = {}): ChatPost => ({
  conversationId: chatId,
  userId: "u1",
  marker: "m-1",
  author: "ai",
  authorName: "Ada",
  text: "Hello **Dana**",
  files: [],
  silent: false,
  checkFirst: false,
  ...more,
})

export const passDraft = (more: Partial<PassDraft> = {}): PassDraft => ({
  conversationId: chatId,
  tags: ["opencx", "opencx_handedoff"],
  fields: [],
  requester: { name: "Dana Lee", email: "dana@example.com" },
  firstMessageId: null,
  ...more,
})
