/** Bodies of webhooks, as Meta builds them. */
import { createHash } from "node:crypto"
import { statusError } from "./errors.ts"
import type { Customer, ShownMessage, StatusName, StoredMedia } from "./model.ts"

export type JsonObject = { readonly [key: string]: unknown }

/** What a customer can send. `raw`: a message of any type, without the fields that every message has. */
export type CustomerContent =
  | { readonly text: string; readonly quotes?: string }
  | {
      readonly media: {
        readonly kind: "image" | "video" | "audio" | "document" | "sticker"
        readonly contentType: string
        readonly bytes: Uint8Array
        readonly fileName?: string
        readonly caption?: string
        readonly voice?: boolean
      }
    }
  | { readonly raw: JsonObject & { readonly type: string } }

/** Which account a change is about; others than the fake's own make foreign changes. */
export interface Target {
  readonly wabaId: string
  readonly phoneNumberId: string
  readonly displayPhoneNumber: string
}

const seconds = (ms: number): string => String(Math.floor(ms / 1000))

const idsOf = (customer: Customer) => ({
  ...(customer.phoneVisible ? { from: customer.phone } : {}),
  ...(customer.bsuid === null ? {} : { from_user_id: customer.bsuid }),
  ...(customer.parentBsuid === null ? {} : { from_parent_user_id: customer.parentBsuid }),
})

export const contactOf = (customer: Customer): JsonObject => ({
  profile: {
    name: customer.name,
    ...(customer.username === null ? {} : { username: customer.username }),
  },
  ...(customer.phoneVisible ? { wa_id: customer.phone } : {}),
  ...(customer.bsuid === null ? {} : { user_id: customer.bsuid }),
  ...(customer.parentBsuid === null ? {} : { parent_user_id: customer.parentBsuid }),
})

/** Webhooks carry the hash in base64. */
const mediaPart = (media: StoredMedia, url: string | null): JsonObject => ({
  id: media.id,
  mime_type: media.contentType,
  sha256: createHash("sha256").update(media.bytes).digest("base64"),
  ...(url === null ? {} : { url }),
})

/** `stored`: the file that `content` names, once it is kept. */
export const messageOf = (
  customer: Customer,
  id: string,
  at: number,
  content: CustomerContent,
  stored: { readonly media: StoredMedia; readonly url: string | null } | null,
): JsonObject => {
  const head = { ...idsOf(customer), id, timestamp: seconds(at) }
  if ("text" in content) {
    const context = content.quotes === undefined ? {} : { context: { id: content.quotes } }
    return { ...head, ...context, type: "text", text: { body: content.text } }
  }
  if ("raw" in content) return { ...head, ...content.raw }
  const { caption, fileName, kind, voice } = content.media
  return {
    ...head,
    type: kind,
    [kind]: {
      ...(stored === null ? {} : mediaPart(stored.media, stored.url)),
      ...(caption === undefined ? {} : { caption }),
      ...(fileName === undefined ? {} : { filename: fileName }),
      ...(voice === undefined ? {} : { voice }),
    },
  }
}

export const statusOf = (
  message: ShownMessage,
  customer: Customer | undefined,
  status: StatusName,
  at: number,
  error: { readonly code: number; readonly details: string } | null,
): JsonObject => ({
  id: message.id,
  status,
  timestamp: seconds(at),
  // A refusal may name nobody.
  ...(customer === undefined || status === "failed"
    ? {}
    : message.addressedBy === "recipient"
      ? { recipient_user_id: customer.bsuid }
      : { recipient_id: customer.phone, recipient_user_id: customer.bsuid }),
  ...(message.correlation === null ? {} : { biz_opaque_callback_data: message.correlation }),
  ...(error === null
    ? {
        pricing: {
          pricing_model: "PMP",
          billable: false,
          category: "service",
          type: "free_customer_service",
        },
      }
    : { errors: [statusError(error.code, error.details)] }),
})

export const changeOf = (target: Target, field: string, value: JsonObject): JsonObject => ({
  field,
  value: {
    messaging_product: "whatsapp",
    metadata: {
      display_phone_number: target.displayPhoneNumber,
      phone_number_id: target.phoneNumberId,
    },
    ...value,
  },
})

export const envelopeOf = (
  entries: ReadonlyArray<{ readonly wabaId: string; readonly changes: ReadonlyArray<JsonObject> }>,
): JsonObject => ({
  object: "whatsapp_business_account",
  entry: entries.map(({ changes, wabaId }) => ({ id: wabaId, changes })),
})

/** Meta escapes everything outside ASCII, and signs that. */
export const bytesOf = (body: JsonObject): Uint8Array =>
  new TextEncoder().encode(
    JSON.stringify(body).replace(
      /[\u0080-\uffff]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
    ),
  )
