import { AccountId } from "@opencx/core"
import { Effect, Option, Schema } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { NotFound } from "../../access/Access.ts"
import { channelHookUrl } from "../../layers/HookUrls.ts"
import { Settings } from "../../layers/Settings.ts"
import { Signing } from "../../layers/Signing.ts"
import { readSettings } from "../../organizations/Editor.ts"
import { Api } from "../contract/Api.ts"
import { outage } from "../GuardLive.ts"
import { inOrg } from "./common.ts"
import { has, put, take } from "./lists.ts"
import { changed } from "./organizations.ts"
import { settingsView } from "./views.ts"

const Account = Schema.Struct({
  id: AccountId,
  channel: Schema.String,
  settings: Schema.optionalKey(Schema.Json),
})
const accountsIn = Schema.decodeUnknownOption(Schema.Array(Account))

const listed = Effect.gen(function* () {
  const { orgId } = yield* inOrg
  const { publicUrl } = yield* Settings
  const { urls } = yield* Signing
  const { settings } = yield* settingsView(yield* readSettings(orgId))
  const accounts = Option.getOrElse(accountsIn(settings["accounts"] ?? []), () => [])
  return accounts.map(({ channel, id, settings: own = {} }) => ({
    id,
    channel,
    settings: own,
    hookUrl: channelHookUrl(publicUrl, urls, channel, orgId, id),
  }))
})

export const AccountsHandlers = HttpApiBuilder.group(Api, "accounts", (handlers) =>
  handlers.handleAll({
    list: () => listed.pipe(Effect.catchTag("StoreError", outage)),
    put: ({ headers, params, payload }) =>
      changed(headers["if-match"], "account.update", params.account, (document) =>
        Effect.succeed(put(document, "accounts", { id: params.account, ...payload })),
      ).pipe(Effect.catchTag("StoreError", outage)),
    remove: ({ headers, params }) =>
      changed(headers["if-match"], "account.remove", params.account, (document) =>
        has(document, "accounts", params.account)
          ? Effect.succeed(take(document, "accounts", params.account))
          : Effect.fail(new NotFound({ what: `account "${params.account}"` })),
      ).pipe(Effect.catchTag("StoreError", outage)),
  }),
)
