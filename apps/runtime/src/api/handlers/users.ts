import { type User, Users } from "@opencx/storage"
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Forbidden, NotFound } from "../../access/Access.ts"
import { linkUrl, newLink } from "../../access/logIn.ts"
import { everywhere, grantsOf, may, mayGive, type Principal } from "../../access/Principal.ts"
import type { Role } from "../../access/roles.ts"
import { Settings } from "../../layers/Settings.ts"
import { Exists } from "../../organizations/problems.ts"
import { Api } from "../contract/Api.ts"
import { Caller } from "../contract/Guard.ts"
import { LastOwnerStays } from "../contract/people.ts"
import { outage } from "../GuardLive.ts"
import { auditList } from "./audit.ts"
import { auditOf, inOrg } from "./common.ts"

const roleIn = (user: User, orgId: string): string =>
  user.memberships.find((one) => one.orgId === orgId)?.role ?? "none"

const viewOf = (user: User, orgId: string) => ({
  id: user.id,
  email: user.email,
  name: user.name,
  role: roleIn(user, orgId),
  disabled: user.disabled,
  hasPassword: user.hasPassword,
})

const ownerStays = () =>
  new LastOwnerStays({ hint: "Somebody must own it: make another user an owner first, then try again." })

/** Nobody gives or takes more than they have. */
const mayRank = Effect.fnUntraced(function* (principal: Principal, role: string, orgId: string) {
  const actions = grantsOf([{ orgId, role }]).get(orgId) ?? []
  if (mayGive(principal, actions, orgId)) return
  return yield* new Forbidden({
    hint: `You are not "${role}" here yourself, and so cannot make or change one.`,
  })
})

const userIn = Effect.fnUntraced(function* (orgId: string, id: string) {
  const user = yield* (yield* Users).get(id)
  if (user === null || roleIn(user, orgId) === "none") return yield* new NotFound({ what: `user "${id}"` })
  return user
})

interface Invitation {
  readonly email: string
  readonly name: string
  readonly role: Role
}

/** A link lets whoever has it choose the password: only for users who are nothing anywhere else. */
const mayHaveLink = (user: User, orgId: string): boolean =>
  !user.hasPassword && user.memberships.every((one) => one.orgId === orgId)

const invite = Effect.fnUntraced(function* (principal: Principal, orgId: string, invitation: Invitation) {
  yield* mayRank(principal, invitation.role, orgId)
  const users = yield* Users
  const { email, name, role } = invitation
  const audit = auditOf(principal, orgId, "user.invite", email, [{ path: "role", to: role }])
  const known = yield* users.byEmail(email)
  if (known !== null && roleIn(known, orgId) !== "none" && !mayHaveLink(known, orgId))
    return yield* taken(email)
  if (known !== null) yield* mayRank(principal, roleIn(known, orgId), orgId)
  // Whoever invited them there chose the address and had the link: that it is them was proven to nobody here.
  if (known !== null && isOfOthers(known, orgId) && !may(principal, "users.write", everywhere))
    return yield* new Forbidden({
      hint: `"${email}" has a user in another organization of this installation: ask an owner or admin of the installation, who can tell whose it is.`,
    })
  const user =
    known ?? (yield* users.create({ email, name, password: null, memberships: [{ orgId, role }] }, audit))
  const canHave = mayHaveLink(user, orgId)
  if (known !== null) yield* users.setRole(user.id, orgId, role, audit)
  const { publicUrl } = yield* Settings
  const inviteUrl = canHave ? linkUrl(publicUrl, yield* newLink("invite", user.id)) : null
  return { user: { ...viewOf(user, orgId), role }, inviteUrl }
})

const isOfOthers = (user: User, orgId: string): boolean => user.memberships.some((one) => one.orgId !== orgId)

const taken = (email: string) =>
  new Exists({ what: `user "${email}"`, hint: "They have a role here already: change that." })

const setRole = Effect.fnUntraced(function* (
  principal: Principal,
  orgId: string,
  id: string,
  role: Role | null,
) {
  const user = yield* userIn(orgId, id)
  const before = roleIn(user, orgId)
  yield* mayRank(principal, before, orgId)
  if (role !== null) yield* mayRank(principal, role, orgId)
  const change = { path: "role", from: before, ...(role === null ? {} : { to: role }) }
  const audit = auditOf(principal, orgId, role === null ? "user.remove" : "user.role", user.email, [change])
  yield* (yield* Users).setRole(id, orgId, role, audit)
  return { ...viewOf(user, orgId), role: role ?? "none" }
})

const listed = Effect.fnUntraced(function* (orgId: string) {
  const users = yield* (yield* Users).list(orgId)
  return users.map((user) => viewOf(user, orgId))
})

const mapped = {
  StoreError: outage,
  LastOwner: () => Effect.fail(ownerStays()),
}

export const UsersHandlers = HttpApiBuilder.group(Api, "users", (handlers) =>
  handlers.handleAll({
    list: () =>
      Effect.flatMap(inOrg, ({ orgId }) => listed(orgId)).pipe(Effect.catchTag("StoreError", outage)),
    invite: Effect.fnUntraced(
      function* ({ payload }) {
        const { orgId, principal } = yield* inOrg
        return yield* invite(principal, orgId, payload)
      },
      Effect.catchTags({
        StoreError: outage,
        EmailTaken: ({ email }) => Effect.fail(taken(email)),
        LastOwner: () => Effect.fail(new Forbidden({ hint: ownerStays().hint })),
      }),
    ),
    setRole: Effect.fnUntraced(function* ({ params, payload }) {
      const { orgId, principal } = yield* inOrg
      return yield* setRole(principal, orgId, params.user, payload.role)
    }, Effect.catchTags(mapped)),
    remove: Effect.fnUntraced(function* ({ params }) {
      const { orgId, principal } = yield* inOrg
      yield* setRole(principal, orgId, params.user, null)
    }, Effect.catchTags(mapped)),
  }),
)

const setDisabled = Effect.fnUntraced(function* (principal: Principal, id: string, disabled: boolean) {
  const users = yield* Users
  const user = yield* users.get(id)
  if (user === null) return yield* new NotFound({ what: `user "${id}"` })
  for (const { orgId, role } of user.memberships) yield* mayRank(principal, role, orgId)
  const changes = [{ path: "disabled", from: user.disabled, to: disabled }]
  yield* users.update(id, { disabled }, auditOf(principal, null, "user.disable", user.email, changes))
})

export const InstallationHandlers = HttpApiBuilder.group(Api, "installation", (handlers) =>
  handlers.handleAll({
    users: () => listed(everywhere).pipe(Effect.catchTag("StoreError", outage)),
    invite: Effect.fnUntraced(
      function* ({ payload }) {
        const { principal } = yield* Caller
        return yield* invite(principal, everywhere, payload)
      },
      Effect.catchTags({
        StoreError: outage,
        EmailTaken: ({ email }) => Effect.fail(taken(email)),
        LastOwner: () => Effect.fail(new Forbidden({ hint: ownerStays().hint })),
      }),
    ),
    setRole: Effect.fnUntraced(function* ({ params, payload }) {
      const { principal } = yield* Caller
      yield* setRole(principal, everywhere, params.user, payload.role)
    }, Effect.catchTags(mapped)),
    setDisabled: Effect.fnUntraced(function* ({ params, payload }) {
      const { principal } = yield* Caller
      yield* setDisabled(principal, params.user, payload.disabled)
    }, Effect.catchTags(mapped)),
    audit: ({ query }) => auditList(everywhere, query).pipe(Effect.catchTag("StoreError", outage)),
  }),
)
