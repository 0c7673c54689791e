import { type Messaging, newId } from "../context.ts"
import { userFor } from "../events/payloads.ts"
import { publish } from "../events/publish.ts"
import { viewClient, viewConversationShort } from "../views.ts"
import type { Client, Conversation, MessagingUser, Source } from "../world/model.ts"
import { mergeMessagingUsers } from "./merge.ts"

type Told =
  | { readonly type: "client:add"; readonly reason: "channelLinking" | "sdkLogin" }
  | { readonly type: "client:remove"; readonly reason: "api" | "linkFailed" | "theft" }
  | { readonly type: "client:update"; readonly reason: "confirmed" | "blocked" | "unblocked" | "matched" }

/** Tells what became of a client. The conversation is the one it was linked to, if any. */
export const tellClient = (
  messaging: Messaging,
  event: Told & {
    readonly user: MessagingUser
    readonly client: Client
    readonly conversation?: Conversation | undefined
    readonly source?: Source
  },
): void =>
  publish(
    messaging,
    event.type,
    event.conversation === undefined ? null : [event.conversation],
    (webhook) => ({
      ...(event.conversation === undefined
        ? {}
        : { conversation: viewConversationShort(messaging.store, event.conversation) }),
      user: userFor(webhook, event.user),
      client: viewClient(event.client),
      reason: event.reason,
      ...(event.source === undefined ? {} : { source: event.source }),
    }),
  )

export const addClient = (
  messaging: Messaging,
  user: MessagingUser,
  input: Pick<Client, "type" | "status" | "integrationId" | "externalId" | "displayName">,
): Client => {
  const now = messaging.world.now()
  const client: Client = {
    id: newId(messaging),
    ...input,
    lastSeen: input.status === "active" ? now : null,
    linkedAt: now,
  }
  user.clients.push(client)
  return client
}

/** The client takes part in the conversation; a primary one gets the business's messages. */
export const attach = (conversation: Conversation, client: Client, primary: boolean): void => {
  const participant = conversation.participants[0]
  if (participant === undefined) return
  const others = participant.clientIds.filter((id) => id !== client.id)
  participant.clientIds = primary ? [client.id, ...others] : [...others, client.id]
}

/** A link is confirmed. When the channel account already belonged to somebody, the two users become one. */
export const confirmLink = (
  messaging: Messaging,
  user: MessagingUser,
  client: Client,
  conversation: Conversation,
  primary: boolean,
): void => {
  const { store } = messaging
  const owner = [...store.users.values()].find(
    (other) =>
      other !== user &&
      other.clients.some(
        (item) =>
          item.status !== "pending" &&
          item.integrationId === client.integrationId &&
          item.externalId === client.externalId,
      ),
  )
  client.status = "active"
  attach(conversation, client, primary)
  tellClient(messaging, { type: "client:update", reason: "confirmed", user, client, conversation })
  if (owner !== undefined) mergeMessagingUsers(messaging, user, owner, "channelLinking")
}
