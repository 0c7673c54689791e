/** What a message says, in Markdown, and which file hangs on it. */
import * as Wire from "./wire.ts"

export interface MediaRef {
  readonly kind: string
  readonly id: string
  readonly contentType: string
  readonly sha256: string | null
  /** In newer webhooks; works for minutes only. */
  readonly url: string | null
  readonly fileName: string | null
}

/** `Nothing`: no message of a person; says why. */
export type Content =
  | {
      readonly _tag: "Said"
      readonly text: string
      readonly media: MediaRef | null
      readonly automatic: string | null
    }
  | { readonly _tag: "Nothing"; readonly why: string }

const said = (text: string, media: MediaRef | null = null): Content => ({
  _tag: "Said",
  text,
  media,
  automatic: null,
})
const nothing = (why: string): Content => ({ _tag: "Nothing", why })
const lines = (...parts: ReadonlyArray<string | null | undefined>): string =>
  parts.filter((p) => p !== null && p !== undefined && p.length > 0).join("\n")

const mediaNames: Readonly<Record<string, string>> = {
  image: "image",
  video: "video",
  audio: "audio",
  voice: "voice message",
  document: "document",
  sticker: "sticker",
}

const mediaOf = (kind: string, part: unknown): Content => {
  const media = Wire.readMedia(part)
  if (media === null) return nothing(`a message of type ${kind} without a readable file`)
  const caption = media.caption ?? ""
  const label = media.voice === true ? "voice message" : (mediaNames[kind] ?? kind)
  return said(caption.length > 0 ? caption : `[${label}]`, {
    kind: label,
    id: media.id,
    contentType: (media.mime_type ?? "").split(";")[0]?.trim().toLowerCase() || "application/octet-stream",
    sha256: media.sha256 ?? null,
    url: media.url ?? null,
    fileName: media.filename ?? null,
  })
}

const locationOf = (part: unknown): Content => {
  const place = Wire.readLocation(part)
  if (place === null) return nothing("a location that cannot be read")
  const map = `https://maps.google.com/?q=${place.latitude},${place.longitude}`
  return said(lines("[location]", place.name, place.address, place.url, map))
}

const contactsOf = (part: unknown): Content => {
  const cards = (Wire.readContacts(part) ?? []).flatMap((card) => {
    const read = Wire.readCard(card)
    if (read === null) return []
    const phones = (read.phones ?? []).flatMap((p) => (p.phone ? [p.phone] : []))
    const emails = (read.emails ?? []).flatMap((e) => (e.email ? [e.email] : []))
    const name = read.name?.formatted_name
    const parts = [...(name ? [name] : []), ...phones, ...emails]
    return parts.length > 0 ? [parts.join(", ")] : []
  })
  return cards.length === 0
    ? nothing("contact cards that cannot be read")
    : said(lines("[contact]", ...cards))
}

const shown = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""))

const interactiveOf = (part: unknown): Content => {
  const interactive = Wire.readInteractive(part)
  if (interactive?.type === "nfm_reply") {
    const form = Wire.readForm(interactive.nfm_reply)
    const answers = Object.entries(Wire.readAnswers(form?.response_json) ?? {})
      .filter(([key]) => key !== "flow_token")
      .map(([key, value]) => `${key}: ${shown(value)}`)
    const text = lines(form?.body === "Sent" ? null : form?.body, ...answers)
    return text.length > 0 ? said(text) : nothing("an empty form")
  }
  const choice = Wire.readChoice(interactive?.button_reply) ?? Wire.readChoice(interactive?.list_reply)
  if (choice !== null) return said(lines(choice.title, choice.description))
  return nothing(`an interactive reply of type ${interactive?.type ?? "unknown"} says nothing to answer`)
}

const orderOf = (part: unknown): Content => {
  const order = Wire.readOrder(part)
  if (order === null) return nothing("an order that cannot be read")
  const items = order.product_items.map((item) => {
    const price =
      item.item_price === null || item.item_price === undefined
        ? ""
        : ` at ${item.item_price} ${item.currency ?? ""}`
    return `- ${item.quantity} × ${item.product_retailer_id}${price}`.trimEnd()
  })
  return said(lines("[order]", ...items, order.text))
}

const unsupported: Content = {
  _tag: "Said",
  text: "[The customer sent something that WhatsApp does not pass on, such as a poll or a view-once picture.]",
  media: null,
  automatic: "WhatsApp does not pass the contents of this message on",
}

/** Reads the part of a message that belongs to its type. System messages are read elsewhere. */
export const contentOf = (message: Wire.Message): Content => {
  switch (message.type) {
    case "text": {
      const body = Wire.readText(message.text)?.body
      return body === undefined ? nothing("a text message without text") : said(body)
    }
    case "image":
    case "video":
    case "audio":
    case "voice":
    case "document":
    case "sticker":
      return mediaOf(message.type, message[message.type])
    case "location":
      return locationOf(message.location)
    case "contacts":
      return contactsOf(message.contacts)
    case "interactive":
      return interactiveOf(message.interactive)
    case "button": {
      const pressed = Wire.readButton(message.button)?.text
      return pressed === undefined ? nothing("a pressed button without a text") : said(pressed)
    }
    case "order":
      return orderOf(message.order)
    case "unsupported":
    case "unknown":
      return unsupported
    case "reaction":
      return nothing("a reaction is no message")
    case "request_welcome":
      return nothing("the customer has only opened the chat")
    default:
      return nothing(`messages of type ${message.type} are not known`)
  }
}

/** What stands around a message: forwarded, about a product, after an advertisement. Null when there is nothing. */
export const surroundings = (message: Wire.Message): string | null => {
  const context = Wire.readContext(message.context)
  const product = Wire.readProduct(context?.referred_product)
  const referral = Wire.readReferral(message.referral)
  const notes = lines(
    context?.forwarded === true || context?.frequently_forwarded === true ? "(forwarded)" : null,
    product === null ? null : `(about the product ${product.product_retailer_id})`,
    referral === null
      ? null
      : `(after an advertisement: ${[referral.headline, referral.body, referral.source_url].filter((x) => !!x).join(" – ")})`,
  )
  return notes.length > 0 ? notes : null
}
