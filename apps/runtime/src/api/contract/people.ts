/** Who may use the API: users and their roles, keys of machines, and who changed what. */
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema } from "effect/http-api"
import { AuditChange } from "@opencx/storage"
import { Password } from "../../access/passwords.ts"
import { Action, Role } from "../../access/roles.ts"
import { Email } from "../../config/signIn.ts"
import { Exists } from "../../organizations/problems.ts"
import { Limit, Whole } from "./conversations.ts"
import { Guard, inOrganization, Needs } from "./Guard.ts"

/** The last owner cannot go. 409. */
export class LastOwnerStays extends Schema.TaggedError<LastOwnerStays>("@opencx/runtime/LastOwnerStays")(
  "LastOwnerStays",
  { hint: Schema.String },
  { httpApiStatus: 409 },
) {}

const UserId = Schema.String.check(Schema.isUUID())

export const UserView = Schema.Struct({
  id: UserId,
  email: Schema.String,
  name: Schema.String,
  role: Schema.String,
  disabled: Schema.Boolean,
  /** False: they come by single sign-on, or have not followed their invitation yet. */
  hasPassword: Schema.Boolean,
})

/** `inviteUrl`: where they choose a password; shown once, good for 72 hours. Null when they can log in already. */
export const Invited = Schema.Struct({ user: UserView, inviteUrl: Schema.NullOr(Schema.String) })

const invitation = Schema.Struct({
  email: Email,
  name: Schema.NonEmptyString.check(Schema.isMaxLength(200)),
  role: Role,
})

const userPath = { ...inOrganization, user: UserId }

export class UsersGroup extends HttpApiGroup.make("users")
  .add(
    HttpApiEndpoint.get("list", "/organizations/:org/users", {
      params: inOrganization,
      success: Schema.Array(UserView),
    }).annotate(Needs, "users.read"),
    /** Somebody who is a user elsewhere gets the role here, and keeps name and password. */
    HttpApiEndpoint.post("invite", "/organizations/:org/users", {
      params: inOrganization,
      payload: invitation,
      success: Invited.pipe(HttpApiSchema.status(201)),
      error: Exists,
    }).annotate(Needs, "users.write"),
    HttpApiEndpoint.put("setRole", "/organizations/:org/users/:user", {
      params: userPath,
      payload: Schema.Struct({ role: Role }),
      success: UserView,
      error: LastOwnerStays,
    }).annotate(Needs, "users.write"),
    /** Takes the role in this organization away; the user stays. */
    HttpApiEndpoint.delete("remove", "/organizations/:org/users/:user", {
      params: userPath,
      success: HttpApiSchema.NoContent,
      error: LastOwnerStays,
    }).annotate(Needs, "users.write"),
  )
  .middleware(Guard) {}

const installationUser = { user: UserId }

/** Users with a role in the installation: it counts in every organization. */
export class InstallationGroup extends HttpApiGroup.make("installation")
  .add(
    HttpApiEndpoint.get("users", "/installation/users", {
      success: Schema.Array(UserView),
    }).annotate(Needs, "users.read"),
    HttpApiEndpoint.post("invite", "/installation/users", {
      payload: invitation,
      success: Invited.pipe(HttpApiSchema.status(201)),
      error: Exists,
    }).annotate(Needs, "users.write"),
    HttpApiEndpoint.put("setRole", "/installation/users/:user", {
      params: installationUser,
      payload: Schema.Struct({ role: Schema.NullOr(Role) }),
      success: HttpApiSchema.NoContent,
      error: LastOwnerStays,
    }).annotate(Needs, "users.write"),
    /** Switches a user off everywhere (their sessions end at once), or on again. */
    HttpApiEndpoint.put("setDisabled", "/installation/users/:user/disabled", {
      params: installationUser,
      payload: Schema.Struct({ disabled: Schema.Boolean }),
      success: HttpApiSchema.NoContent,
      error: LastOwnerStays,
    }).annotate(Needs, "users.write"),
    HttpApiEndpoint.get("audit", "/installation/audit", {
      query: { limit: Schema.optionalKey(Limit), before: Schema.optionalKey(Whole) },
      success: Schema.Array(Schema.suspend(() => AuditView)),
    }).annotate(Needs, "audit.read"),
  )
  .middleware(Guard) {}

