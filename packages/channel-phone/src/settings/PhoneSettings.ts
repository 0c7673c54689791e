/** The settings of one phone account: what an operator writes in the configuration. */
import type { Redacted } from "effect"
import { Schema } from "effect"
import { RetellSettings, VapiSettings } from "./hosted.ts"
import { TwilioSettings } from "./twilio.ts"

/** One phone account, by `provider`: `twilio`, `vapi` or `retell`. Every secret decodes to a `Redacted`. */
export const PhoneSettings = Schema.Union([TwilioSettings, VapiSettings, RetellSettings])
export type PhoneSettings = typeof PhoneSettings.Type

/** What is needed to send an SMS, and to recognise Twilio's news about it. */
export interface TextLine {
  readonly accountSid: string
  readonly authToken: Redacted.Redacted<string>
  readonly secondAuthToken: Redacted.Redacted<string> | null
  readonly apiBaseUrl: string
  readonly from: string
  readonly consent: "caller_id" | "asked" | "never"
}

/** The number that later replies are texted from; null when none is configured. */
export const textLineOf = (settings: PhoneSettings): TextLine | null => {
  const { smsFallback } = settings
  if (smsFallback === undefined) return null
  const credentials = settings.provider === "twilio" ? settings : settings.smsFallback
  if (credentials === undefined) return null
  return {
    accountSid: credentials.accountSid,
    authToken: credentials.authToken,
    secondAuthToken: credentials.secondAuthToken ?? null,
    apiBaseUrl: credentials.apiBaseUrl,
    from: smsFallback.from,
    consent: smsFallback.consent,
  }
}
