/** The sample shop's sister, whose customers are answered by a language model; it has mail, and no Zendesk behind it. */
import { mailAccount, type MailPlaces } from "./mailAccount.ts"

export const modelShopAddress = "help@fernhill.example"

/** The organization as a configuration file states it. It reads the same Help Center as everybody may. */
export const modelShop = (at: MailPlaces & { readonly emulatorUrl: string }, modelUrl: string) => ({
  id: "fernhill",
  name: "Fernhill Bikes",
  llm: {
    provider: "openai_compatible" as const,
    model: "sample",
    baseUrl: modelUrl,
    retries: 0,
  },
  accounts: [mailAccount("help", modelShopAddress, "Fernhill Bikes", at)],
  sources: [
    {
      id: "help-center",
      type: "zendesk_help_center" as const,
      everyMinutes: 60,
      connection: { subdomain: "larkspoke", baseUrl: at.emulatorUrl, auth: { type: "none" } },
    },
  ],
})
