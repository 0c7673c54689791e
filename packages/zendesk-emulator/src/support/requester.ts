import { invalidField } from "../http/Reply.ts"
import { asInt, asString, get, has, isObject } from "../world/json.ts"
import type { User } from "../world/model.ts"
import { nameFromEmail } from "../world/UserStore.ts"
import type { World } from "../world/World.ts"

const emailPattern = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

export const isEmail = (text: string): boolean => emailPattern.test(text)

const invalid = (): Error => invalidField("requester", "Requester: is invalid", "InvalidValue")

const refuseSuspended = (user: User): User => {
  if (user.suspended)
    throw invalidField("requester", `Requester: ${user.name} is suspended.`, "UserSuspended")
  return user
}

const byId = (world: World, value: unknown): User => {
  const user = world.users.byId.get(asInt(value) ?? 0)
  if (user === undefined || !user.active) throw invalid()
  return user
}

/** An unknown person is created; a nameless one is refused before anything is stored. */
const fromObject = (world: World, value: unknown): User => {
  const email = asString(get(value, "email"))
  const known = email === undefined ? undefined : world.users.findByEmail(email)
  if (known !== undefined) return known
  const name = asString(get(value, "name")) ?? ""
  if (name.trim() === "") {
    throw invalidField("requester", "Requester: Name: is too short (minimum one character)", "BlankValue")
  }
  if (email === undefined || !isEmail(email)) {
    throw invalidField(
      "requester",
      `Requester: Email: ${email ?? ""} is not properly formatted`,
      "InvalidFormat",
    )
  }
  const locale = asString(get(value, "locale"))
  return world.users.create({ name, email, locale }, world.now())
}

const fromEmail = (world: World, email: string): User => {
  const known = world.users.findByEmail(email)
  if (known !== undefined) return known
  if (!isEmail(email)) throw invalid()
  return world.users.create({ name: nameFromEmail(email) || email, email }, world.now())
}

/** `requester_id` wins over `requester`, which is an address, an id, or `{name, email, locale}`. */
export const resolveRequester = (world: World, ticket: unknown, fallback: User): User => {
  const id = get(ticket, "requester_id")
  if (id !== undefined && id !== null) return refuseSuspended(byId(world, id))
  const requester = get(ticket, "requester")
  if (!has(ticket, "requester") || requester === null) return fallback
  if (isObject(requester)) return refuseSuspended(fromObject(world, requester))
  if (asInt(requester) !== undefined) return refuseSuspended(byId(world, requester))
  if (typeof requester === "string") return refuseSuspended(fromEmail(world, requester))
  throw invalid()
}
