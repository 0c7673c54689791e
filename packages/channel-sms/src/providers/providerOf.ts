/** The provider that an account's settings name. A new provider is a folder here, a case there and a shape in the settings. */
import type { SmsSettings } from "../settings.ts"
import type { NonceMemory } from "./plivo/signature.ts"
import { plivoProvider } from "./plivo/provider.ts"
import type { SmsProvider } from "./SmsProvider.ts"
import { telnyxProvider } from "./telnyx/provider.ts"
import { twilioProvider } from "./twilio/provider.ts"
import { vonageProvider } from "./vonage/provider.ts"

export const providerOf = (settings: SmsSettings, nonces: NonceMemory): SmsProvider => {
  const { provider } = settings
  switch (provider.name) {
    case "twilio":
      return twilioProvider(provider, settings)
    case "telnyx":
      return telnyxProvider(provider, settings)
    case "vonage":
      return vonageProvider(provider, settings)
    case "plivo":
      return plivoProvider(provider, settings, nonces)
  }
}
