/** Plivo: signature V3 over the form, numbers without a plus. */
import { startFakePlivo } from "@opencx/testing/providers/plivo"
import { postsAmong, type StartCarrier, withPlus } from "./Carrier.ts"

const bare = "14155550112"

export const startPlivo: StartCarrier = async (seed) => {
  const credentials = { authId: `MA${seed.toUpperCase()}`, authToken: `plivo-token-of-${seed}` }
  const fake = await startFakePlivo(credentials)
  return {
    channel: "sms",
    accountId: "plivo",
    number: `+${bare}`,
    settings: { provider: { name: "plivo", ...credentials, from: bare, apiBaseUrl: fake.url } },
    faults: fake.faults,
    longest: 1530,
    inbound: (webhookUrl, { from, id, picture, text }) =>
      fake.inboundHook({
        from: from.slice(1),
        to: bare,
        text,
        webhookUrl,
        ...(id === undefined ? {} : { uuid: id }),
        ...(picture === undefined ? {} : { media: [fake.store(picture, "image/png")] }),
      }),
    proof: ["x-plivo-signature-v3"],
    unproven: 401,
    sent: () =>
      fake.sent().map(({ dst, mediaUrls, src, text, uuid }) => ({
        id: uuid,
        from: withPlus(src),
        to: withPlus(dst),
        text,
        mediaUrls,
      })),
    asked: () => postsAmong(fake.requests),
    arrived: (id) => fake.statusHook(id, "delivered"),
    lost: (id) => fake.statusHook(id, "undelivered", "30"),
    lostWords: "carrier filtered the message",
    // Plivo's refusals have words and no code.
    refusal: { status: 400, message: "this number has opted out", words: "this number has opted out" },
    lists: true,
    close: fake.close,
  }
}
