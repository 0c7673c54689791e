/** `POST /messages`: a customer's message, with or without files. The same id again has no further effect. */
import type { MessageEvent } from "@opencx/core"
import { Effect, Schema } from "effect"
import { type Form, maxFormBytes, readForm } from "../files/multipart.ts"
import { messageIdOf, type Visitor } from "../identity/visitor.ts"
import { type Call, visitorFor } from "./access.ts"
import { type Answer, json } from "./answers.ts"
import { maxJsonBytes, rawBody, readJson } from "./body.ts"
import { Refusal } from "./Refusal.ts"

/** Longest message, in characters as people count them. */
export const textLimit = 8_000

const ClientId = Schema.String.check(Schema.isUUID())

const Short = Schema.String.check(Schema.isMaxLength(200))

const Message = Schema.Struct({
  /** Chosen by the browser: a repetition carries the same. */
  id: ClientId,
  text: Schema.String.check(Schema.isMaxLength(40_000)),
  /** What the customer calls themselves; believed by nobody. */
  name: Schema.optionalKey(Short),
  locale: Schema.optionalKey(Schema.String.check(Schema.isPattern(/^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$/))),
  /** True when the customer has agreed to the site's consent text. */
  consent: Schema.optionalKey(Schema.Boolean),
  page: Schema.optionalKey(
    Schema.Struct({ url: Schema.String.check(Schema.isMaxLength(2_000)), title: Short }),
  ),
  /** What the page tells about its visitor; believed by nobody. */
  context: Schema.optionalKey(Schema.Record(Short, Schema.Union([Short, Schema.Finite, Schema.Boolean]))),
})
type Message = typeof Message.Type

const readMessage = readJson(Message)
const segmenter = new Intl.Segmenter("und", { granularity: "grapheme" })

const isTooLong = (text: string): boolean => {
  if (text.length <= textLimit) return false
  let count = 0
  for (const _ of segmenter.segment(text)) if (++count > textLimit) return true
  return false
}

/** No control characters but tab and line feed, and no halves of characters. */
const clean = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\r\n?/g, "\n")
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "")
    .trim()

const refuse = (status: number, code: string, detail: string) => new Refusal({ status, code, detail })

/** The text with what the page tells beside it, for the humans. */
const withContext = (text: string, { context = {}, page }: Message): string | null => {
  const pairs = Object.entries(context).slice(0, 20)
  const about = [
    ...(page === undefined ? [] : [`Page: ${clean(page.title)} ${clean(page.url)}`]),
    ...pairs.map(([key, value]) => `${clean(key)}: ${clean(String(value))}`),
  ]
  return about.length === 0 ? null : [text, "", ...about].join("\n")
}

const readBody = Effect.fnUntraced(function* ({ request, site }: Call) {
  const type = request.headers["content-type"] ?? ""
  if (!/^multipart\/form-data\s*;/i.test(type)) {
    const text = new TextDecoder().decode(yield* rawBody(request, maxJsonBytes))
    const plain: Form = { message: text, files: [] }
    return plain
  }
  return yield* readForm(yield* rawBody(request, maxFormBytes(site.settings)), type, site.settings)
})

const eventOf = (visitor: Visitor, message: Message, files: Form["files"], now: number): MessageEvent => {
  const text = clean(message.text)
  const name = message.name === undefined ? null : clean(message.name)
  const { id: _, ...kept } = message
  return {
    _tag: "Message",
    dedupKey: `${visitor.thread.defaultKey}-${message.id}`,
    sender: { ...visitor.sender, name: visitor.sender.name ?? (name === "" ? null : name) },
    thread: visitor.thread,
    address: visitor.address,
    subject: null,
    text,
    fullText: withContext(text, message),
    files,
    messageId: messageIdOf(visitor, message.id),
    raw: new TextEncoder().encode(JSON.stringify(kept)),
    sentAt: now,
    locale: message.locale ?? null,
    automatic: null,
  }
}

export const postMessage = Effect.fnUntraced(function* (call: Call) {
  const { site } = call
  const visitor = yield* visitorFor(call, "message")
  const form = yield* readBody(call)
  const message = yield* readMessage(form.message)
  if (isTooLong(message.text))
    return yield* refuse(413, "text_too_long", `A message may have ${textLimit} characters.`)
  if (clean(message.text) === "" && form.files.length === 0)
    return yield* refuse(400, "empty", "The message is empty.")
  if (site.settings.consent !== undefined && message.consent !== true)
    return yield* refuse(403, "consent_required", "The customer has not agreed to the site's terms.")
  yield* site.accept(site.account, [eventOf(visitor, message, form.files, call.now)])
  const answer: Answer = json({ id: message.id }, 202)
  return answer
})
