/** The webhook URLs of this installation, to be pasted into Zendesk and into providers' consoles. */
import { Effect } from "effect"
import type { OrganizationConfig } from "../config/RuntimeConfig.ts"
import { configuredOrganizations } from "../organizations/configured.ts"
import { assistPurpose, messagingPurpose, ticketingPurpose } from "../signing/purposes.ts"
import type { UrlSigner } from "../signing/tokens.ts"
import { Settings } from "./Settings.ts"
import { Signing } from "./Signing.ts"

/** Path and token of a channel account's webhook. It names the account, and nothing that is ever rotated. */
export const channelHookUrl = (
  publicUrl: string,
  urls: UrlSigner,
  channel: string,
  orgId: string,
  accountId: string,
): string => `${publicUrl}/hooks/${channel}/${urls.sign(`channel:${channel}`, [orgId, accountId])}`

export interface HookUrl {
  readonly organization: string
  /** What it is for: `zendesk ticketing`, or a channel account. */
  readonly what: string
  readonly url: string
}

/** Those of one organization. They stay the same when credentials are rotated. */
export const hookUrlsOf = Effect.fnUntraced(function* (org: OrganizationConfig) {
  const { publicUrl } = yield* Settings
  const { urls } = yield* Signing
  urls.know(org)
  const zendesk = (kind: string, purpose: string): HookUrl => ({
    organization: org.id,
    what: `zendesk ${kind}`,
    url: `${publicUrl}/hooks/zendesk/${kind}/${urls.sign(purpose, [org.id])}`,
  })
  return [
    ...(org.zendesk === undefined
      ? []
      : [zendesk("ticketing", ticketingPurpose), zendesk("assist", assistPurpose)]),
    ...(org.messaging === undefined ? [] : [zendesk("messaging", messagingPurpose)]),
    ...org.accounts.map((account) => ({
      organization: org.id,
      what: `${account.channel} account ${account.id}`,
      url: channelHookUrl(publicUrl, urls, account.channel, org.id, account.id),
    })),
  ]
})

/** All of them, first those of the file in its order. */
export const hookUrls = Effect.gen(function* () {
  const configured = yield* configuredOrganizations
  return (yield* Effect.forEach(configured, ({ config }) => hookUrlsOf(config))).flat()
})
