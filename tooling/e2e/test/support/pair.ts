/** Two organizations on one runtime, each with services of its own outside. */
import { type ChatTenant, type ChatTenantOptions, startChatTenants } from "./chatTenants.ts"

/** An organization, and the services that only this organization has accounts at. */
export type PairedSite<S> = ChatTenant & { readonly outside: S }

interface Outside<S> {
  /** Starts them; `seed` keeps the credentials of the two organizations apart. */
  readonly start: (seed: string) => Promise<S>
  readonly accountsOf: (services: S) => ReturnType<NonNullable<ChatTenantOptions["accountsOf"]>>
  readonly close: (services: S) => Promise<void>
}

/** `here` is where tests take place, `there` the neighbour whose webhooks are none of ours. `close` of either ends both. */
export const startPair = async <S>(
  outside: Outside<S>,
  retry: ChatTenantOptions["retry"] = {},
): Promise<{ readonly here: PairedSite<S>; readonly there: PairedSite<S> }> => {
  const services = { here: await outside.start("here"), there: await outside.start("there") }
  const [here, there] = await startChatTenants(["here", "there"], {
    multiConversations: true,
    retry,
    accountsOf: (id) => outside.accountsOf(id === "here" ? services.here : services.there),
  })
  if (here === undefined || there === undefined) throw new Error("two organizations were wanted")
  const close = async () => {
    await here.close()
    await outside.close(services.here)
    await outside.close(services.there)
  }
  return {
    here: { ...here, outside: services.here, close },
    there: { ...there, outside: services.there, close },
  }
}
