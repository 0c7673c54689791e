import { channelContract } from "@opencx/testing"
import { makeSmsPlugin } from "../src/index.ts"
import * as F from "./support/fakes.ts"
import { deliveryId } from "./support/host.ts"
import { atTwilio, scenarios } from "./support/scenarios.ts"
import { plivo, plivoV2, telnyx, twilio, vonage } from "./support/webhooks.ts"

const plugin = makeSmsPlugin({ settleMs: 200 })

channelContract(plugin, {
  settings: F.twilioSettings(undefined, {
    secondaryAuthToken: "twilio-auth-token-2",
    messagingServiceSid: `MG${"0".repeat(32)}`,
  }),
  secrets: [F.authToken, "twilio-auth-token-2"],
  rejected: [
    { name: "no provider", settings: {}, mentions: "provider" },
    { name: "an unknown provider", settings: { provider: { name: "pigeon" } }, mentions: "name" },
    {
      name: "no number at Twilio",
      settings: F.twilioSettings(undefined, { from: undefined }),
      mentions: "from",
    },
    {
      name: "an account SID that is none",
      settings: F.twilioSettings(undefined, { accountSid: "AC1" }),
      mentions: "Account SID",
    },
    { name: "http elsewhere", settings: F.twilioSettings("http://api.example.com"), mentions: "https" },
    { name: "a public key that is none", settings: F.telnyxSettings("AAAA"), mentions: "32-byte" },
    {
      name: "Vonage without credentials",
      settings: F.vonageSettings(undefined, { apiSecret: undefined }),
      mentions: "apiSecret",
    },
    {
      name: "Plivo without a number",
      settings: F.plivoSettings(undefined, { from: undefined }),
      mentions: "from",
    },
  ],
  webhooks: [twilio, telnyx, vonage, plivo, plivoV2],
  // The plugin remembers what it has sent, so that each scenario needs a delivery of its own.
  sending: scenarios.map((s, i) => ({ ...s, message: { deliveryId: deliveryId(500 + i), ...s.message } })),
  rendering: { start: atTwilio([], [], { timeoutMs: 5_000 }) },
})
