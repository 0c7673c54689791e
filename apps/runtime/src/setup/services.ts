/** What commands about the connection to Zendesk stand on: no organization's settings have to be right for it. */
import { Layer } from "effect"
import type { OrganizationConfig, RuntimeConfig } from "../config/RuntimeConfig.ts"
import { Effect } from "effect"
import { ConfigurationError } from "../config/ConfigError.ts"
import { DatabaseLive } from "../layers/Database.ts"
import { Settings } from "../layers/Settings.ts"
import { Signing } from "../layers/Signing.ts"
import { configuredOrganizations } from "../organizations/configured.ts"

export const setupServices = (config: RuntimeConfig) =>
  Signing.layer.pipe(Layer.provideMerge(DatabaseLive), Layer.provideMerge(Settings.layer(config)))

const isConnected = ({ messaging, zendesk }: OrganizationConfig): boolean =>
  zendesk !== undefined || messaging !== undefined

/** The organizations that a command is about: one that was named, or all that are connected to Zendesk. */
export const connected = Effect.fnUntraced(function* (named: string | null) {
  const organizations = (yield* configuredOrganizations).map(({ config }) => config)
  const all = organizations.filter((one) => named === null || one.id === named)
  const usable = all.filter(isConnected)
  if (usable.length > 0) return usable
  const ids = organizations.map(({ id }) => id).join(", ")
  return yield* new ConfigurationError(
    all.length === 0
      ? { problem: `There is no organization "${named ?? ""}".`, hint: `Organizations: ${ids}.` }
      : {
          problem: "No organization is connected to Zendesk.",
          hint: "Add `zendesk` (and `messaging` for live chats) to it; see “Connecting a real Zendesk account” in the README.",
        },
  )
})

/** The one organization that a command is about. */
export const onlyConnected = Effect.fnUntraced(function* (named: string | null) {
  const all = yield* connected(named)
  const [first] = all
  if (first !== undefined && all.length === 1) return first
  return yield* new ConfigurationError({
    problem: "Several organizations are connected to Zendesk.",
    hint: `Name one with --org: ${all.map(({ id }) => id).join(", ")}.`,
  })
})
