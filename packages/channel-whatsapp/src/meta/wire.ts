/**
 * Meta's webhook, as loosely as it may be read. Only what an item cannot do without is demanded; the rest is looked at piece
 * by piece, so that a new or odd field never costs a message.
 */
import { Option, Schema } from "effect"

const text = Schema.optionalKey(Schema.NullOr(Schema.String))
const part = Schema.optionalKey(Schema.Unknown)
const list = Schema.optionalKey(Schema.NullOr(Schema.Array(Schema.Unknown)))
const seconds = Schema.optionalKey(Schema.Union([Schema.String, Schema.Number]))

/** A reader that answers null where others fail. */
export const reader = <A, I>(schema: Schema.Codec<A, I>) => {
  const decode = Schema.decodeUnknownOption(schema)
  return (value: unknown): A | null => Option.getOrNull(decode(value))
}

export const Envelope = Schema.fromJsonString(
  Schema.Struct({ object: text, entry: Schema.Array(Schema.Unknown) }),
)

export const readEntry = reader(Schema.Struct({ id: text, changes: Schema.Array(Schema.Unknown) }))

export const readChange = reader(Schema.Struct({ field: Schema.String, value: Schema.Unknown }))

const Value = Schema.Struct({
  metadata: Schema.Struct({ phone_number_id: Schema.String }),
  contacts: list,
  messages: list,
  statuses: list,
  user_id_update: list,
  errors: list,
})
export const readValue = reader(Value)

const ContactCard = Schema.Struct({ wa_id: text, user_id: text, parent_user_id: text, profile: part })
export const readContact = reader(ContactCard)
export type ContactCard = typeof ContactCard.Type
export const readProfile = reader(Schema.Struct({ name: text, username: text }))

const Message = Schema.Struct({
  id: Schema.NonEmptyString,
  type: Schema.NonEmptyString,
  from: text,
  from_user_id: text,
  from_parent_user_id: text,
  timestamp: seconds,
  group_id: part,
  context: part,
  referral: part,
  text: part,
  image: part,
  audio: part,
  voice: part,
  video: part,
  document: part,
  sticker: part,
  location: part,
  contacts: part,
  interactive: part,
  button: part,
  order: part,
  system: part,
  unsupported: part,
  errors: part,
})
export type Message = typeof Message.Type
export const readMessage = reader(Message)

export const readContext = reader(
  Schema.Struct({
    forwarded: Schema.optionalKey(Schema.NullOr(Schema.Boolean)),
    frequently_forwarded: Schema.optionalKey(Schema.NullOr(Schema.Boolean)),
    referred_product: part,
  }),
)
export const readProduct = reader(Schema.Struct({ product_retailer_id: Schema.String }))
export const readReferral = reader(Schema.Struct({ headline: text, body: text, source_url: text }))

export const readText = reader(Schema.Struct({ body: Schema.String }))
export const readButton = reader(Schema.Struct({ text: Schema.String }))

export const readMedia = reader(
  Schema.Struct({
    id: Schema.NonEmptyString,
    mime_type: text,
    sha256: text,
    url: text,
    caption: text,
    filename: text,
    voice: Schema.optionalKey(Schema.NullOr(Schema.Boolean)),
  }),
)

const degrees = Schema.Union([Schema.Number, Schema.NumberFromString])
export const readLocation = reader(
  Schema.Struct({ latitude: degrees, longitude: degrees, name: text, address: text, url: text }),
)

export const readContacts = reader(Schema.Array(Schema.Unknown))
export const readCard = reader(
  Schema.Struct({
    /** Left out when the customer shares their own number on request. */
    name: Schema.optionalKey(Schema.NullOr(Schema.Struct({ formatted_name: text }))),
    phones: Schema.optionalKey(Schema.NullOr(Schema.Array(Schema.Struct({ phone: text })))),
    emails: Schema.optionalKey(Schema.NullOr(Schema.Array(Schema.Struct({ email: text })))),
  }),
)

const choice = Schema.Struct({ title: Schema.String, description: text })
export const readInteractive = reader(
  Schema.Struct({ type: Schema.String, button_reply: part, list_reply: part, nfm_reply: part }),
)
export const readChoice = reader(choice)
export const readForm = reader(Schema.Struct({ body: text, response_json: text }))
export const readAnswers = reader(Schema.fromJsonString(Schema.Record(Schema.String, Schema.Unknown)))

export const readOrder = reader(
  Schema.Struct({
    text,
    product_items: Schema.Array(
      Schema.Struct({
        product_retailer_id: Schema.String,
        quantity: degrees,
        item_price: Schema.optionalKey(Schema.NullOr(degrees)),
        currency: text,
      }),
    ),
  }),
)

export const readSystem = reader(
  Schema.Struct({
    type: text,
    wa_id: text,
    new_wa_id: Schema.optionalKey(Schema.NullOr(Schema.Union([Schema.String, Schema.Number]))),
    customer: text,
    user_id: text,
    previous_user_id: text,
    parent_user_id: text,
    previous_parent_user_id: text,
  }),
)

const pair = Schema.optionalKey(Schema.NullOr(Schema.Struct({ previous: text, current: text })))
export const readIdUpdate = reader(Schema.Struct({ user_id: pair, parent_user_id: pair, timestamp: seconds }))

export const readStatus = reader(
  Schema.Struct({
    id: Schema.NonEmptyString,
    status: Schema.NonEmptyString,
    timestamp: seconds,
    biz_opaque_callback_data: text,
    errors: list,
  }),
)

/** An error as webhooks and answers carry it. Titles and messages change; `code` and `details` are what counts. */
export const readError = reader(
  Schema.Struct({
    code: Schema.Number,
    message: text,
    title: text,
    error_data: Schema.optionalKey(Schema.NullOr(Schema.Struct({ details: text }))),
  }),
)

/** Unix seconds, as text or number, to epoch milliseconds. */
export const millisOf = (value: string | number | undefined, otherwise: number): number => {
  const parsed = Number(value ?? Number.NaN)
  return Number.isFinite(parsed) && parsed > 0 ? Math.round(parsed * 1000) : otherwise
}
