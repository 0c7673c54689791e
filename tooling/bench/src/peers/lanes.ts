/** SMS and WhatsApp as a bench drives them: who writes, the signed webhooks of that, and what came back. */
import { shopNumbers } from "@opencx/runtime"
import { portOf } from "../process/moments.ts"
import type { Contestant } from "./contestant.ts"
import { type Signed, signedByMeta } from "./outside.ts"

export interface Lane {
  readonly name: "SMS" | "WhatsApp"
  readonly port: number
  /** The contestant's webhook URL. */
  readonly hook: string
  /** A new customer. */
  person(how?: { readonly withoutNumber: boolean }): string
  /** One webhook with these messages of one customer; SMS takes one. */
  webhook(person: string, texts: ReadonlyArray<string>): Signed
  /** A picture and no word. */
  picture(person: string): Signed
  /** A webhook by somebody who does not know the secret. */
  forged(person: string, text: string): Signed
  /** Bodies that this customer got, oldest first. */
  received(person: string): ReadonlyArray<string>
  /** Messages that the provider has taken, of all customers. */
  taken(): number
  /** Requests to the provider. */
  requests(): number
  /** The provider's report that the newest message to this customer has failed; null when nobody asked for it. */
  failed(person: string): Signed | null
}

/** A PNG of one pixel. */
const pixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
  "base64",
)

export const smsLane = ({ outside, sms }: Contestant): Lane => {
  const { twilio } = outside
  let people = 0
  const hook = (from: string, text: string) =>
    twilio.inboundHook({ from, to: shopNumbers.sms, text, webhookUrl: sms })
  const to = (person: string) => twilio.sent().filter((message) => message.to === person)
  return {
    name: "SMS",
    port: portOf(twilio.url),
    hook: sms,
    person: () => {
      people += 1
      return `+1415${5550000 + people}`
    },
    webhook: (person, texts) => hook(person, texts.join(" ")),
    picture: (from) => {
      const media = [{ contentType: "image/png", bytes: pixel }]
      return twilio.inboundHook({ from, to: shopNumbers.sms, text: "", media, webhookUrl: sms })
    },
    forged: (person, text) => {
      const { body } = hook(person, text)
      return twilio.sign(sms, [...new URLSearchParams(body)], "not-the-token")
    },
    received: (person) => to(person).map(({ body }) => body),
    taken: () => twilio.sent().length,
    requests: () => twilio.requests.length,
    failed: (person) => twilio.statusHook(to(person).at(-1)?.sid ?? "", "undelivered", 30003),
  }
}

export const whatsappLane = ({ outside, whatsapp }: Contestant): Lane => {
  const { meta } = outside
  let people = 0
  const to = (person: string) => meta.shown(person).filter(({ from }) => from === "business")
  const batch = (customerId: string, texts: ReadonlyArray<string>) =>
    meta.batchBody(texts.map((text) => ({ customerId, content: { text } })))
  return {
    name: "WhatsApp",
    port: portOf(meta.url),
    hook: whatsapp,
    person: ({ withoutNumber } = { withoutNumber: false }) => {
      people += 1
      return meta.addCustomer({
        name: `Customer ${people}`,
        phone: `1415${5550000 + people}`,
        bsuid: `US.13491208655302${String(people).padStart(5, "0")}`,
        username: withoutNumber ? `customer.${people}` : null,
        phoneVisible: !withoutNumber,
      }).id
    },
    webhook: (person, texts) => signedByMeta(whatsapp, batch(person, texts)),
    picture: (customerId) => {
      const media = { kind: "image", contentType: "image/png", bytes: pixel } as const
      return signedByMeta(whatsapp, meta.batchBody([{ customerId, content: { media } }]))
    },
    forged: (person, text) => signedByMeta(whatsapp, batch(person, [text]), "not-the-secret"),
    received: (person) => to(person).map(({ text }) => text),
    taken: () => meta.sent().length,
    requests: () => meta.requests().length,
    failed: (person) => {
      const message = to(person).at(-1)
      if (message === undefined) return null
      const body = meta.statusBody(message, "failed", { code: 131047, details: "Re-engagement message" })
      return signedByMeta(whatsapp, body)
    },
  }
}
