/** Settings as the API shows them. */
import { Effect, Schema } from "effect"
import type { StoredSettings } from "../../organizations/Editor.ts"
import { LiveOrganizations } from "../../organizations/LiveOrganizations.ts"
import type { OrganizationView, SettingsView } from "../contract/organizations.ts"

export const summaryOf = Effect.fnUntraced(function* (stored: StoredSettings) {
  const standing = (yield* LiveOrganizations).get(stored.orgId)
  const { name } = stored.document
  const view: OrganizationView = {
    id: stored.orgId,
    name: typeof name === "string" ? name : stored.orgId,
    managedBy: stored.managedBy,
    version: stored.version,
    updatedAt: stored.updatedAt,
    runningVersion: standing?.version ?? null,
    trouble: standing?.trouble ?? null,
  }
  return view
})

/** What JSON cannot say (absent values) is left out; nothing else can stand in a document. */
const Document = Schema.fromJsonString(Schema.Record(Schema.String, Schema.Json))
const asJson = Schema.decodeUnknownEffect(Document)
const textOf = Schema.encodeUnknownSync(Schema.fromJsonString(Schema.Unknown))

export const settingsView = Effect.fnUntraced(function* (stored: StoredSettings) {
  const settings = yield* Effect.orDie(asJson(textOf(stored.document)))
  const view: SettingsView = { ...(yield* summaryOf(stored)), settings }
  return view
})
