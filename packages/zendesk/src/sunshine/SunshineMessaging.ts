/** The `Messaging` port over Sunshine Conversations. */
import { type ChatPost, Messaging, type MessagingError } from "@opencx/core"
import { Effect } from "effect"
import { jsonText } from "../client/Json.ts"
import type { TextLimit } from "@opencx/core"
import { type ChatParts, conversationPath, toMessagingError } from "./chat/Calls.ts"
import { catchUp } from "./chat/CatchUp.ts"
import { askControl, controlOf, readConversation } from "./chat/Control.ts"
import { open } from "./chat/Open.ts"
import { listen, pass } from "./chat/Pass.ts"
import { messageLimit } from "./chat/Pieces.ts"
import { post } from "./chat/Post.ts"
import { verify } from "./chat/Verify.ts"
import type { SunshineClient } from "./client/SunshineClient.ts"
import type { SunshineConnection } from "./Connection.ts"

/** Zendesk: uploads of at most 50 MB. */
const defaultUploadLimit = 50_000_000

/** The port, and `post` for a channel with a narrower limit than Zendesk's own. */
export interface SunshineMessaging {
  readonly port: Messaging["Service"]
  postWithin(message: ChatPost, limit: TextLimit): Effect.Effect<ReadonlyArray<string>, MessagingError>
}

type Activity =
  | { readonly author: { readonly type: "business" }; readonly type: "typing:start" }
  /** Zendesk takes no other activity of a customer's from us. */
  | {
      readonly author: { readonly type: "user"; readonly userId: string }
      readonly type: "conversation:read"
    }

const show = (
  parts: ChatParts,
  operation: "typing" | "customerRead",
  conversationId: string,
  activity: Activity,
): Effect.Effect<void, MessagingError> =>
  parts.client
    .request({
      method: "POST",
      path: conversationPath(conversationId, "/activity"),
      json: jsonText(activity),
    })
    .pipe(
      Effect.asVoid,
      Effect.mapError(
        toMessagingError(operation, { what: `conversation ${conversationId}`, repeatable: true }),
      ),
    )

/** The port over a client that the caller made; the client is shared with `identityMergeOf` and the media reader. */
export const messagingOf = (connection: SunshineConnection, client: SunshineClient): SunshineMessaging => {
  const parts: ChatParts = {
    client,
    integrationName: connection.integrationName,
    agentWorkspaceName: connection.agentWorkspaceName,
    attachmentAccess: connection.attachmentAccess,
    maxUploadBytes: connection.maxUploadBytes ?? defaultUploadLimit,
  }
  const port = Messaging.of({
    verify: verify(parts).pipe(Effect.withSpan("Messaging.verify")),
    open: Effect.fn("Messaging.open")((draft) => open(parts, draft)),
    post: Effect.fn("Messaging.post")((message) => post(parts, message, messageLimit)),
    pass: Effect.fn("Messaging.pass")((draft) => pass(parts, draft)),
    listen: Effect.fn("Messaging.listen")((conversationId) => listen(parts, conversationId)),
    control: Effect.fn("Messaging.control")((conversationId) =>
      readConversation(parts, "control", conversationId).pipe(
        Effect.map((conversation) => controlOf(conversation.activeSwitchboardIntegration, parts)),
      ),
    ),
    catchUp: Effect.fn("Messaging.catchUp")((conversationId, since) => catchUp(parts, conversationId, since)),
    takeBack: Effect.fn("Messaging.takeBack")((conversationId) =>
      askControl(parts, "takeBack", "passControl", conversationId, parts.integrationName),
    ),
    typing: Effect.fn("Messaging.typing")((conversationId) =>
      show(parts, "typing", conversationId, { author: { type: "business" }, type: "typing:start" }),
    ),
    customerRead: Effect.fn("Messaging.customerRead")((conversationId, userId) =>
      show(parts, "customerRead", conversationId, {
        author: { type: "user", userId },
        type: "conversation:read",
      }),
    ),
  })
  return { port, postWithin: (message, limit) => post(parts, message, limit) }
}