/** Epoch milliseconds that a calendar has. */
const Moment = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 8_640_000_000_000_000 }))

export const KeyView = Schema.Struct({
  id: Schema.String,
  name: Schema.String,
  scopes: Schema.Array(Schema.String),
  /** Epoch milliseconds, all of them; `lastUsedAt` to the minute. */
  createdAt: Schema.Finite,
  createdBy: Schema.String,
  expiresAt: Schema.NullOr(Schema.Finite),
  lastUsedAt: Schema.NullOr(Schema.Finite),
  revokedAt: Schema.NullOr(Schema.Finite),
})

export class KeysGroup extends HttpApiGroup.make("keys")
  .add(
    HttpApiEndpoint.get("list", "/organizations/:org/keys", {
      params: inOrganization,
      success: Schema.Array(KeyView),
    }).annotate(Needs, "keys.read"),
    /** `key` is shown this once. Its scopes are actions that its maker has. */
    HttpApiEndpoint.post("create", "/organizations/:org/keys", {
      params: inOrganization,
      payload: Schema.Struct({
        name: Schema.NonEmptyString.check(Schema.isMaxLength(200)),
        scopes: Schema.NonEmptyArray(Action),
        expiresAt: Schema.NullOr(Moment).pipe(Schema.optionalKey),
      }),
      success: Schema.Struct({ key: Schema.String, about: KeyView }).pipe(HttpApiSchema.status(201)),
    }).annotate(Needs, "keys.write"),
    HttpApiEndpoint.delete("revoke", "/organizations/:org/keys/:key", {
      params: { ...inOrganization, key: Schema.NonEmptyString },
      success: HttpApiSchema.NoContent,
    }).annotate(Needs, "keys.write"),
  )
  .middleware(Guard) {}

export const AuditView = Schema.Struct({
  /** Goes down the list; the next page begins `before` the last one's. */
  position: Schema.Int,
  /** Epoch milliseconds. */
  at: Schema.Finite,
  actor: Schema.String,
  actorName: Schema.String,
  action: Schema.String,
  target: Schema.String,
  changes: Schema.Array(
    Schema.Struct({
      ...AuditChange.fields,
      from: Schema.optionalKey(Schema.Json),
      to: Schema.optionalKey(Schema.Json),
    }),
  ),
})

export class AuditGroup extends HttpApiGroup.make("audit")
  .add(
    HttpApiEndpoint.get("list", "/organizations/:org/audit", {
      params: inOrganization,
      query: { limit: Schema.optionalKey(Limit), before: Schema.optionalKey(Whole) },
      success: Schema.Array(AuditView),
    }).annotate(Needs, "audit.read"),
  )
  .middleware(Guard) {}

export class MeGroup extends HttpApiGroup.make("me")
  .add(
    HttpApiEndpoint.get("read", "/me", {
      success: Schema.Struct({
        kind: Schema.Literals(["operator", "machine", "user", "key"]),
        name: Schema.String,
        userId: Schema.NullOr(UserId),
        /** What may be done where; `*` is everywhere. */
        grants: Schema.Record(Schema.String, Schema.Array(Action)),
        /** For browsers: goes with every change as `x-csrf-token`. */
        csrfToken: Schema.NullOr(Schema.String),
      }),
    }).annotate(Needs, "anybody"),
    /** Ends every browser session of the user, this one too. Users only. */
    HttpApiEndpoint.post("setPassword", "/me/password", {
      payload: Schema.Struct({ current: Schema.String, new: Password }),
      success: HttpApiSchema.NoContent,
    }).annotate(Needs, "anybody"),
    HttpApiEndpoint.delete("endSessions", "/me/sessions", {
      success: HttpApiSchema.NoContent,
    }).annotate(Needs, "anybody"),
  )
  .middleware(Guard) {}
