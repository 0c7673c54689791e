import { json, recordInvalid, recordNotFound, type Reply } from "../http/Reply.ts"
import { asInt, get } from "../world/json.ts"
import type { User } from "../world/model.ts"
import type { World } from "../world/World.ts"
import { moveRequester } from "./ticketFields.ts"
import { viewUser } from "./userView.ts"

const maxTickets = 10_000

const refuse = (description: string): Error =>
  recordInvalid({ base: [{ description, error: "InvalidMerge" }] })

/** An unverified user needs an e-mail or X identity; with single sign-on, neither side an external id. */
const checkMergeable = (world: World, loser: User, survivor: User): void => {
  if (loser.id === survivor.id) throw refuse("A user cannot be merged into itself")
  if (loser.role !== "end-user" || survivor.role !== "end-user") throw refuse("Only end users can be merged")
  if (loser.requestedTickets.size > maxTickets)
    throw refuse(`User has more than ${maxTickets} requested tickets`)
  if (loser.verified) return
  const kinds = world.users.identitiesOf(loser.id).map((identity) => identity.type)
  if (!kinds.includes("email") && !kinds.includes("twitter")) {
    throw refuse("An unverified user without an email or X identity cannot be merged")
  }
  if (world.settings.ssoEnabled && (loser.externalId !== null || survivor.externalId !== null)) {
    throw refuse("With single sign-on, an unverified user with an external ID cannot be merged")
  }
}

/**
 * The path user disappears into the body user: its addresses become secondary ones, its tags, notes, details,
 * user fields and external id are lost. Its tickets follow later, without triggers.
 */
export const mergeUsers = (world: World, loser: User, source: unknown): Reply => {
  const survivor = world.users.byId.get(asInt(get(source, "id")) ?? 0)
  if (survivor === undefined) throw recordNotFound()
  checkMergeable(world, loser, survivor)
  const now = world.now()
  const identities = [...world.users.identitiesOf(loser.id)]
  const phone = loser.phone
  world.users.remove(loser, true)
  for (const identity of identities) {
    const added = world.users.addIdentity(survivor, identity.type, identity.value, identity.verified, now)
    if (identity.type === "phone_number" && survivor.phone === null) survivor.phone = added.value
  }
  if (survivor.phone === null && phone !== null) world.users.setPhone(survivor, phone, now)
  survivor.updatedAt = now
  moveTicketsLater(world, loser, survivor)
  return json(200, { user: viewUser(world, survivor) })
}

const moveTicketsLater = (world: World, loser: User, survivor: User): void => {
  world.timers.after(world.settings.mergeLagMs, () => {
    for (const id of loser.requestedTickets) {
      const ticket = world.tickets.row(id)
      if (ticket !== undefined) moveRequester(world, ticket, survivor.id)
    }
  })
}
