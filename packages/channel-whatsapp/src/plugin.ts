/** The WhatsApp plugin: what it can do, and where its parts are. */
import {
  type Account,
  type ChannelPlugin,
  definePlugin,
  type HookAnswer,
  type RawRequest,
} from "@opencx/core"
import { Effect } from "effect"
import { optOutWords } from "./inbound/optOut.ts"
import { decodeMeta } from "./meta/decode.ts"
import { metaSender, TEXT_LIMIT } from "./meta/send.ts"
import { handshakeMeta, verifyMeta } from "./meta/verify.ts"
import { Restraint } from "./outbound/Restraint.ts"
import { WINDOW_MINUTES } from "./outbound/window.ts"
import { type MetaSettings, type TwilioSettings, WhatsappSettings } from "./settings.ts"
import { decodeTwilio } from "./twilio/decode.ts"
import { verifyTwilio } from "./twilio/form.ts"
import { twilioSender } from "./twilio/send.ts"

export interface WhatsappPluginOptions {
  /** How long a status or list entry may take to settle whether a message went out, in ms. Default 5,000. */
  readonly statusWaitMs?: number
}

type AnyAccount = Account<WhatsappSettings>

/** Calls one of two functions, by the account's provider. */
const byProvider = <A>(
  account: AnyAccount,
  meta: (account: Account<MetaSettings>) => A,
  twilio: (account: Account<TwilioSettings>) => A,
): A => {
  const { settings, ...rest } = account
  return settings.provider === "meta" ? meta({ ...rest, settings }) : twilio({ ...rest, settings })
}

const EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'

/** Twilio shows a plain text answer to the customer; an empty document says nothing. */
const answer = (_: RawRequest, { settings }: AnyAccount): HookAnswer =>
  settings.provider === "twilio"
    ? { status: 200, contentType: "text/xml", body: EMPTY_TWIML }
    : { status: 200, contentType: "text/plain", body: "" }

/** Makes the WhatsApp plugin. */
export const makeWhatsappPlugin = (options: WhatsappPluginOptions = {}): ChannelPlugin => {
  const restraint = new Restraint()
  const statusWaitMs = options.statusWaitMs ?? 5_000
  return definePlugin({
    id: "whatsapp",
    title: "WhatsApp",
    capabilities: {
      handoff: "messaging",
      channelTag: "whatsapp",
      textLimit: TEXT_LIMIT,
      markup: "whatsapp",
      media: { inbound: true, outbound: true, maxBytes: 100 * 1_048_576 },
      receipts: true,
      typing: true,
      replyWindowMinutes: WINDOW_MINUTES,
      optOutWords,
    },
    identity: ["phone", "whatsapp_bsuid"],
    settings: WhatsappSettings,
    inbound: {
      verify: (request, account) =>
        byProvider(
          account,
          ({ settings }) => verifyMeta(request, settings),
          ({ settings }) => verifyTwilio(request, settings),
        ),
      decode: (request, account) =>
        byProvider(
          account,
          (meta) => decodeMeta(request, meta),
          (twilio) => decodeTwilio(request, twilio),
        ),
      answer,
      handshake: (request, { settings }) =>
        settings.provider === "meta"
          ? handshakeMeta(request, settings)
          : { status: 405, contentType: "text/plain", body: "" },
    },
    outbound: {
      open: (account) =>
        Effect.succeed(
          byProvider(
            account,
            (meta) => metaSender({ account: meta, restraint, statusWaitMs }),
            (twilio) => twilioSender({ account: twilio, restraint, statusWaitMs }),
          ),
        ),
    },
  })
}

/** WhatsApp over Meta's Cloud API or Twilio. */
export const whatsappPlugin: ChannelPlugin = makeWhatsappPlugin()
