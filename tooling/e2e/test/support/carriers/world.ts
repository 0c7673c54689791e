/** Every carrier, at two organizations on one runtime. */
import type { ChatTenantOptions } from "../chatTenants.ts"
import { type PairedSite, startPair } from "../pair.ts"
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

export type CarrierSite = PairedSite<Carriers>

const startAll = async (seed: string): Promise<Carriers> => ({
  Telnyx: await startTelnyx(seed),
  Vonage: await startVonage(seed),
  Plivo: await startPlivo(seed),
  "Twilio SMS": await startTwilioText(seed),
  "Twilio WhatsApp": await startTwilioWhatsapp(seed),
})

/** Two organizations, each with an account at every carrier. */
export const startCarrierSites = (retry: ChatTenantOptions["retry"] = {}) =>
  startPair(
    {
      start: startAll,
      accountsOf: (carriers) =>
        Object.values(carriers).map(({ accountId, channel, settings }) => ({
          id: accountId,
          channel,
          settings,
        })),
      close: async (carriers) => {
        for (const carrier of Object.values(carriers)) await carrier.close()
      },
    },
    retry,
  )
