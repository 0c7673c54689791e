/** Who may do what: one table of actions and roles. Everything that asks "may they?" asks it here. */
import { Schema } from "effect"

/** From strong to weak. */
export const Role = Schema.Literals(["owner", "admin", "agent", "viewer"])
export type Role = typeof Role.Type

const everyone = ["owner", "admin", "agent", "viewer"] as const
const agents = ["owner", "admin", "agent"] as const
const admins = ["owner", "admin"] as const
const owners = ["owner"] as const

/** Action → roles that have it. */
export const table = {
  /** Settings, accounts and sources as they are, without secrets. */
  "organization.read": everyone,
  "organization.write": admins,
  "organization.remove": owners,
  "sessions.read": everyone,
  /** Take over, hand back, close. */
  "sessions.command": agents,
  "deadLetters.read": everyone,
  /** Replay, discard. */
  "deadLetters.write": agents,
  "sources.sync": agents,
  /** Everything that is kept of one customer, handed out or erased. */
  "contacts.export": admins,
  "contacts.erase": admins,
  "users.read": admins,
  "users.write": admins,
  "keys.read": admins,
  "keys.write": admins,
  "audit.read": admins,
  /** Metrics, and lists over all organizations. Of use in the installation (`*`) only, as is the next. */
  "installation.read": everyone,
  /** Make organizations, and settings that reach into the machine itself. */
  "installation.write": admins,
} satisfies Record<string, ReadonlyArray<Role>>

const names = [
  "organization.read",
  "organization.write",
  "organization.remove",
  "sessions.read",
  "sessions.command",
  "deadLetters.read",
  "deadLetters.write",
  "sources.sync",
  "contacts.export",
  "contacts.erase",
  "users.read",
  "users.write",
  "keys.read",
  "keys.write",
  "audit.read",
  "installation.read",
  "installation.write",
] as const satisfies ReadonlyArray<keyof typeof table>

export const Action = Schema.Literals(names)
export type Action = typeof Action.Type

// A line of the table that is no action would be a type error here.
const rolesOf: Readonly<Record<Action, ReadonlyArray<Role>>> = table

export const actionsOf = (role: Role): ReadonlySet<Action> =>
  new Set(names.filter((action) => rolesOf[action].includes(role)))

/** Everything: the holder of the operator token, and the machine itself where it is open. */
export const allActions: ReadonlySet<Action> = new Set(names)
