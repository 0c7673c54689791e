/** Twilio's two webhooks, both forms: a message of a customer, and a status of ours. */
import {
  type Account,
  type ChannelEvent,
  type DeliveryEvent,
  type Fetched,
  MalformedInput,
  type MessageEvent,
  type RawRequest,
} from "@opencx/core"
import { Clock, Effect } from "effect"
import { encodeAddress } from "../address.ts"
import { parseUrl } from "../edge/hosts.ts"
import { type Party, senderOf, threadOf } from "../identity/parties.ts"
import { waDigits } from "../identity/phone.ts"
import { ignored } from "../inbound/ignored.ts"
import { optOutOf, withConsent } from "../inbound/optOut.ts"
import { closedBefore, partReport, readCorrelation } from "../outbound/correlation.ts"
import type { TwilioSettings } from "../settings.ts"
import { explainCode } from "./errors.ts"
import { formOf } from "./form.ts"
import { fetchMedia } from "./media.ts"

/** The parameter of our callback URL that carries the correlation. */
export const CALLBACK_PARAMETER = "delivery"

const statuses: Readonly<Record<string, DeliveryEvent["status"]>> = {
  sent: "sent",
  delivered: "delivered",
  read: "read",
  undelivered: "failed",
  failed: "failed",
  canceled: "failed",
}

const codeOf = (text: string | null): number | null => (text && /^\d{4,6}$/.test(text) ? Number(text) : null)

const decodeStatus = (form: URLSearchParams, request: RawRequest, now: number): ChannelEvent => {
  const drop = (why: string) => ignored("status", [...form], why)
  const sid = form.get("MessageSid") ?? ""
  const said = form.get("MessageStatus") ?? ""
  const correlation = readCorrelation(parseUrl(request.url)?.searchParams.get(CALLBACK_PARAMETER))
  if (correlation === null) return drop("a status about a message that is not one of our deliveries")
  const { deliveryId, part, parts } = correlation
  const status = statuses[said]
  // Should a failed one be tried again, it is sent again.
  const reported = partReport(correlation, status === "failed" ? null : sid)
  if (status === undefined) return { ...drop(`the message is ${said} at Twilio`), part: reported }
  if (status !== "failed" && part < parts)
    return { ...drop(`part ${part} of ${parts} is ${said}`), part: reported }
  return {
    _tag: "Delivery",
    dedupKey: `status:${sid}:${said}`,
    deliveryId,
    status,
    explanation:
      status === "failed"
        ? explainCode(
            codeOf(form.get("ErrorCode")),
            form.get("ErrorMessage"),
            closedBefore(correlation, now),
          ) + (parts > 1 ? ` (part ${part} of ${parts})` : "")
        : null,
    at: now,
    part: reported,
  }
}

/** `whatsapp:+49…`, or what a customer without a visible number may look like. */
const partyOf = (form: URLSearchParams): Party => {
  const from = form.get("From") ?? ""
  const phone = waDigits(from) ?? waDigits(form.get("WaId") ?? "")
  const other = from.replace(/^whatsapp:/, "")
  return {
    phone,
    bsuid: phone === null && /^[A-Z]{2}\.[\w.]{1,140}$/.test(other) ? other : null,
    parent: null,
    name: form.get("ProfileName") || null,
  }
}

const locationOf = (form: URLSearchParams): string => {
  const [latitude, longitude] = [form.get("Latitude"), form.get("Longitude")]
  if (!latitude || !longitude) return ""
  return [
    "[location]",
    form.get("Label"),
    form.get("Address"),
    `https://maps.google.com/?q=${latitude},${longitude}`,
  ]
    .filter((line) => !!line)
    .join("\n")
}

const MAX_FILES = 10

interface Media {
  readonly url: string
  readonly type: string
}

