/** Which organizations there are: those of the configuration file, and those that are kept in the database. */
import type { OrgId } from "@opencx/core"
import { type OrganizationDocument, OrganizationDocuments } from "@opencx/storage"
import { Effect, Schema } from "effect"
import { ConfigurationError } from "../config/ConfigError.ts"
import { OrganizationConfig } from "../config/RuntimeConfig.ts"
import { Settings } from "../layers/Settings.ts"
import { withSecrets } from "./secretRefs.ts"

/** `file`: only a change of the file and a restart change it. `api`: kept in the database. */
export type ManagedBy = "file" | "api"

export interface ConfiguredOrganization {
  readonly config: OrganizationConfig
  readonly managedBy: ManagedBy
  /** Of its document; 0 for the file's. */
  readonly version: number
}

const parse = Schema.decodeUnknownEffect(Schema.fromJsonString(Schema.Unknown))
// A misspelt setting must not be a setting that silently does nothing.
export const decodeOrganization = Schema.decodeUnknownEffect(OrganizationConfig, {
  errors: "all",
  onExcessProperty: "error",
})

const unusable = (orgId: OrgId, detail: string) =>
  new ConfigurationError({
    problem: `The stored settings of organization "${orgId}" cannot be used:\n${detail}`,
    hint: "Correct them through the API; until then the last good version runs on, if there is one.",
  })

/** A stored document as what the runtime builds from. */
export const fromDocument = Effect.fnUntraced(function* ({ body, orgId, version }: OrganizationDocument) {
  const document = yield* parse(body).pipe(Effect.mapError((error) => unusable(orgId, error.message)))
  const { missing, whole } = yield* withSecrets(orgId, document)
  if (missing.length > 0) return yield* unusable(orgId, `secrets are missing: ${missing.join(", ")}`)
  const config = yield* decodeOrganization(whole).pipe(
    Effect.mapError((error) => unusable(orgId, error.message)),
  )
  return { config, managedBy: "api", version } satisfies ConfiguredOrganization
})

/** All that can be read; of each stored one that cannot, the log says why. */
export const configuredOrganizations = Effect.gen(function* () {
  const { config } = yield* Settings
  const inFile = config.organizations.map((one): ConfiguredOrganization => ({
    config: one,
    managedBy: "file",
    version: 0,
  }))
  const names = new Set(config.organizations.map(({ id }) => id))
  const documents = yield* (yield* OrganizationDocuments).all
  const stored = yield* Effect.forEach(
    documents.filter(({ orgId }) => !names.has(orgId)),
    (document) =>
      fromDocument(document).pipe(
        Effect.catchTag("ConfigurationError", (error) => Effect.as(Effect.logError(error.message), null)),
      ),
  )
  return [...inFile, ...stored.filter((one) => one !== null)]
})
