/** Vapi and Retell, at two organizations on one runtime. */
import type { ChatTenantOptions } from "../chatTenants.ts"
import { type PairedSite, startPair } from "../pair.ts"
import type { Hosted } from "./Hosted.ts"
import { startRetell, startVapi } from "./services.ts"

/** Each with the digits that its callers' numbers begin with. */
export const hostedRows = [
  ["Vapi", "+141555541"],
  ["Retell", "+141555542"],
] as const
export type HostedName = (typeof hostedRows)[number][0]

type Services = Readonly<Record<HostedName, Hosted>>
export type HostedSite = PairedSite<Services>

const startBoth = async (seed: string): Promise<Services> => ({
  Vapi: await startVapi(seed),
  Retell: await startRetell(seed),
})

/** Two organizations, each with an account at both. */
export const startHostedSites = (retry: ChatTenantOptions["retry"] = {}) =>
  startPair(
    {
      start: startBoth,
      accountsOf: (services) =>
        Object.values(services).map(({ accountId, settings }) => ({
          id: accountId,
          channel: "phone",
          settings,
        })),
      close: async (services) => {
        for (const { line } of Object.values(services)) await line.close()
      },
    },
    retry,
  )