const mediaOf = (form: URLSearchParams): ReadonlyArray<Media> =>
  Array.from({ length: Math.min(Number(form.get("NumMedia") ?? 0) || 0, MAX_FILES) }, (_, i) => ({
    url: form.get(`MediaUrl${i}`) ?? "",
    type: (form.get(`MediaContentType${i}`) ?? "").split(";")[0]?.trim() || "application/octet-stream",
  }))

/** The message's contents with its files; a line says which could not be had. */
const withFiles = Effect.fnUntraced(function* (
  words: string,
  media: ReadonlyArray<Media>,
  settings: TwilioSettings,
) {
  const taken = yield* Effect.forEach(
    media,
    ({ type, url }) =>
      fetchMedia(url, type, settings).pipe(
        Effect.match({
          onSuccess: (file) => ({ files: [file], notes: [] }),
          onFailure: ({ why }) => ({
            files: [],
            notes: [`(A file could not be fetched from Twilio: ${why})`],
          }),
        }),
      ),
    { concurrency: MAX_FILES },
  )
  return {
    text: [words, ...taken.flatMap(({ notes }) => notes)].join("\n\n"),
    fullText: null,
    files: taken.flatMap(({ files }) => files),
  } satisfies Fetched
})

const decodeInbound = (
  form: URLSearchParams,
  account: Account<TwilioSettings>,
  now: number,
): ReadonlyArray<ChannelEvent> => {
  const { settings } = account
  const sid = form.get("MessageSid") ?? form.get("SmsMessageSid") ?? ""
  const drop = (why: string): ReadonlyArray<ChannelEvent> => [ignored("message", [...form], why)]
  const to = form.get("To") ?? ""
  const ours = settings.from.startsWith("MG")
    ? form.get("MessagingServiceSid") === settings.from || !form.has("MessagingServiceSid")
    : to === settings.from
  if (!ours) return drop(`for ${to}; this account is ${settings.from}`)
  const party = partyOf(form)
  const sender = senderOf(party, settings.from)
  const thread = threadOf(party)
  if (sender === null || thread === null) return drop("nothing says who has written")
  const media = mediaOf(form)
  const label = media[0] === undefined ? "" : `[${media[0].type.split("/")[0]}]`
  const words = form.get("Body") || form.get("ButtonText") || locationOf(form) || label
  if (words.length === 0) return drop("a message without contents")
  const from = form.get("From") ?? ""
  const event: MessageEvent = {
    _tag: "Message",
    dedupKey: sid,
    sender,
    thread,
    address: encodeAddress({
      phone: waDigits(from) === null ? null : from,
      bsuid: waDigits(from) === null ? from : null,
      messageId: sid,
    }),
    subject: null,
    text: words,
    fullText: null,
    files: [],
    ...(media.length === 0 ? {} : { fetch: withFiles(words, media, settings) }),
    messageId: sid,
    raw: new TextEncoder().encode(form.toString()),
    sentAt: now,
    locale: null,
    automatic: null,
  }
  const type = form.get("OptOutType")
  const verdict = type === "STOP" ? true : type === "START" ? false : optOutOf(words)
  return withConsent(event, settings.optOutWords ? verdict : null)
}

const malformed = (detail: string) =>
  new MalformedInput({
    detail,
    hint: "this URL takes Twilio's messaging webhooks: a form with AccountSid and MessageSid",
  })

/** Events of a form whose signature was checked. */
export const decodeTwilio = Effect.fn("channel-whatsapp.decodeTwilio")(function* (
  request: RawRequest,
  account: Account<TwilioSettings>,
) {
  const form = formOf(request)
  const now = yield* Clock.currentTimeMillis
  if (!form.get("AccountSid") || !(form.get("MessageSid") ?? form.get("SmsMessageSid")))
    return yield* malformed("AccountSid or MessageSid is missing")
  if (form.get("AccountSid") !== account.settings.accountSid)
    return [ignored("account", [...form], "for another Twilio account")]
  if (form.has("MessageStatus")) return [decodeStatus(form, request, now)]
  if (!form.has("From")) return [ignored("other", [...form], "neither a message nor a status")]
  return decodeInbound(form, account, now)
})
