/** `POST /messages`: what the business sends, checked as Meta checks it. */
import { Option, Schema } from "effect"
import { graphError, json, type Reply } from "./errors.ts"
import { type PairLimiter, windowIsOpen } from "./limits.ts"
import {
  type Customer,
  nextId,
  type ShownMedia,
  type ShownMessage,
  type State,
  type Template,
} from "./model.ts"

const text = Schema.optionalKey(Schema.String)
const mediaPart = Schema.optionalKey(Schema.Struct({ id: text, link: text, caption: text, filename: text }))

const Body = Schema.Struct({
  messaging_product: Schema.Literal("whatsapp"),
  to: text,
  recipient: text,
  type: text,
  status: text,
  message_id: text,
  typing_indicator: Schema.optionalKey(Schema.Struct({ type: Schema.Literal("text") })),
  biz_opaque_callback_data: Schema.optionalKey(Schema.String.check(Schema.isMaxLength(512))),
  text: Schema.optionalKey(Schema.Struct({ body: Schema.NonEmptyString })),
  image: mediaPart,
  video: mediaPart,
  audio: mediaPart,
  document: mediaPart,
  template: Schema.optionalKey(
    Schema.Struct({
      name: Schema.String,
      language: Schema.Struct({ code: Schema.String }),
      components: Schema.optionalKey(
        Schema.Array(
          Schema.Struct({
            type: Schema.String,
            parameters: Schema.Array(Schema.Struct({ type: Schema.Literal("text"), text: Schema.String })),
          }),
        ),
      ),
    }),
  ),
})
type Body = typeof Body.Type
const decodeBody = Schema.decodeUnknownOption(Body)

export interface Rules {
  readonly state: State
  readonly now: () => number
  readonly pairs: PairLimiter | null
  readonly templates: ReadonlyArray<Template>
  /** `answer`: refused at once; `status`: taken, and a `failed` status follows, which is how Meta mostly does it. */
  readonly refusals: "answer" | "status"
}

export interface Taken {
  readonly reply: Reply
  /** What now shows on a phone; null when nothing does. */
  readonly message: ShownMessage | null
  /** Why it will not arrive, when it was taken all the same. */
  readonly failure: { readonly code: number; readonly details: string } | null
}

const refuse = (reply: Reply): Taken => ({ reply, message: null, failure: null })

interface Shown {
  readonly text: string
  readonly media: ShownMedia | null
  readonly template: string | null
}

const TEXT_MAX = 4096
const CAPTION_MAX = 1024

const templateShown = (body: Body, templates: ReadonlyArray<Template>): Shown | Reply => {
  const wanted = body.template
  if (wanted === undefined) return graphError(400, 131008, "template is missing")
  const template = templates.find((t) => t.name === wanted.name && t.language === wanted.language.code)
  if (template === undefined)
    return graphError(404, 132001, `template name (${wanted.name}) does not exist in ${wanted.language.code}`)
  const values = (wanted.components ?? []).flatMap((c) => c.parameters.map((p) => p.text))
  const places = template.body.split("{{1}}").length - 1
  if (values.length !== places)
    return graphError(
      400,
      132000,
      `number of localizable_params (${values.length}) does not match (${places})`,
    )
  const [value] = values
  if (value !== undefined && (/[\n\t]| {4}/.test(value) || value.length === 0))
    return graphError(
      400,
      132012,
      "Param text cannot have new-line/tab characters or more than 4 consecutive spaces",
    )
  const shown = template.body.replace("{{1}}", () => value ?? "")
  return shown.length > 1024
    ? graphError(400, 132005, "Translated text too long")
    : { text: shown, media: null, template: template.name }
}

