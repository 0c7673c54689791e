import { badRequest } from "../../http/Reply.ts"
import { asString, get } from "../../world/json.ts"
import type { Messaging } from "../context.ts"
import { userFor } from "../events/payloads.ts"
import { publish } from "../events/publish.ts"
import { linkByExternalId } from "../handoff/requester.ts"
import { addClient, confirmLink } from "../users/clients.ts"
import { channelAddress } from "../users/address.ts"
import { mergeMessagingUsers } from "../users/merge.ts"
import { createUser } from "../users/userRoutes.ts"
import type { Client, Integration, MessagingUser } from "../world/model.ts"

export interface Person {
  readonly user: MessagingUser
  readonly client: Client
}

/** Verified addresses come only from a login that says so. */
const identitiesIn = (input: unknown): MessagingUser["identities"] => {
  const value = asString(get(input, "email"))
  return value === undefined ? [] : [{ type: "email", value, verification: "embed" }]
}

const profileIn = (input: unknown): MessagingUser["profile"] => {
  const [givenName, ...rest] = (asString(get(input, "name")) ?? "").trim().split(/\s+/)
  return {
    ...(givenName === undefined || givenName === "" ? {} : { givenName }),
    ...(rest.length === 0 ? {} : { surname: rest.join(" ") }),
  }
}

/** A browser logs in: the visitor so far becomes that user, or is merged into it. */
const login = (messaging: Messaging, visitor: MessagingUser, input: unknown): MessagingUser => {
  const externalId = asString(get(input, "externalId"))
  if (externalId === undefined || visitor.externalId === externalId) return visitor
  const { store } = messaging
  const known = store.userWithExternalId(externalId)
  const user = known ?? visitor
  if (known === undefined) store.setExternalId(visitor, externalId)
  else mergeMessagingUsers(messaging, known, visitor, "sdkLogin")
  user.authenticated = true
  if (user.identities.length === 0) user.identities = identitiesIn(input)
  if (store.behaviour.linkByExternalId === "creation") linkByExternalId(messaging, user)
  publish(messaging, "user:update", null, (webhook) => ({
    user: userFor(webhook, user),
    reason: "authentication",
    source: { type: "web" },
  }))
  return user
}

const visitorOn = (messaging: Messaging, from: string, input: unknown): Person => {
  const { store } = messaging
  const seen = store.users.get(store.visitors.get(from) ?? "")
  const visitor = seen ?? createUser(messaging, { externalId: null, profile: profileIn(input) })
  const own = visitor.clients.find((client) => client.type === "sdk")
  const client =
    own ??
    addClient(messaging, visitor, {
      type: "sdk",
      status: "active",
      integrationId: null,
      externalId: null,
      displayName: asString(get(input, "name")) ?? null,
    })
  store.visitors.set(from, visitor.id)
  const user = login(messaging, visitor, input)
  store.visitors.set(from, user.id)
  return { user, client }
}

const activated = (messaging: Messaging, person: Person): Person => {
  if (person.client.status !== "pending") return person
  const conversation = messaging.store.conversationsOfUser(person.user.id).at(-1)
  if (conversation === undefined) return person
  const client = confirmLink(messaging, person.user, person.client, conversation, true)
  return { user: person.user, client }
}

/** Who writes on this channel under that address; a stranger becomes a user with a client. */
export const personOn = (messaging: Messaging, channel: Integration, input: unknown): Person => {
  const from = asString(get(input, "from"))
  if (from === undefined || from === "")
    throw badRequest("NoSender", "from is required: a phone number, a page-scoped id, a browser")
  if (channel.type === "web") return visitorOn(messaging, from, input)
  const externalId = channelAddress(channel.type, from)
  const known = messaging.store.clientOf(channel.id, externalId)
  if (known !== undefined) return activated(messaging, known)
  const user = createUser(messaging, { externalId: null, profile: profileIn(input) })
  const client = addClient(messaging, user, {
    type: channel.type,
    status: "active",
    integrationId: channel.id,
    externalId,
    displayName: asString(get(input, "name")) ?? externalId,
  })
  return { user, client }
}
