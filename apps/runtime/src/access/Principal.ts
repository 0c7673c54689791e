/** Somebody who asks for something, and what they may do where. */
import { type Action, actionsOf, allActions, Role } from "./roles.ts"
import { Schema } from "effect"

/** Stands for every organization, and for the installation itself. */
export const everywhere = "*"

export interface Principal {
  readonly kind: "operator" | "machine" | "user" | "key"
  /** For the audit log: `operator`, `user:<id>`, `key:<id>`. */
  readonly actor: string
  readonly name: string
  /** The user's id; null for all others. */
  readonly userId: string | null
  /** By organization, `*` for all. */
  readonly grants: ReadonlyMap<string, ReadonlySet<Action>>
  /** Proves that a change comes from our own pages; null where no browser sends anything by itself. */
  readonly csrfToken: string | null
}

/** Whether they may do it in this organization (`*`: in the installation). */
export const may = (principal: Principal, action: Action, orgId: string): boolean =>
  principal.grants.get(everywhere)?.has(action) === true || principal.grants.get(orgId)?.has(action) === true

/** Whether they have anything to do there: if not, they are not told that it exists. */
export const knows = (principal: Principal, orgId: string): boolean =>
  principal.grants.has(everywhere) || principal.grants.has(orgId)

/** Nobody gives more than they have. */
export const mayGive = (principal: Principal, actions: Iterable<Action>, orgId: string): boolean =>
  [...actions].every((action) => may(principal, action, orgId))

const isRole = Schema.is(Role)

/** A role that this release does not know grants nothing. */
export const grantsOf = (memberships: ReadonlyArray<{ readonly orgId: string; readonly role: string }>) =>
  new Map(memberships.flatMap(({ orgId, role }) => (isRole(role) ? [[orgId, actionsOf(role)] as const] : [])))

const ofEverything = new Map([[everywhere, allActions]])

/** Who knows the operator token. */
export const operator: Principal = {
  kind: "operator",
  actor: "operator",
  name: "operator token",
  userId: null,
  grants: ofEverything,
  csrfToken: null,
}

/** The machine itself, where neither a token nor a user was set up. */
export const machine: Principal = { ...operator, kind: "machine", actor: "machine", name: "this machine" }
