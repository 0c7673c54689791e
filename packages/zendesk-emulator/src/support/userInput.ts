import { type FieldError, recordInvalid } from "../http/Reply.ts"
import { asBool, asObject, asString, get, has, strings } from "../world/json.ts"
import type { Role, User } from "../world/model.ts"
import type { NewUser } from "../world/UserStore.ts"
import type { World } from "../world/World.ts"
import { isEmail } from "./requester.ts"
import { normaliseTags } from "./tagRules.ts"

type Details = Record<string, ReadonlyArray<FieldError>>

const roleOf = (value: unknown): Role | undefined =>
  value === "end-user" || value === "agent" || value === "admin" ? value : undefined

export const emailTaken = (email: string): FieldError => ({
  description: `Email: ${email} is already being used by another user`,
  error: "DuplicateValue",
})

const emailErrors = (
  world: World,
  email: string | undefined,
  self: User | undefined,
): FieldError | undefined => {
  if (email === undefined) return undefined
  if (!isEmail(email))
    return { description: `Email: ${email} is not properly formatted`, error: "InvalidFormat" }
  const owner = world.users.findByEmail(email)
  return owner === undefined || owner.id === self?.id ? undefined : emailTaken(email)
}

/** Everything wrong with a user body at once, as Zendesk reports it. */
export const checkUser = (world: World, source: unknown, self: User | undefined): void => {
  const details: Details = {}
  const name = asString(get(source, "name"))
  if ((self === undefined || name !== undefined) && (name ?? "").trim() === "") {
    details["name"] = [{ description: "Name: is too short (minimum one character)", error: "BlankValue" }]
  }
  const email = emailErrors(world, asString(get(source, "email")), self)
  if (email !== undefined) details["email"] = [email]
  const externalId = asString(get(source, "external_id"))
  const owner = externalId === undefined ? undefined : world.users.findByExternalId(externalId)
  if (owner !== undefined && owner.id !== self?.id) {
    details["external_id"] = [{ description: "External has already been taken", error: "DuplicateValue" }]
  }
  if (has(source, "role") && get(source, "role") !== null && roleOf(get(source, "role")) === undefined) {
    details["role"] = [{ description: "Role: is invalid", error: "InvalidValue" }]
  }
  if (Object.keys(details).length > 0) throw recordInvalid(details)
}

export const newUserOf = (source: unknown): NewUser => ({
  name: asString(get(source, "name")) ?? "",
  email: asString(get(source, "email")),
  phone: asString(get(source, "phone")),
  externalId: asString(get(source, "external_id")),
  role: roleOf(get(source, "role")),
  verified: asBool(get(source, "verified")),
  suspended: asBool(get(source, "suspended")),
  locale: asString(get(source, "locale")),
  timeZone: asString(get(source, "time_zone")),
  tags: normaliseTags(strings(get(source, "tags"))),
  notes: asString(get(source, "notes")),
  details: asString(get(source, "details")),
  userFields: asObject(get(source, "user_fields")),
})

/** Writes the sent members; an e-mail that differs is added as a secondary identity, as Zendesk does. */
export const applyUser = (world: World, user: User, source: unknown): void => {
  const now = world.now()
  user.name = asString(get(source, "name")) ?? user.name
  user.locale = asString(get(source, "locale")) ?? user.locale
  user.timeZone = asString(get(source, "time_zone")) ?? user.timeZone
  user.notes = asString(get(source, "notes")) ?? user.notes
  user.details = asString(get(source, "details")) ?? user.details
  user.role = roleOf(get(source, "role")) ?? user.role
  user.suspended = asBool(get(source, "suspended")) ?? user.suspended
  user.verified = asBool(get(source, "verified")) ?? user.verified
  if (has(source, "tags")) user.tags = normaliseTags(strings(get(source, "tags")))
  if (has(source, "user_fields"))
    user.userFields = { ...user.userFields, ...asObject(get(source, "user_fields")) }
  if (has(source, "external_id"))
    world.users.setExternalId(user, asString(get(source, "external_id")) ?? null)
  if (has(source, "phone")) world.users.setPhone(user, asString(get(source, "phone")) ?? null, now)
  const email = asString(get(source, "email"))
  if (email !== undefined && world.users.findByEmail(email) === undefined) {
    world.users.addIdentity(user, "email", email, asBool(get(source, "verified")) ?? false, now)
  }
  user.updatedAt = now
}
