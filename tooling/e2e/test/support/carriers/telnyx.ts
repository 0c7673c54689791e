/** Telnyx: Ed25519 over time and body, JSON. */
import { startFakeTelnyx } from "@opencx/testing/providers/telnyx"
import { postsAmong, type StartCarrier } from "./Carrier.ts"

const number = "+14155550110"

export const startTelnyx: StartCarrier = async (seed) => {
  const apiKey = `telnyx-key-of-${seed}`
  const fake = await startFakeTelnyx({ apiKey })
  return {
    channel: "sms",
    accountId: "telnyx",
    number,
    settings: {
      provider: { name: "telnyx", apiKey, publicKey: fake.publicKey, from: number, apiBaseUrl: fake.url },
    },
    faults: fake.faults,
    longest: 1530,
    inbound: (webhookUrl, { from, id, picture, text }) =>
      fake.inboundHook({
        from,
        to: number,
        text,
        webhookUrl,
        ...(id === undefined ? {} : { id }),
        ...(picture === undefined
          ? {}
          : { media: [{ url: fake.store(picture, "image/png"), content_type: "image/png" }] }),
      }),
    proof: ["telnyx-signature-ed25519"],
    unproven: 401,
    sent: fake.sent,
    asked: () => postsAmong(fake.requests),
    arrived: (id) => fake.statusHook(id, "delivered"),
    lost: (id) => fake.statusHook(id, "delivery_failed", { code: "40002", title: "Blocked as spam" }),
    lostWords: "carrier filtered the message",
    refusal: { status: 400, code: 40300, words: "opted out of text messages" },
    lists: false,
    close: fake.close,
  }
}
