/** The channels that Zendesk owns and we answer on, with what each of them can take. */
import type { Capabilities } from "@opencx/core"
import type { TextLimit } from "@opencx/core"

export interface SunshineSource {
  /** Id of the channel plugin. */
  readonly id: string
  readonly title: string
  readonly channelTag: string
  /** Per message. */
  readonly limit: TextLimit
  readonly replyWindowMinutes: number | null
  /** Bytes per file. */
  readonly maxBytes: number
}

/** Meta: free text within 24 hours of the customer's last message. Humans have 7 days on some; the AI never claims that. */
const day = 24 * 60

/**
 * Limits of the channels, not of Zendesk: WhatsApp 4,096 and Messenger 2,000 characters, Instagram 1,000 bytes. Everything
 * else goes by the narrowest that is common, Twilio's 1,600.
 */
export const sunshineSources = {
  whatsapp: {
    id: "sunshine-whatsapp",
    title: "WhatsApp (through Zendesk)",
    channelTag: "whatsapp",
    limit: { max: 4_096, unit: "characters" },
    replyWindowMinutes: day,
    maxBytes: 16_000_000,
  },
  messenger: {
    id: "messenger",
    title: "Messenger (through Zendesk)",
    channelTag: "messenger",
    limit: { max: 2_000, unit: "characters" },
    replyWindowMinutes: day,
    maxBytes: 25_000_000,
  },
  instagram: {
    id: "instagram",
    title: "Instagram (through Zendesk)",
    channelTag: "instagram",
    limit: { max: 1_000, unit: "bytes" },
    replyWindowMinutes: day,
    maxBytes: 8_000_000,
  },
  web: {
    id: "sunshine-web",
    title: "Web widget and apps (Zendesk)",
    channelTag: "web",
    limit: { max: 4_096, unit: "characters" },
    replyWindowMinutes: null,
    maxBytes: 50_000_000,
  },
  other: {
    id: "sunshine-other",
    title: "Other Zendesk channels",
    channelTag: "other",
    limit: { max: 1_600, unit: "characters" },
    replyWindowMinutes: null,
    maxBytes: 5_000_000,
  },
} satisfies Record<string, SunshineSource>

const byType: Readonly<Record<string, SunshineSource>> = {
  whatsapp: sunshineSources.whatsapp,
  messenger: sunshineSources.messenger,
  instagram: sunshineSources.instagram,
  web: sunshineSources.web,
  ios: sunshineSources.web,
  android: sunshineSources.web,
  unity: sunshineSources.web,
  sdk: sunshineSources.web,
}

/** The channel that a message with this `source.type` belongs to. */
export const sunshineSourceOf = (type: string): SunshineSource =>
  Object.hasOwn(byType, type) ? (byType[type] ?? sunshineSources.other) : sunshineSources.other

/** As the engine and the documentation read them. */
export const capabilitiesOf = (source: SunshineSource): Capabilities => ({
  handoff: "messaging",
  channelTag: source.channelTag,
  textLimit: source.limit.max,
  markup: "plain",
  media: { inbound: true, outbound: true, maxBytes: source.maxBytes },
  receipts: true,
  typing: true,
  replyWindowMinutes: source.replyWindowMinutes,
  optOutWords: [],
})
