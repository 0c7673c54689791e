/** The webhook URLs of this installation, to be pasted into Zendesk and into providers' consoles. */
import { Effect } from "effect"
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

/** All of them, first those of the file in its order. They stay the same when credentials are rotated. */
export const hookUrls = Effect.gen(function* () {
  const { publicUrl } = yield* Settings
  const { urls } = yield* Signing
  const configured = yield* configuredOrganizations
  for (const { config } of configured) urls.know(config)
  return configured.flatMap(({ config: org }): ReadonlyArray<HookUrl> => [
    ...(org.zendesk === undefined
      ? []
      : [
          {
            organization: org.id,
            what: "zendesk ticketing",
            url: `${publicUrl}/hooks/zendesk/ticketing/${urls.sign(ticketingPurpose, [org.id])}`,
          },
          {
            organization: org.id,
            what: "zendesk assist",
            url: `${publicUrl}/hooks/zendesk/assist/${urls.sign(assistPurpose, [org.id])}`,
          },
        ]),
    ...(org.messaging === undefined
      ? []
      : [
          {
            organization: org.id,
            what: "zendesk messaging",
            url: `${publicUrl}/hooks/zendesk/messaging/${urls.sign(messagingPurpose, [org.id])}`,
          },
        ]),
    ...org.accounts.map((account) => ({
      organization: org.id,
      what: `${account.channel} account ${account.id}`,
      url: channelHookUrl(publicUrl, urls, account.channel, org.id, account.id),
    })),
  ])
})
