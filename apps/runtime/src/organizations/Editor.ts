/** Reads and changes the settings of organizations, for the API: versions, secrets, audit log, and the swap of what runs. */
import type { OrgId } from "@opencx/core"
import { OrganizationDocuments } from "@opencx/storage"
import { Effect, Schema } from "effect"
import { NotFound } from "../access/Access.ts"
import type { Principal } from "../access/Principal.ts"
import type { OrganizationConfig } from "../config/RuntimeConfig.ts"
import { Settings } from "../layers/Settings.ts"
import type { ManagedBy } from "./configured.ts"
import { differences } from "./differences.ts"
import { checkIncoming } from "./incoming.ts"
import { LiveOrganizations } from "./LiveOrganizations.ts"
import { Exists, ManagedByFile, VersionMismatch } from "./problems.ts"
import { replaceSecrets, secretPlaces } from "./secretPlaces.ts"
import { isPlain, type Plain } from "./secretRefs.ts"

export interface StoredSettings {
  readonly orgId: OrgId
  readonly managedBy: ManagedBy
  readonly version: number
  /** Epoch milliseconds; null for the file's. */
  readonly updatedAt: number | null
  /** With `{ "$secret": …, "setAt": … }` in the places of secrets. */
  readonly document: Plain
}

const textOf = Schema.encodeUnknownSync(Schema.fromJsonString(Schema.Unknown))
const parse = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.Record(Schema.String, Schema.Unknown)))

/** The file's own section, its secrets hidden. */
const fromFile = Effect.fnUntraced(function* (config: OrganizationConfig) {
  const places = yield* secretPlaces(config)
  const document = replaceSecrets(config, places, () => ({ $secret: "in the configuration file", setAt: 0 }))
  return {
    orgId: config.id,
    managedBy: "file",
    version: 0,
    updatedAt: null,
    document: isPlain(document) ? document : {},
  } satisfies StoredSettings
})

const inFile = Effect.fnUntraced(function* (orgId: OrgId) {
  return (yield* Settings).config.organizations.find(({ id }) => id === orgId)
})

/** The settings as they stand, whether they can run or not. */
export const readSettings = Effect.fn("readSettings")(function* (orgId: OrgId) {
  const file = yield* inFile(orgId)
  if (file !== undefined) return yield* fromFile(file)
  const stored = yield* (yield* OrganizationDocuments).get(orgId)
  if (stored === null) return yield* new NotFound({ what: `organization "${orgId}"` })
  // A document that cannot be read is shown as empty: sending a whole one mends it.
  const document = yield* Effect.orElseSucceed(parse(stored.body), () => ({}))
  const { updatedAt, version } = stored
  return { orgId, managedBy: "api", version, updatedAt, document } satisfies StoredSettings
})

const notHere = new ManagedByFile({
  hint: "This organization stands in the configuration file: change it there and start OpenCX again, or take it out of the file and create it here.",
})

const mismatch = (orgId: OrgId, version: number | null) =>
  version === null
    ? new NotFound({ what: `organization "${orgId}"` })
    : new VersionMismatch({
        version,
        hint: "Somebody changed the settings meanwhile: read them again, and send your change with the version that you then see as `If-Match`.",
      })

const auditOf = (principal: Principal, orgId: string, action: string, target: string) => ({
  orgId,
  actor: principal.actor,
  actorName: principal.name,
  action,
  target,
})

/** The scope of the installation's own secrets, the signing key among them: no organization may lie in it. */
const reserved = "installation"

export const createOrganization = Effect.fn("createOrganization")(function* (
  principal: Principal,
  orgId: OrgId,
  sent: Plain,
) {
  const taken = new Exists({
    what: `organization "${orgId}"`,
    hint: "Choose another id; the other one's conversations are kept under this one.",
  })
  if (orgId === reserved || (yield* inFile(orgId)) !== undefined) return yield* taken
  const { document, newSecrets } = yield* checkIncoming(orgId, principal, {}, { ...sent, id: orgId })
  const changes = differences({}, document)
  yield* (yield* OrganizationDocuments)
    .create(orgId, {
      body: textOf(document),
      newSecrets,
      oldSecrets: [],
      audit: { ...auditOf(principal, orgId, "organization.create", orgId), changes },
    })
    .pipe(Effect.catchTag("VersionConflict", () => Effect.fail(taken)))
  yield* (yield* LiveOrganizations).refresh
  return yield* readSettings(orgId)
})

/**
 * `edit` makes the new document of the one that stands; `prove` looks at what would run, before it is stored; `action` and
 * `target` are for the audit log.
 */
export const changeSettings = <E, E2 = never, R = never>(input: {
  readonly principal: Principal
  readonly orgId: OrgId
  /** The version that the caller has seen. */
  readonly version: number
  readonly action: string
  readonly target: string
  readonly edit: (document: Plain) => Effect.Effect<Plain, E>
  readonly prove?: (config: OrganizationConfig) => Effect.Effect<void, E2, R>
}) =>
  Effect.gen(function* () {
    const { action, orgId, principal, target, version } = input
    const before = yield* readSettings(orgId)
    if (before.managedBy === "file") return yield* notHere
    if (before.version !== version) return yield* mismatch(orgId, before.version)
    const sent = yield* input.edit(before.document)
    const checked = yield* checkIncoming(orgId, principal, before.document, { ...sent, id: orgId })
    if (input.prove !== undefined) yield* input.prove(checked.config)
    const changes = differences(before.document, checked.document)
    yield* (yield* OrganizationDocuments)
      .update(orgId, version, {
        body: textOf(checked.document),
        newSecrets: checked.newSecrets,
        oldSecrets: checked.oldSecrets,
        audit: { ...auditOf(principal, orgId, action, target), changes },
      })
      .pipe(Effect.catchTag("VersionConflict", (conflict) => Effect.fail(mismatch(orgId, conflict.version))))
    yield* (yield* LiveOrganizations).refresh
    return yield* readSettings(orgId)
  }).pipe(Effect.withSpan("changeSettings"))

/** Takes it out of use. Its conversations stay; its webhooks are refused from now on. */
export const removeOrganization = Effect.fn("removeOrganization")(function* (
  principal: Principal,
  orgId: OrgId,
  version: number,
) {
  const before = yield* readSettings(orgId)
  if (before.managedBy === "file") return yield* notHere
  const audit = { ...auditOf(principal, orgId, "organization.remove", orgId), changes: [] }
  yield* (yield* OrganizationDocuments)
    .remove(orgId, version, audit)
    .pipe(Effect.catchTag("VersionConflict", (conflict) => Effect.fail(mismatch(orgId, conflict.version))))
  yield* (yield* LiveOrganizations).refresh
})
