/** Two organizations on one runtime, whose calls are held by Vapi and by Retell. */
import { type ChatTenant, type ChatTenantOptions, startChatTenants } from "../chatTenants.ts"
import type { Hosted } from "./Hosted.ts"
import { startRetell, startVapi } from "./services.ts"

/** Each with the digits that its callers' numbers begin with. */
export const hostedRows = [
  ["Vapi", "+141555541"],
  ["Retell", "+141555542"],
] as const
export type HostedName = (typeof hostedRows)[number][0]

export type HostedSite = ChatTenant & { readonly hosted: Readonly<Record<HostedName, Hosted>> }

const startBoth = async (seed: string) => ({ Vapi: await startVapi(seed), Retell: await startRetell(seed) })

/** `close` of either ends both. */
export const startHostedSites = async (
  retry: ChatTenantOptions["retry"] = {},
): Promise<{ readonly here: HostedSite; readonly there: HostedSite }> => {
  const services = { here: await startBoth("here"), there: await startBoth("there") }
  const of = (id: string) => (id === "here" ? services.here : services.there)
  const [here, there] = await startChatTenants(["here", "there"], {
    multiConversations: true,
    retry,
    accountsOf: (id) =>
      Object.values(of(id)).map(({ accountId, settings }) => ({ id: accountId, channel: "phone", settings })),
  })
  if (here === undefined || there === undefined) throw new Error("two organizations were wanted")
  const close = async () => {
    await here.close()
    for (const { line } of [...Object.values(services.here), ...Object.values(services.there)])
      await line.close()
  }
  return {
    here: { ...here, hosted: services.here, close },
    there: { ...there, hosted: services.there, close },
  }
}
