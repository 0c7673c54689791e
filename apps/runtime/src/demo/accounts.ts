/** The channel accounts of the sample shop, as a configuration file states them. */
import { credentials, shopNumbers } from "./providers.ts"

export const siteKey = "larkspoke-web"

/** Where the providers of the demonstration are. */
export interface ProviderUrls {
  readonly twilio: string
  readonly meta: string
  readonly relay: string
}

const { metaBusinessId, metaPhoneId, metaSecret, metaToken, metaVerify, twilioSid, twilioToken } = credentials

/** `origin`: of the page that shows the widget. */
export const realTimeAccounts = (urls: ProviderUrls, origin: string) => [
  {
    id: "text",
    channel: "sms",
    settings: {
      provider: {
        name: "twilio",
        accountSid: twilioSid,
        authToken: twilioToken,
        from: shopNumbers.sms,
        apiBaseUrl: urls.twilio,
      },
    },
  },
  {
    id: "whatsapp",
    channel: "whatsapp",
    settings: {
      provider: "meta",
      phoneNumberId: metaPhoneId,
      wabaId: metaBusinessId,
      accessToken: metaToken,
      appSecret: metaSecret,
      verifyToken: metaVerify,
      apiBaseUrl: urls.meta,
    },
  },
  {
    id: "phone",
    channel: "phone",
    settings: {
      provider: "twilio",
      accountSid: twilioSid,
      authToken: twilioToken,
      apiBaseUrl: urls.relay,
      greeting: "Larkspoke Cycles, good day. How can I help?",
      callerId: "trusted",
      smsFallback: { from: shopNumbers.phone, consent: "caller_id" },
    },
  },
  { id: "site", channel: "widget", settings: { siteKey, origins: [origin], title: "Larkspoke Cycles" } },
]
