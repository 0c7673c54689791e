/** One site at work: an account with what its calls share. */
import type { Account, Accept, ConversationView, ServeHost } from "@opencx/core"
import { TokenBox } from "../identity/tokens.ts"
import type { WidgetSettings } from "../settings.ts"
import { Buckets } from "./Buckets.ts"
import { Owners } from "./Owners.ts"

export interface Site {
  readonly account: Account<WidgetSettings>
  readonly settings: WidgetSettings
  readonly origins: ReadonlySet<string>
  readonly tokens: TokenBox
  readonly buckets: Buckets
  readonly owners: Owners
  /** Open streams by visitor. */
  readonly streams: Map<string, number>
  readonly accept: Accept
  readonly view: ConversationView
}

/** Sites by their key. A key that two accounts have names the first of them. */
export type Sites = ReadonlyMap<string, Site>

export const makeSites = (host: ServeHost<WidgetSettings>): Sites => {
  const sites = new Map<string, Site>()
  for (const account of host.accounts) {
    const { settings } = account
    if (sites.has(settings.siteKey)) continue
    sites.set(settings.siteKey, {
      account,
      settings,
      origins: new Set(settings.origins),
      tokens: new TokenBox(account.signer),
      buckets: new Buckets(),
      owners: new Owners(host.conversations),
      streams: new Map(),
      accept: host.accept,
      view: host.conversations,
    })
  }
  return sites
}