const mediaShown = (body: Body, state: State): Shown | Reply => {
  const { type } = body
  if (type !== "image" && type !== "video" && type !== "audio" && type !== "document")
    return graphError(400, 131051, `Unsupported message type ${type ?? ""}`)
  const part = body[type]
  const stored = part?.id === undefined ? undefined : state.media.get(part.id)
  if (part === undefined || (stored === undefined && part.link === undefined))
    return graphError(400, 131008, "media needs an id of ours or a link")
  if ((part.caption ?? "").length > CAPTION_MAX) return graphError(400, 131009, "caption is too long")
  return {
    text: part.caption ?? "",
    template: null,
    media: {
      kind: type,
      contentType: stored?.contentType ?? "",
      size: stored?.bytes.length ?? 0,
      fileName: part.filename ?? stored?.fileName ?? null,
      sha256: stored?.sha256 ?? "",
      link: part.link ?? null,
    },
  }
}

const shownOf = (body: Body, rules: Rules): Shown | Reply => {
  if (body.type === "template") return templateShown(body, rules.templates)
  if (body.type !== "text") return mediaShown(body, rules.state)
  const words = body.text?.body
  if (words === undefined) return graphError(400, 131008, "text.body is required")
  return words.length > TEXT_MAX
    ? graphError(400, 131009, `Param text['body'] must be at most ${TEXT_MAX} characters long`)
    : { text: words, media: null, template: null }
}

/** With both, `to` wins. */
const customerOf = (body: Body, state: State): Customer | undefined => {
  const all = [...state.customers.values()]
  const digits = body.to?.replace(/^\+/, "")
  return digits === undefined
    ? all.find((c) => body.recipient !== undefined && [c.bsuid, c.parentBsuid].includes(body.recipient))
    : all.find((c) => c.phone === digits)
}

const markSeen = (body: Body, { now, state }: Rules): Taken => {
  const id = body.message_id ?? ""
  if (!state.shown.some((m) => m.id === id && m.from === "customer"))
    return refuse(graphError(400, 131009, "message_id is not a message of a customer"))
  state.seen.set(id, body.typing_indicator === undefined ? 0 : now() + 25_000)
  return refuse(json(200, { success: true }))
}

const obstacle = (
  customer: Customer | undefined,
  template: boolean,
  now: number,
): { readonly code: number; readonly details: string } | null => {
  if (customer === undefined || customer.blocked) return { code: 131026, details: "Message Undeliverable." }
  return template || windowIsOpen(customer, now)
    ? null
    : {
        code: 131047,
        details:
          "Message failed to send because more than 24 hours have passed since the customer last replied to this number.",
      }
}

/** Takes a message in, or says why not. */
export const takeMessage = (input: unknown, rules: Rules): Taken => {
  const { now, pairs, refusals, state } = rules
  const body = Option.getOrNull(decodeBody(input))
  if (body === null) return refuse(graphError(400, 100, "Invalid parameter"))
  if (body.status === "read") return markSeen(body, rules)
  if (body.to === undefined && body.recipient === undefined)
    return refuse(graphError(400, 100, "The parameter to is required."))
  const shown = shownOf(body, rules)
  if ("status" in shown) return refuse(shown)
  const customer = customerOf(body, state)
  if (customer !== undefined && pairs !== null && !pairs.take(customer.id, now()))
    return refuse(graphError(400, 131056, "(Business Account, Consumer Account) pair rate limit hit"))
  const failure = obstacle(customer, shown.template !== null, now())
  if (failure !== null && refusals === "answer") return refuse(graphError(400, failure.code, failure.details))
  const message: ShownMessage = {
    id: nextId(state, "wamid.OUT"),
    customerId: customer?.id ?? "",
    from: "business",
    at: now(),
    ...shown,
    correlation: body.biz_opaque_callback_data ?? null,
    addressedBy: body.to === undefined ? "recipient" : "to",
    status: failure === null ? "sent" : "failed",
  }
  state.shown.push(message)
  const contact = {
    input: body.to ?? body.recipient,
    ...(body.to === undefined ? { user_id: body.recipient } : { wa_id: body.to }),
  }
  return {
    reply: json(200, { messaging_product: "whatsapp", contacts: [contact], messages: [{ id: message.id }] }),
    message,
    failure,
  }
}
