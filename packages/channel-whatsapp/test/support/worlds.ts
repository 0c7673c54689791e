/** The plugin with a provider and, where needed, a webhook around it. */
import { DeliveryId, fetched, type RawRequest, type SendFailure } from "@opencx/core"
import { bindAccount } from "@opencx/testing"
import { Effect } from "effect"
import { makeWhatsappPlugin } from "../../src/index.ts"
import * as A from "./accounts.ts"
import { type FakeMetaOptions, startFakeMeta } from "./fakeMeta.ts"
import { bindTo, openHook } from "./hook.ts"

export const plugin = () => makeWhatsappPlugin({ statusWaitMs: 400 })

/** A fake Meta for the length of a test. */
export const fakeMeta = (over: Partial<FakeMetaOptions> = {}) =>
  Effect.acquireRelease(
    Effect.promise(() => startFakeMeta({ ...A.meta, ...over })),
    (fake) => Effect.promise(() => fake.close()),
  )

export const ann = { name: "Ann Lee", phone: "4915112345678", bsuid: "DE.13491208655302741918" }

/** Events of one request to an account with these settings. */
export const receive = Effect.fnUntraced(function* (
  request: RawRequest,
  settings: unknown = A.metaSettings(),
) {
  const bound = yield* bindAccount(plugin(), settings)
  if (bound.receive === null) return yield* Effect.die("no webhooks")
  return yield* Effect.forEach(yield* bound.receive(request), fetched)
})

/** Fake, webhook and sender wired together; `ann` is a customer who has just written. */
export const metaWorld = Effect.fnUntraced(function* (
  over: {
    readonly meta?: Partial<FakeMetaOptions>
    readonly settings?: Record<string, unknown>
    /** Statuses come back to us. */
    readonly webhooks?: boolean
  } = {},
) {
  const fake = yield* fakeMeta(over.meta)
  const hook = yield* openHook
  const settings = A.metaSettings({ apiBaseUrl: fake.url, timeoutMs: 5_000, ...over.settings })
  const channel = plugin()
  const sender = yield* bindTo(hook, channel, settings)
  if (over.webhooks === true) fake.sendWebhooksTo(hook.url)
  const customer = fake.addCustomer(ann)
  customer.lastWroteAt = fake.now()
  return { fake, hook, sender, customer, plugin: channel, settings }
})

export const kindOf = <A>(effect: Effect.Effect<A, SendFailure>) =>
  Effect.map(Effect.flip(effect), (failure) => failure.kind)

let deliveries = 0x9000
/** A delivery that nothing is remembered of. */
export const nextDelivery = () => {
  deliveries += 1
  return DeliveryId.make(`00000000-0000-4000-8000-${deliveries.toString(16).padStart(12, "0")}`)
}
