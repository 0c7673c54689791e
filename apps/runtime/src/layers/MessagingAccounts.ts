/** One Sunshine app per organization that has one: its client, the live chats on it, and the merge of identities. */
import type { IdentityMerge, OrgId } from "@opencx/core"
import {
  identityMergeOf,
  makeSunshineClient,
  messagingOf,
  sunshineAccess,
  SunshineConnection,
  type SunshineClient,
  type SunshineMessaging,
} from "@opencx/zendesk"
import { Context, Effect, Schema } from "effect"
import { ConfigurationError } from "../config/ConfigError.ts"
import type { OrganizationConfig } from "../config/RuntimeConfig.ts"
import { ZendeskAccounts } from "./ZendeskAccounts.ts"

export interface MessagingAccount {
  readonly connection: SunshineConnection
  readonly client: SunshineClient
  readonly messaging: SunshineMessaging
  /** Null without a Support connection: who is known there cannot be asked. */
  readonly identityMerge: IdentityMerge["Service"] | null
}

/** The adapter's settings, and what only the merge of identities needs to know. */
export const MessagingSettings = Schema.Struct({
  ...SunshineConnection.fields,
  /** Customers sign in to this Zendesk account by JWT or SAML: merges are then allowed in fewer cases. */
  singleSignOn: Schema.Boolean.pipe(Schema.withDecodingDefaultKey(Effect.succeed(false))),
})

const decode = Schema.decodeUnknownEffect(MessagingSettings, { errors: "all", onExcessProperty: "error" })

/** Connects the app of one organization. */
export const connectMessaging = Effect.fnUntraced(function* (organization: OrganizationConfig) {
  const wrong = (detail: string) =>
    new ConfigurationError({
      problem: `The Zendesk Messaging connection of "${organization.id}" is not valid:\n${detail}`,
      hint: "See “Live chat” in the README of the runtime.",
    })
  const settings = yield* decode(organization.messaging).pipe(
    Effect.mapError((error) => wrong(error.message)),
  )
  const support = (yield* ZendeskAccounts).get(organization.id)
  const access = sunshineAccess(settings, support?.connection ?? null)
  if (access === null) return yield* wrong("It names no subdomain, and there is no `zendesk` connection.")
  const client = yield* makeSunshineClient(access)
  return {
    connection: settings,
    client,
    messaging: messagingOf(settings, client),
    identityMerge:
      support === null
        ? null
        : identityMergeOf({
            support: support.client,
            sunshine: client,
            singleSignOn: settings.singleSignOn,
          }),
  } satisfies MessagingAccount
})

export class MessagingAccounts extends Context.Service<
  MessagingAccounts,
  { get(orgId: OrgId): MessagingAccount | null; readonly all: ReadonlyMap<OrgId, MessagingAccount> }
>()("@opencx/runtime/layers/MessagingAccounts") {}
