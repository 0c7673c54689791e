/** Two organizations on one runtime, with an account at every carrier each; the carriers' accounts are their own too. */
import { type ChatTenant, type ChatTenantOptions, startChatTenants } from "../chatTenants.ts"
import type { Carrier } from "./Carrier.ts"
import { startPlivo } from "./plivo.ts"
import { startTelnyx } from "./telnyx.ts"
import { startTwilioText, startTwilioWhatsapp } from "./twilio.ts"
import { startVonage } from "./vonage.ts"

export type CarrierName = "Telnyx" | "Vonage" | "Plivo" | "Twilio SMS" | "Twilio WhatsApp"
type Carriers = Readonly<Record<CarrierName, Carrier>>

/** Each with the digits that its customers' numbers begin with, so that tests never share a customer. */
export const carrierRows: ReadonlyArray<readonly [CarrierName, string]> = [
  ["Telnyx", "+1415556"],
  ["Vonage", "+1415557"],
  ["Plivo", "+1415558"],
  ["Twilio SMS", "+1415559"],
  ["Twilio WhatsApp", "+1415551"],
]

/** An organization, and what it has at the carriers. */
export type CarrierSite = ChatTenant & { readonly carriers: Carriers }

const startAll = async (seed: string): Promise<Carriers> => ({
  Telnyx: await startTelnyx(seed),
  Vonage: await startVonage(seed),
  Plivo: await startPlivo(seed),
  "Twilio SMS": await startTwilioText(seed),
  "Twilio WhatsApp": await startTwilioWhatsapp(seed),
})

/** `here` is where tests take place, `there` the neighbour whose webhooks are none of ours. `close` of either ends both. */
export const startCarrierSites = async (
  retry: ChatTenantOptions["retry"] = {},
): Promise<{ readonly here: CarrierSite; readonly there: CarrierSite }> => {
  const carriers = { here: await startAll("here"), there: await startAll("there") }
  const of = (id: string) => (id === "here" ? carriers.here : carriers.there)
  const [here, there] = await startChatTenants(["here", "there"], {
    multiConversations: true,
    retry,
    accountsOf: (id) =>
      Object.values(of(id)).map(({ accountId, channel, settings }) => ({ id: accountId, channel, settings })),
  })
  if (here === undefined || there === undefined) throw new Error("two organizations were wanted")
  const close = async () => {
    await here.close()
    for (const one of [...Object.values(carriers.here), ...Object.values(carriers.there)]) await one.close()
  }
  return {
    here: { ...here, carriers: carriers.here, close },
    there: { ...there, carriers: carriers.there, close },
  }
}
