/** Settings as the API shows them. */
import { Effect, Schema } from "effect"
import * as HttpEffect from "effect/http/HttpEffect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
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

/** With the version as `ETag`, for the `If-Match` of the next change. */
export const settingsView = Effect.fnUntraced(function* (stored: StoredSettings) {
  const settings = yield* Effect.orDie(asJson(textOf(stored.document)))
  yield* HttpEffect.appendPreResponseHandler((_, response) =>
    Effect.succeed(HttpServerResponse.setHeader(response, "etag", `"${stored.version}"`)),
  )
  const view: SettingsView = { ...(yield* summaryOf(stored)), settings }
  return view
})
