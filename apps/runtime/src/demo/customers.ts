/** The sample shop's customers at their phones: what they write, say and see. */
import type { FakeCall, MetaCustomer } from "@opencx/testing/providers"
import type { HookUrl } from "../layers/HookUrls.ts"
import { type Providers, shopNumbers } from "./providers.ts"

/** One line on a customer's phone. */
export interface PhoneLine {
  readonly from: "customer" | "shop"
  readonly text: string
}

export interface Customers {
  /** A customer texts the shop; answers with the webhook's last HTTP status. `sid`: the same one is the same message. */
  text(from: string, text: string, sid?: string): Promise<number>
  texts(of: string): ReadonlyArray<PhoneLine>
  /** A customer writes by WhatsApp; resolves when Meta's webhook is through. */
  whatsapp(from: string, text: string): Promise<void>
  whatsapps(of: string): ReadonlyArray<PhoneLine>
  /** A customer calls; resolves when the assistant has taken the call. */
  call(from: string): Promise<FakeCall>
  /** The customer's newest call, or null. */
  callOf(from: string): FakeCall | null
  /** Everybody who has written or called, each once. */
  numbers(): ReadonlyArray<string>
}

const hookOf = (hooks: ReadonlyArray<HookUrl>, what: string): string =>
  hooks.find((hook) => hook.what === what)?.url ?? ""

/** The people, on the fake providers that `hooks` lead from. */
export const customersOf = ({ meta, relay, twilio }: Providers, hooks: ReadonlyArray<HookUrl>): Customers => {
  const smsHook = hookOf(hooks, "sms account text")
  const voiceHook = hookOf(hooks, "phone account phone")
  meta.sendWebhooksTo(hookOf(hooks, "whatsapp account whatsapp"))
  const callers = new Map<string, FakeCall>()
  const writers = new Set<string>()
  const onWhatsapp = (phone: string): MetaCustomer | undefined =>
    meta.customers().find((customer) => customer.phone === phone.replace(/^\+/, ""))
  return {
    text: async (from, text, sid) => {
      writers.add(from)
      const { answers } = await twilio.customerSends({
        from,
        to: shopNumbers.sms,
        text,
        webhookUrl: smsHook,
        ...(sid === undefined ? {} : { sid }),
      })
      return answers.at(-1)?.status ?? 0
    },
    texts: (of) =>
      twilio
        .messagesWith(of)
        .map(({ body, direction }) => ({ from: direction === "inbound" ? "customer" : "shop", text: body })),
    whatsapp: async (from, text) => {
      writers.add(from)
      const known = onWhatsapp(from) ?? meta.addCustomer({ name: "Dana Lee", phone: from.replace(/^\+/, "") })
      await meta.customerSends(known.id, { text })
    },
    whatsapps: (of) => {
      const known = onWhatsapp(of)
      return known === undefined
        ? []
        : meta
            .shown(known.id)
            .map(({ from, text }) => ({ from: from === "customer" ? "customer" : "shop", text }))
    },
    call: async (from) => {
      writers.add(from)
      const call = await relay.placeCall({ voiceUrl: voiceHook, from, to: shopNumbers.phone })
      callers.set(from, call)
      return call
    },
    callOf: (from) => callers.get(from) ?? null,
    numbers: () => [...writers],
  }
}
