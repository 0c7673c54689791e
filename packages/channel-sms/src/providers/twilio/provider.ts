/** Twilio Programmable Messaging. */
import { Effect } from "effect"
import type { SmsSettings, TwilioSettings } from "../../settings.ts"
import type { SmsProvider } from "../SmsProvider.ts"
import { findAtTwilio, sendByTwilio, twilioAuth } from "./api.ts"
import { readTwilio } from "./read.ts"
import { verifyTwilio } from "./signature.ts"

const picture = /^image\/(?:jpeg|png|gif)$/
const other =
  /^(?:image\/(?:bmp|tiff|webp|heic|heif)|audio\/[\w.+-]+|video\/[\w.+-]+|application\/pdf|text\/(?:vcard|x-vcard|csv|rtf|calendar|plain))$/

export const twilioProvider = (settings: TwilioSettings, common: SmsSettings): SmsProvider => ({
  title: "Twilio",
  verify: (request) => verifyTwilio(request, settings),
  read: (request, token) => readTwilio(request, token),
  // Twilio would send any text/plain body to the customer; an empty document says nothing.
  answer: { status: 200, contentType: "text/xml", body: "<Response/>" },
  media: {
    api: settings.apiBaseUrl,
    path: `/2010-04-01/Accounts/${settings.accountSid}/`,
    apiHosts: ["api.twilio.com"],
    authorization: Effect.sync(() => twilioAuth(settings)),
    openHosts: ["mms.twiliocdn.com", "media.twiliocdn.com", ...common.mediaHosts],
  },
  // Twilio waits 15 s for the whole answer.
  mediaBudgetMs: 8_000,
  textLimit: { gsm: 1600, unicode: 1600 },
  mms: {
    maxFiles: 10,
    fits: (contentType, size) =>
      picture.test(contentType) ? size <= 5_000_000 : other.test(contentType) && size <= 500_000,
    maxTotalBytes: 5_000_000,
    withText: true,
  },
  send: (part) => sendByTwilio(part, settings, common.timeoutMs),
  find: (part, after) => findAtTwilio(part, after, settings, common.timeoutMs),
})
