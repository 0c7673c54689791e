import { OrganizationDocuments } from "@opencx/storage"
import { Effect, Schema } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { knows } from "../../access/Principal.ts"
import { Settings } from "../../layers/Settings.ts"
import {
  changeSettings,
  createOrganization,
  readSettings,
  removeOrganization,
} from "../../organizations/Editor.ts"
import type { Plain } from "../../organizations/secretRefs.ts"
import { Api } from "../contract/Api.ts"
import { Caller } from "../contract/Guard.ts"
import { outage } from "../GuardLive.ts"
import { inOrg } from "./common.ts"
import { settingsView, summaryOf } from "./views.ts"

/** One change, and the settings as they then are. */
export const changed = <E>(
  version: number,
  action: string,
  target: string,
  edit: (document: Plain) => Effect.Effect<Plain, E>,
) =>
  Effect.gen(function* () {
    const { orgId, principal } = yield* inOrg
    return yield* settingsView(yield* changeSettings({ principal, orgId, version, action, target, edit }))
  })

const without = (document: Plain, name: string): Plain =>
  Object.fromEntries(Object.entries(document).filter(([key]) => key !== name))

/** All that the caller has to do with: those of the file first. */
const listed = Effect.gen(function* () {
  const { principal } = yield* Caller
  const { config } = yield* Settings
  const stored = yield* (yield* OrganizationDocuments).versions
  const ids = [...config.organizations.map(({ id }) => id), ...stored.keys()]
  const mine = [...new Set(ids)].filter((id) => knows(principal, id))
  return yield* Effect.forEach(mine, (id) => Effect.flatMap(readSettings(id), summaryOf))
})

const asRecord = Schema.decodeUnknownEffect(Schema.Record(Schema.String, Schema.Unknown))

export const OrganizationsHandlers = HttpApiBuilder.group(Api, "organizations", (handlers) =>
  handlers.handleAll({
    list: () => listed.pipe(Effect.catchTag("StoreError", outage)),
    create: Effect.fnUntraced(
      function* ({ payload }) {
        const { principal } = yield* Caller
        return yield* settingsView(yield* createOrganization(principal, payload.id, payload.settings))
      },
      Effect.catchTag("StoreError", outage),
    ),
    read: Effect.fnUntraced(
      function* () {
        const { orgId } = yield* inOrg
        return yield* settingsView(yield* readSettings(orgId))
      },
      Effect.catchTag("StoreError", outage),
    ),
    replace: ({ headers, payload }) =>
      changed(headers["if-match"], "organization.replace", "settings", () =>
        Effect.succeed(payload.settings),
      ).pipe(Effect.catchTag("StoreError", outage)),
    remove: Effect.fnUntraced(
      function* ({ headers }) {
        const { orgId, principal } = yield* inOrg
        yield* removeOrganization(principal, orgId, headers["if-match"])
      },
      Effect.catchTag("StoreError", outage),
    ),
    putSettings: ({ headers, payload }) =>
      changed(headers["if-match"], "settings.update", "settings", (document) =>
        Effect.map(Effect.orDie(asRecord(payload)), (general) => ({ ...document, ...general })),
      ).pipe(Effect.catchTag("StoreError", outage)),
    putIntegration: ({ headers, params, payload }) =>
      changed(headers["if-match"], "integration.update", params.integration, (document) =>
        Effect.succeed({ ...document, [params.integration]: payload.value }),
      ).pipe(Effect.catchTag("StoreError", outage)),
    removeIntegration: ({ headers, params }) =>
      changed(headers["if-match"], "integration.remove", params.integration, (document) =>
        Effect.succeed(without(document, params.integration)),
      ).pipe(Effect.catchTag("StoreError", outage)),
  }),
)
