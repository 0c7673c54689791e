/** What the fake Twilio keeps and says. Field names of JSON are Twilio's own. */
import { mailTime } from "./edge.ts"

/** A file of a message, or of the CDN behind it. */
export interface FakeMedia {
  readonly contentType: string
  readonly bytes: Uint8Array
  /** Declared in the webhook in place of `contentType`. */
  readonly declared?: string
  /** In place of Twilio's own URL: what a forger or a misconfiguration would write. */
  readonly url?: string
  /** Where Twilio's own URL redirects to; default: the fake's own CDN path. `null`: no redirect, bytes at once. */
  readonly redirect?: string | null
}

export type TwilioStatus =
  | "accepted"
  | "queued"
  | "sending"
  | "sent"
  | "delivered"
  | "read"
  | "undelivered"
  | "failed"
  | "canceled"
  | "received"

/** One message of the account, in either direction. */
export interface TwilioMessage {
  readonly sid: string
  readonly direction: "inbound" | "outbound-api" | "outbound-reply"
  readonly from: string
  readonly to: string
  readonly body: string
  readonly mediaUrls: ReadonlyArray<string>
  readonly messagingServiceSid: string | null
  readonly statusCallback: string | null
  /** Content template of WhatsApp, when one was used. */
  readonly contentSid: string | null
  readonly contentVariables: string | null
  status: TwilioStatus
  errorCode: number | null
  /** Epoch milliseconds. */
  readonly createdAt: number
}

/** The Message resource as Twilio's API shows it. */
export const resourceOf = (message: TwilioMessage, accountSid: string) => ({
  account_sid: accountSid,
  api_version: "2010-04-01",
  body: message.body,
  date_created: mailTime(message.createdAt),
  date_sent: message.status === "queued" ? null : mailTime(message.createdAt),
  date_updated: mailTime(message.createdAt),
  direction: message.direction,
  error_code: message.errorCode,
  error_message: null,
  from: message.from,
  messaging_service_sid: message.messagingServiceSid,
  num_media: String(message.mediaUrls.length),
  num_segments: "1",
  price: null,
  price_unit: "USD",
  sid: message.sid,
  status: message.status,
  to: message.to,
  uri: `/2010-04-01/Accounts/${accountSid}/Messages/${message.sid}.json`,
})

/** An error as Twilio's API words it. */
export const errorOf = (status: number, code: number | string | undefined, message: string) => ({
  code: code === undefined ? null : Number(code),
  message,
  more_info: `https://www.twilio.com/docs/errors/${code ?? ""}`,
  status,
})
