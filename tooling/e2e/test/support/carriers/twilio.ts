/** Twilio: signed forms, for texts and for WhatsApp. */
import { type CustomerText, type FakeTwilio, startFakeTwilio } from "@opencx/testing/providers/twilio"
import { createHash } from "node:crypto"
import { type Carrier, type CarrierText, type Hook, postsAmong, type StartCarrier } from "./Carrier.ts"

const credentialsOf = (what: string, seed: string) => ({
  accountSid: `AC${createHash("md5").update(`${what} ${seed}`).digest("hex")}`,
  authToken: `twilio-${what}-token-of-${seed}`,
})

/** WhatsApp's addresses are numbers behind a scheme. */
const carrierOf = (fake: FakeTwilio, number: string, scheme: "" | "whatsapp:") => {
  const customerText = (webhookUrl: string, { from, id, picture, text }: CarrierText): CustomerText => ({
    from: scheme + from,
    to: scheme + number,
    text,
    webhookUrl,
    ...(id === undefined ? {} : { sid: `SM${createHash("md5").update(id).digest("hex")}` }),
    ...(picture === undefined ? {} : { media: [{ contentType: "image/png", bytes: picture }] }),
    ...(scheme === "" ? {} : { extra: { ProfileName: "Dana Lee", WaId: from.slice(1) } }),
  })
  const report = (id: string, status: "delivered" | "undelivered", code?: number): Hook => {
    const hook = fake.statusHook(id, status, code)
    if (hook === null) throw new Error(`Twilio was told no address for the status of ${id}`)
    return hook
  }
  return {
    number,
    faults: fake.faults,
    longest: 1600,
    inbound: (url: string, text: CarrierText): Hook => fake.inboundHook(customerText(url, text)),
    proof: ["x-twilio-signature"],
    unproven: 401,
    sent: () =>
      fake.sent().map(({ body, from, mediaUrls, sid, to }) => ({
        id: sid,
        from: from.slice(scheme.length),
        to: to.slice(scheme.length),
        text: body,
        mediaUrls,
      })),
    asked: () => postsAmong(fake.requests),
    report,
    lists: true,
    close: fake.close,
  }
}

export const startTwilioText: StartCarrier = async (seed) => {
  const credentials = credentialsOf("text", seed)
  const fake = await startFakeTwilio(credentials)
  const { report, ...common } = carrierOf(fake, "+14155550113", "")
  return {
    ...common,
    channel: "sms",
    accountId: "twilio-text",
    settings: {
      provider: { name: "twilio", ...credentials, from: common.number, apiBaseUrl: fake.url },
    },
    arrived: (id) => report(id, "delivered"),
    lost: (id) => report(id, "undelivered", 30007),
    lostWords: "carrier filtered the message",
    refusal: { status: 400, code: 21610, words: "opted out of text messages" },
  } satisfies Carrier
}

export const startTwilioWhatsapp: StartCarrier = async (seed) => {
  const credentials = credentialsOf("whatsapp", seed)
  const fake = await startFakeTwilio(credentials)
  const { report, ...common } = carrierOf(fake, "+14155550114", "whatsapp:")
  return {
    ...common,
    channel: "whatsapp",
    accountId: "twilio-whatsapp",
    settings: {
      provider: "twilio",
      ...credentials,
      from: `whatsapp:${common.number}`,
      apiBaseUrl: fake.url,
    },
    arrived: (id) => report(id, "delivered"),
    lost: (id) => report(id, "undelivered", 63003),
    lostWords: "cannot be reached on WhatsApp",
    refusal: { status: 400, code: 63024, words: "cannot reach this customer on WhatsApp" },
  } satisfies Carrier
}
