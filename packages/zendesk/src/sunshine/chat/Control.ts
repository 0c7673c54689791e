/** Who has a conversation: Zendesk's switchboard, read and moved. */
import { type ChatControl, type MessagingError, Unavailable } from "@opencx/core"
import { Effect } from "effect"
import { jsonText } from "../../client/Json.ts"
import { missingIntegration } from "../client/SunshineReasons.ts"
import { ConversationEnvelope, type ConversationWire, type Holder, type Metadata } from "../wire/ApiWire.ts"
import { ask, type ChatParts, conversationPath, refusal, toMessagingError } from "./Calls.ts"
import { readSwitchboard } from "./Switchboard.ts"

/** How the two sides are named in the switchboard. */
export interface SwitchboardNames {
  readonly integrationName: string
  readonly agentWorkspaceName: string
}

/** Zendesk's own bot, by name and by type. */
const botName = "zd-answerBot"
const types: Readonly<Record<string, ChatControl>> = { "zd:agentWorkspace": "humans", "zd:answerBot": "bot" }

/** Who an `activeSwitchboardIntegration` is to us: by name first, then by type. None at all is nobody. */
export const controlOf = (active: Holder | null | undefined, names: SwitchboardNames): ChatControl => {
  if (active === null || active === undefined) return "nobody"
  if (active.name === names.integrationName) return "ours"
  if (active.name === names.agentWorkspaceName) return "humans"
  if (active.name === botName) return "bot"
  return types[active.integrationType ?? ""] ?? "other"
}

/** Reads a conversation. */
export const readConversation = Effect.fnUntraced(function* (
  parts: ChatParts,
  operation: string,
  conversationId: string,
) {
  const what = `conversation ${conversationId}`
  const path = conversationPath(conversationId)
  const { conversation } = yield* ask(parts.client, operation, { what }, ConversationEnvelope, {
    method: "GET",
    path,
  })
  return conversation
})

/** Asks for a control change. Naming the target makes repetition harmless; the 200 does not mean that it is done. */
export const askControl = (
  parts: ChatParts,
  operation: string,
  action: "passControl" | "offerControl",
  conversationId: string,
  target: string,
  metadata: Metadata = {},
): Effect.Effect<void, MessagingError> =>
  parts.client
    .request({
      method: "POST",
      path: conversationPath(conversationId, `/${action}`),
      json: jsonText({
        switchboardIntegration: target,
        ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
      }),
    })
    .pipe(
      Effect.asVoid,
      Effect.mapError(
        toMessagingError(operation, { what: `conversation ${conversationId}`, repeatable: true }),
      ),
    )

const slow = (conversationId: string): Unavailable =>
  new Unavailable({
    detail: `Zendesk accepted that conversation ${conversationId} comes to us, but has not moved it yet`,
    retryAfterMs: null,
  })

/**
 * Takes a conversation and waits until we have it, so that the first words in it open no ticket. Zendesk answers 200 also
 * when our integration does not exist, hence the look at the switchboard when control does not come.
 */
export const takeOwn = Effect.fnUntraced(function* (
  parts: ChatParts,
  operation: string,
  conversation: ConversationWire,
) {
  if (controlOf(conversation.activeSwitchboardIntegration, parts) === "ours") return
  yield* askControl(parts, operation, "passControl", conversation.id, parts.integrationName)
  for (const pause of parts.client.limits.controlPausesMs) {
    if (pause > 0) yield* Effect.sleep(pause)
    const now = yield* readConversation(parts, operation, conversation.id)
    if (controlOf(now.activeSwitchboardIntegration, parts) === "ours") return
  }
  const switchboard = yield* readSwitchboard(parts.client, operation)
  const known = switchboard.integrations.some((one) => one.name === parts.integrationName)
  return yield* refusal(operation, known ? slow(conversation.id) : missingIntegration(parts.integrationName))
})
