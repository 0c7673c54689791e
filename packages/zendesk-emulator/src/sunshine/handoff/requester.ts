import { isEmail } from "../../support/requester.ts"
import type { User } from "../../world/model.ts"
import type { Messaging } from "../context.ts"
import { phoneOf } from "../users/address.ts"
import type { MessagingUser } from "../world/model.ts"
import type { Captured } from "./dataCapture.ts"

const usable = (user: User | undefined): User | undefined =>
  user !== undefined && user.active && user.role === "end-user" ? user : undefined

/** Links by external id, when the Support user of that id exists. */
export const linkByExternalId = (messaging: Messaging, user: MessagingUser): void => {
  if (user.zendeskId !== null || user.externalId === null) return
  const found = usable(messaging.world.users.findByExternalId(user.externalId))
  if (found !== undefined) user.zendeskId = String(found.id)
}

const known = (messaging: Messaging, user: MessagingUser, captured: Captured): User | undefined => {
  const { world, store } = messaging
  const linked = usable(world.users.byId.get(Number(user.zendeskId ?? 0)))
  if (linked !== undefined) return linked
  if (store.behaviour.linkByExternalId !== "never" && user.externalId !== null) {
    const same = usable(world.users.findByExternalId(user.externalId))
    if (same !== undefined) return same
  }
  const email = emailOf(messaging, captured)
  return email === undefined ? undefined : usable(world.users.findByEmail(email))
}

const emailOf = (messaging: Messaging, captured: Captured): string | undefined => {
  const email = captured.requesterEmail
  if (email === undefined || !isEmail(email)) return undefined
  return messaging.store.behaviour.requesterEmail === "match" ? email : undefined
}

/** A verified address of the messaging user, unless somebody in Support has it. */
const ownEmail = (messaging: Messaging, user: MessagingUser): string | undefined =>
  user.identities
    .map((identity) => identity.value)
    .find((value) => messaging.world.users.findByEmail(value) === undefined)

/** The Support user behind a messaging user: linked, matched, or made now. */
export const requesterOf = (
  messaging: Messaging,
  user: MessagingUser,
  captured: Captured,
  name: string,
): User => {
  const { world, store } = messaging
  const found = known(messaging, user, captured)
  if (found !== undefined) {
    user.zendeskId = String(found.id)
    return found
  }
  const now = world.now()
  const created = world.users.create(
    {
      name: captured.requesterName ?? name,
      email: emailOf(messaging, captured) ?? ownEmail(messaging, user),
      externalId: user.authenticated ? user.externalId : null,
      verified: store.behaviour.messagingUsersVerified,
    },
    now,
  )
  world.users.addIdentity(created, "messaging", user.id, true, now)
  const phone = user.clients
    .map((client) => phoneOf(client.type, client.externalId))
    .find((number) => number !== null)
  if (phone !== undefined && phone !== null) world.users.setPhone(created, phone, now)
  user.zendeskId = String(created.id)
  return created
}
