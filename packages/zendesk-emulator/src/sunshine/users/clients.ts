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

/** The active client of that channel account, and its owner, other than the one who asks. */
const holderOf = (
  messaging: Messaging,
  user: MessagingUser,
  client: Client,
): { readonly owner: MessagingUser; readonly existing: Client } | undefined => {
  for (const owner of messaging.store.users.values()) {
    const existing = owner.clients.find(
      (item) =>
        item.status !== "pending" &&
        item.integrationId === client.integrationId &&
        item.externalId === client.externalId,
    )
    if (owner !== user && existing !== undefined) return { owner, existing }
  }
  return undefined
}

/**
 * A link is confirmed. When the channel account already belonged to somebody, the two users become one, and the
 * client that was there before stays.
 */
export const confirmLink = (
  messaging: Messaging,
  user: MessagingUser,
  client: Client,
  conversation: Conversation,
  primary: boolean,
): Client => {
  const held = holderOf(messaging, user, client)
  const linked = held?.existing ?? client
  client.status = "active"
  if (held !== undefined) {
    user.clients = user.clients.filter((item) => item !== client)
    mergeMessagingUsers(messaging, user, held.owner, "channelLinking", {
      surviving: held.existing,
      discarded: client,
    })
  }
  attach(conversation, linked, primary)
  tellClient(messaging, { type: "client:update", reason: "confirmed", user, client: linked, conversation })
  return linked
}
