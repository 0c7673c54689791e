/** Bodies of Meta's `/messages`. */
import type { Address } from "../address.ts"
import type { MediaKind } from "./upload.ts"

/** The telephone number where we have it: with both, Meta takes the number anyway. */
const receiver = (address: Address): { readonly to: string } | { readonly recipient: string } | null =>
  address.phone !== null
    ? { to: address.phone }
    : address.bsuid !== null
      ? { recipient: address.bsuid }
      : null

export type Contents =
  | { readonly type: "text"; readonly text: { readonly body: string; readonly preview_url: boolean } }
  | {
      readonly type: MediaKind
      readonly media: {
        readonly id?: string
        readonly link?: string
        readonly caption?: string
        readonly filename?: string
      }
    }
  | { readonly type: "template"; readonly template: object }

export const textContents = (body: string): Contents => ({
  type: "text",
  text: { body, preview_url: /https?:\/\//.test(body) },
})

/** `parameter`: the one variable of the body; null for a fixed text. */
export const templateContents = (name: string, language: string, parameter: string | null): Contents => ({
  type: "template",
  template: {
    name,
    language: { code: language },
    components: parameter === null ? [] : [{ type: "body", parameters: [{ type: "text", text: parameter }] }],
  },
})

const partOf = (contents: Contents): object => {
  if (contents.type === "text") return { type: "text", text: contents.text }
  if (contents.type === "template") return { type: "template", template: contents.template }
  return { type: contents.type, [contents.type]: contents.media }
}

/** Null when the address names nobody. `correlation` comes back in every status. */
export const messageBody = (
  address: Address,
  contents: Contents,
  correlation: string | null,
): Uint8Array | null => {
  const who = receiver(address)
  if (who === null) return null
  return new TextEncoder().encode(
    JSON.stringify({
      messaging_product: "whatsapp",
      recipient_type: "individual",
      ...who,
      ...partOf(contents),
      ...(correlation === null ? {} : { biz_opaque_callback_data: correlation }),
    }),
  )
}

/** Blue ticks, and "typing…" for up to 25 seconds. */
export const typingBody = (messageId: string): Uint8Array =>
  new TextEncoder().encode(
    JSON.stringify({
      messaging_product: "whatsapp",
      status: "read",
      message_id: messageId,
      typing_indicator: { type: "text" },
    }),
  )
