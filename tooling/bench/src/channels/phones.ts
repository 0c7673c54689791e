/** Customers with phones, their messages' way in, and the provider's side of the way out: through us, and barely. */
import { NotSeen, realTimeAccounts, shopNumbers, type World } from "@opencx/runtime"
import { Effect } from "effect"
import { momentAt, portOf } from "../process/moments.ts"
import { bareRelay, type Outgoing } from "./bareRelay.ts"

const withinMs = 10_000

/** One channel, as its customers and its provider see it. */
export interface Phones {
  readonly name: string
  /** A customer writes to the runtime. */
  write(from: string, text: string): Promise<unknown>
  /** The same to a bare relay, which answers with one message. */
  writeBare(from: string, text: string): Promise<unknown>
  /** How many messages the provider has taken from us. */
  taken(): number
  readonly port: number
  /** Resolves when the provider has told of its messages what it tells at once. */
  quiet(): Promise<void>
}

/** Does something and answers with the milliseconds until the provider has taken a message more. */
export const untilTaken = Effect.fnUntraced(function* (phones: Phones, act: () => Promise<unknown> | void) {
  const before = phones.taken()
  const startedAt = performance.now()
  const at = yield* Effect.promise(async () => {
    const moment = momentAt(phones.port, () => phones.taken() > before, withinMs)
    await act()
    const seen = await moment
    await phones.quiet()
    return seen
  })
  if (at === null) return yield* new NotSeen({ what: `${phones.name}: no message within ${withinMs} ms` })
  return at - startedAt
})

const reply = "It takes three days."

const accountOf = (world: World) => {
  const { meta, relay, twilio } = world.providers
  const accounts = realTimeAccounts({ twilio: twilio.url, meta: meta.url, relay: relay.url }, "")
  const settings = (id: string): Record<string, unknown> => ({
    ...accounts.find((account) => account.id === id)?.settings,
  })
  const { provider } = settings("text")
  const token =
    typeof provider === "object" && provider !== null && "authToken" in provider ? provider.authToken : ""
  const { accessToken, phoneNumberId } = settings("whatsapp")
  return { sms: String(token), whatsapp: String(accessToken), phoneNumberId: String(phoneNumberId) }
}

export const smsPhones = Effect.fnUntraced(function* (world: World) {
  const { twilio } = world.providers
  const basic = Buffer.from(`${twilio.accountSid}:${accountOf(world).sms}`).toString("base64")
  const url = `${twilio.url}/2010-04-01/Accounts/${twilio.accountSid}/Messages.json`
  const headers = {
    authorization: `Basic ${basic}`,
    "content-type": "application/x-www-form-urlencoded",
  }
  const next = (webhook: string): Outgoing => {
    const to = new URLSearchParams(webhook).get("From") ?? ""
    return {
      url,
      headers,
      body: new URLSearchParams({ To: to, From: shopNumbers.sms, Body: reply }).toString(),
    }
  }
  const bare = yield* bareRelay(next)
  return {
    name: "SMS",
    write: (from, text) => world.people.text(from, text),
    writeBare: (from, text) => twilio.customerSends({ from, to: shopNumbers.sms, text, webhookUrl: bare }),
    taken: () => twilio.sent().length,
    port: portOf(twilio.url),
    quiet: () => Promise.resolve(),
  } satisfies Phones
})

export const whatsappPhones = Effect.fnUntraced(function* (world: World, hook: string) {
  const { meta } = world.providers
  const { phoneNumberId, whatsapp } = accountOf(world)
  const next = (webhook: string): Outgoing | null => {
    const to = /"messages":\[\{"from":"(\d+)"/.exec(webhook)?.[1]
    // Statuses ask for nothing.
    if (to === undefined) return null
    return {
      url: `${meta.url}/v25.0/${phoneNumberId}/messages`,
      headers: { authorization: `Bearer ${whatsapp}`, "content-type": "application/json" },
      body: JSON.stringify({
        messaging_product: "whatsapp",
        recipient_type: "individual",
        to,
        type: "text",
        text: { body: reply },
      }),
    }
  }
  const bare = yield* bareRelay(next)
  return {
    name: "WhatsApp",
    write: (from, text) => world.people.whatsapp(from, text),
    writeBare: async (from, text) => {
      meta.sendWebhooksTo(bare)
      await world.people.whatsapp(from, text)
    },
    taken: () => meta.sent().length,
    port: portOf(meta.url),
    quiet: async () => {
      await meta.settled()
      meta.sendWebhooksTo(hook)
    },
  } satisfies Phones
})
