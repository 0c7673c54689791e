/** Organizations and what is set for them. Every change makes a new version of the whole organization. */
import { AccountId, ChannelId, OrganizationSettings, OrgId } from "@opencx/core"
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema } from "effect/http-api"
import { OrganizationConfig } from "../../config/RuntimeConfig.ts"
import { Exists, ManagedByFile, VersionMismatch } from "../../organizations/problems.ts"
import { Guard, inOrganization, Needs } from "./Guard.ts"
import { ifMatch } from "./versions.ts"

export const OrganizationView = Schema.Struct({
  id: OrgId,
  name: Schema.String,
  /** `file`: it stands in the configuration file, and is changed there. */
  managedBy: Schema.Literals(["file", "api"]),
  version: Schema.Int,
  /** Epoch milliseconds. */
  updatedAt: Schema.NullOr(Schema.Finite),
  /** The version that runs; null: nothing of it runs. */
  runningVersion: Schema.NullOr(Schema.Int),
  /** Why the newest version does not run. */
  trouble: Schema.NullOr(
    Schema.Struct({
      version: Schema.Int,
      problem: Schema.String,
      hint: Schema.String,
      since: Schema.Finite,
    }),
  ),
})
export type OrganizationView = typeof OrganizationView.Type

/** A document as it stands. Secrets are `{ "$secret": "<name>", "setAt": <epoch ms> }`; sent back, they stay as they are. */
export const SettingsView = Schema.Struct({
  ...OrganizationView.fields,
  settings: Schema.Record(Schema.String, Schema.Json),
})
export type SettingsView = typeof SettingsView.Type

const { handoff: _handoff, id: _id, ...general } = OrganizationSettings.fields
/** What the organization decides about handoffs, tags, fields, assist mode and wording. */
export const GeneralSettings = Schema.Struct({
  ...general,
  handoff: OrganizationConfig.fields.handoff,
})

/** A section, an account's settings: what may stand in it is its adapter's or plugin's own, and checked by it. */
const Section = Schema.Record(Schema.String, Schema.Json)

export const AccountInput = Schema.Struct({ channel: ChannelId, settings: Section })

export const Integration = Schema.Literals(["zendesk", "messaging", "llm", "assistSigningSecret"])
export type Integration = typeof Integration.Type

const changing = [ManagedByFile, VersionMismatch]
const changed = { success: SettingsView, error: changing, headers: ifMatch }

const read = HttpApiEndpoint.get("read", "/organizations/:org", {
  params: inOrganization,
  success: SettingsView,
}).annotate(Needs, "organization.read")

const list = HttpApiEndpoint.get("list", "/organizations", {
  success: Schema.Array(OrganizationView),
}).annotate(Needs, "anybody")

const create = HttpApiEndpoint.post("create", "/organizations", {
  payload: Schema.Struct({ id: OrgId, settings: Schema.Record(Schema.String, Schema.Json) }),
  success: SettingsView.pipe(HttpApiSchema.status(201)),
  error: Exists,
}).annotate(Needs, "installation.write")

/** The whole document at once. */
const replace = HttpApiEndpoint.put("replace", "/organizations/:org", {
  params: inOrganization,
  payload: Schema.Struct({ settings: Schema.Record(Schema.String, Schema.Json) }),
  ...changed,
}).annotate(Needs, "organization.write")

const remove = HttpApiEndpoint.delete("remove", "/organizations/:org", {
  params: inOrganization,
  headers: ifMatch,
  success: HttpApiSchema.NoContent,
  error: changing,
}).annotate(Needs, "organization.remove")

const putSettings = HttpApiEndpoint.put("putSettings", "/organizations/:org/settings", {
  params: inOrganization,
  payload: GeneralSettings,
  ...changed,
}).annotate(Needs, "organization.write")

const integrationPath = { ...inOrganization, integration: Integration }

const putIntegration = HttpApiEndpoint.put(
  "putIntegration",
  "/organizations/:org/integrations/:integration",
  { params: integrationPath, payload: Schema.Struct({ value: Schema.Json }), ...changed },
).annotate(Needs, "organization.write")

const removeIntegration = HttpApiEndpoint.delete(
  "removeIntegration",
  "/organizations/:org/integrations/:integration",
  { params: integrationPath, ...changed },
).annotate(Needs, "organization.write")

export class OrganizationsGroup extends HttpApiGroup.make("organizations")
  .add(list, create, read, replace, remove, putSettings, putIntegration, removeIntegration)
  .middleware(Guard) {}

const accountPath = { ...inOrganization, account: AccountId }

/** Channel accounts. `hookUrl`: what the provider must call. */
export const AccountView = Schema.Struct({
  id: AccountId,
  channel: Schema.String,
  hookUrl: Schema.String,
  settings: Schema.Json,
})

export class AccountsGroup extends HttpApiGroup.make("accounts")
  .add(
    HttpApiEndpoint.get("list", "/organizations/:org/accounts", {
      params: inOrganization,
      success: Schema.Array(AccountView),
    }).annotate(Needs, "organization.read"),
    HttpApiEndpoint.put("put", "/organizations/:org/accounts/:account", {
      params: accountPath,
      payload: AccountInput,
      ...changed,
    }).annotate(Needs, "organization.write"),
    HttpApiEndpoint.delete("remove", "/organizations/:org/accounts/:account", {
      params: accountPath,
      ...changed,
    }).annotate(Needs, "organization.write"),
  )
  .middleware(Guard) {}
