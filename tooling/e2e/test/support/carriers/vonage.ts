/** Vonage: a signed token with the body's hash, JSON, numbers without a plus. */
import { startFakeVonage } from "@opencx/testing/providers/vonage"
import { postsAmong, type StartCarrier, withPlus } from "./Carrier.ts"

const bare = "14155550111"

export const startVonage: StartCarrier = async (seed) => {
  const credentials = {
    apiKey: `key-${seed}`,
    apiSecret: `vonage-secret-of-${seed}`,
    signatureSecret: `vonage-signature-secret-of-${seed}`,
  }
  const fake = await startFakeVonage(credentials)
  return {
    channel: "sms",
    accountId: "vonage",
    number: `+${bare}`,
    settings: { provider: { name: "vonage", ...credentials, from: bare, apiBaseUrl: fake.url } },
    faults: fake.faults,
    longest: 1000,
    inbound: (webhookUrl, { from, id, picture, text }) =>
      fake.inboundHook({
        from: from.slice(1),
        to: bare,
        text,
        webhookUrl,
        ...(id === undefined ? {} : { id }),
        ...(picture === undefined ? {} : { imageUrl: fake.store(picture, "image/png") }),
      }),
    proof: ["authorization"],
    // Vonage sends one without a signature now and then, and again with one after a 5xx.
    unproven: 503,
    sent: () =>
      fake.sent().map(({ from, id, imageUrl, text, to }) => ({
        id,
        from: withPlus(from),
        to: withPlus(to),
        text,
        mediaUrls: imageUrl === "" ? [] : [imageUrl],
      })),
    asked: () => postsAmong(fake.requests),
    arrived: (id) => fake.statusHook(id, "delivered"),
    lost: (id) => fake.statusHook(id, "undeliverable", "1040"),
    lostWords: "not one that text messages can be sent to",
    refusal: { status: 422, code: 1050, words: "list of numbers that may not be texted" },
    lists: false,
    close: fake.close,
  }
}
