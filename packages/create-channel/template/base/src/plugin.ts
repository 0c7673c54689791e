/** What the channel can do, and where its parts are. */
import { definePlugin } from "@opencx/core"
import { decode } from "./inbound/decode.ts"
import { handshake } from "./inbound/handshake.ts"
import { verify } from "./inbound/verify.ts"
import { open } from "./outbound/open.ts"
import { REPLY_WINDOW_MINUTES, TEXT_LIMIT } from "./outbound/limits.ts"
import { OPT_OUT_WORDS } from "./inbound/consent.ts"
import { MAX_FILE_BYTES } from "./inbound/media.ts"
import { Settings } from "./settings.ts"

/** The plugin. Its id is what `channel` says in the configuration of an account. */
export const plugin = definePlugin({
  id: "channel_id_here",
  title: "Channel Title Here",
  capabilities: {
    handoff: "messaging",
    channelTag: "channel_tag_here",
    textLimit: TEXT_LIMIT,
    markup: "plain",
    media: { inbound: true, outbound: true, maxBytes: MAX_FILE_BYTES },
    receipts: true,
    typing: true,
    replyWindowMinutes: REPLY_WINDOW_MINUTES,
    optOutWords: OPT_OUT_WORDS,
  },
  identity: ["external", "phone"],
  settings: Settings,
  inbound: { verify, decode, handshake },
  outbound: { open },
})
