/** The SMS plugin: what it can do, and where its parts are. */
import { type Account, type ChannelPlugin, definePlugin } from "@opencx/core"
import { Effect } from "effect"
import { receive } from "./inbound/receive.ts"
import { OPT_OUT_WORDS } from "./optout/words.ts"
import { openSender } from "./outbound/open.ts"
import { tokenOf } from "./outbound/PartToken.ts"
import { NonceMemory } from "./providers/plivo/signature.ts"
import { providerOf } from "./providers/providerOf.ts"
import { SmsSettings } from "./settings.ts"

/** What can be set for the whole plugin. */
export interface SmsPluginOptions {
  /**
   * How long the fate of a message whose answer was lost is looked for, in milliseconds: in its status callback, and in the
   * provider's list. Default: 6,000.
   */
  readonly settleMs?: number
}

/** Makes the SMS plugin. */
export const makeSmsPlugin = (options: SmsPluginOptions = {}): ChannelPlugin => {
  const nonces = new NonceMemory()
  const provider = (account: Account<SmsSettings>) => providerOf(account.settings, nonces)
  return definePlugin({
    id: "sms",
    title: "SMS",
    capabilities: {
      handoff: "messaging",
      channelTag: "sms",
      textLimit: 1600,
      markup: "plain",
      media: { inbound: true, outbound: true, maxBytes: 10_485_760 },
      receipts: true,
      typing: false,
      replyWindowMinutes: null,
      optOutWords: OPT_OUT_WORDS,
    },
    identity: ["phone"],
    settings: SmsSettings,
    inbound: {
      verify: (request, account) => provider(account).verify(request),
      decode: (request, account) =>
        receive(request, tokenOf(request.url), { account, provider: provider(account) }),
      answer: (_, account) => provider(account).answer,
    },
    outbound: {
      open: (account) => Effect.succeed(openSender(account, provider(account), options.settleMs ?? 6_000)),
    },
  })
}

/** SMS and MMS by Twilio, Telnyx, Vonage or Plivo. */
export const smsPlugin: ChannelPlugin = makeSmsPlugin()
