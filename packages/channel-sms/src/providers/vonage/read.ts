/** Webhooks of Vonage's Messages API → provider events. Inbound messages and status reports come in the same form. */
import { MalformedInput, type RawRequest } from "@opencx/core"
import { DateTime, Effect, Option, Schema } from "effect"
import { bodyText } from "../form.ts"
import { explain } from "../SendProblem.ts"
import type { ProviderEvent, RemoteMedia, StatusNews } from "../SmsProvider.ts"
import { vonageErrors } from "./errors.ts"

const File = Schema.optionalKey(
  Schema.Struct({
    url: Schema.String,
    caption: Schema.optionalKey(Schema.NullOr(Schema.String)),
  }),
)
const Hook = Schema.fromJsonString(
  Schema.Struct({
    message_uuid: Schema.NonEmptyString,
    channel: Schema.optionalKey(Schema.String),
    from: Schema.optionalKey(Schema.Unknown),
    to: Schema.optionalKey(Schema.Unknown),
    timestamp: Schema.optionalKey(Schema.NullOr(Schema.String)),
    message_type: Schema.optionalKey(Schema.String),
    text: Schema.optionalKey(Schema.NullOr(Schema.String)),
    image: File,
    audio: File,
    video: File,
    vcard: File,
    file: File,
    content: Schema.optionalKey(Schema.Array(Schema.Struct({ type: Schema.String, url: Schema.String }))),
    status: Schema.optionalKey(Schema.String),
    client_ref: Schema.optionalKey(Schema.NullOr(Schema.String)),
    error: Schema.optionalKey(
      Schema.NullOr(
        Schema.Struct({
          title: Schema.optionalKey(Schema.Union([Schema.String, Schema.Number])),
          type: Schema.optionalKey(Schema.String),
          detail: Schema.optionalKey(Schema.NullOr(Schema.String)),
        }),
      ),
    ),
  }),
)
type Hook = typeof Hook.Type

const malformed = (detail: string) =>
  new MalformedInput({ detail, hint: "this URL takes the webhooks of Vonage's Messages API, version 1" })

const millis = (iso: string | null | undefined): number | null =>
  iso == null ? null : Option.getOrNull(Option.map(DateTime.make(iso), DateTime.toEpochMillis))

const statuses: Readonly<Record<string, StatusNews["status"]>> = {
  submitted: "sent",
  delivered: "delivered",
  read: "read",
  rejected: "failed",
  undeliverable: "failed",
  failed: "failed",
}

/** `https://developer.vonage.com/api-errors/messages#1120` and `title: 1120` both name the code. */
export const vonageCode = (type: string | undefined, title: string | number | undefined): string | null => {
  const fromType = /#([\w-]+)$/.exec(type ?? "")?.[1]
  if (fromType !== undefined) return fromType
  return title !== undefined && /^\d{3,5}$/.test(String(title)) ? String(title) : null
}

const news = (hook: Hook, word: string, token: string | null): ProviderEvent => {
  const status = statuses[word.toLowerCase()] ?? null
  const { error } = hook
  return {
    _tag: "Status",
    id: hook.message_uuid,
    word,
    status,
    explanation:
      status === "failed"
        ? explain("Vonage", vonageErrors, vonageCode(error?.type, error?.title), error?.detail ?? null)
        : null,
    token: hook.client_ref ?? token,
    at: millis(hook.timestamp),
  }
}

const defaultTypes: Readonly<Record<string, string>> = { vcard: "text/vcard" }

const mediaOf = (hook: Hook): ReadonlyArray<RemoteMedia> => {
  const single = (["image", "audio", "video", "vcard", "file"] as const).flatMap((kind) => {
    const file = hook[kind]
    return file === undefined ? [] : [{ url: file.url, contentType: defaultTypes[kind] ?? null }]
  })
  return [...single, ...(hook.content ?? []).map(({ url }) => ({ url, contentType: null }))].slice(0, 10)
}

/** Version 1 has plain strings; older accounts send `{ type, number }`. */
const Endpoint = Schema.Union([Schema.NonEmptyString, Schema.Struct({ number: Schema.NonEmptyString })])
const addressOf = (value: unknown): string | null => {
  const endpoint = Option.getOrNull(Schema.decodeUnknownOption(Endpoint)(value))
  return endpoint === null || typeof endpoint === "string" ? endpoint : endpoint.number
}

const captionOf = (hook: Hook): string =>
  [hook.text, hook.image?.caption, hook.video?.caption, hook.audio?.caption, hook.file?.caption]
    .filter((t) => t !== undefined && t !== null && t.length > 0)
    .join("\n")

export const readVonage = Effect.fn("channel-sms.readVonage")(function* (
  request: RawRequest,
  token: string | null,
) {
  const hook = yield* Schema.decodeUnknownEffect(Hook)(bodyText(request)).pipe(
    Effect.mapError(() => malformed("the body is no message and no status report")),
  )
  if (hook.status !== undefined) return [news(hook, hook.status, token)]
  if (hook.channel !== undefined && hook.channel !== "sms" && hook.channel !== "mms")
    return [
      { _tag: "Unused", key: hook.message_uuid, why: `Vonage channel ${hook.channel.slice(0, 40)}` } as const,
    ]
  const from = addressOf(hook.from)
  const to = addressOf(hook.to)
  if (from === null || to === null) return yield* malformed("the message has no sender or no receiver")
  const message: ProviderEvent = {
    _tag: "Inbound",
    id: hook.message_uuid,
    from,
    to,
    text: captionOf(hook),
    media: mediaOf(hook),
    at: millis(hook.timestamp),
    consent: null,
  }
  return [message]
})
