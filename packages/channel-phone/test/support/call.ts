/** Beginnings that many tests share. */
import { Effect } from "effect"
import type { CallOptions } from "./fakes.ts"
import { american, twilio } from "./settings.ts"
import { type Journal, startNetwork, startWorld, until, type WorldOptions } from "./world.ts"

/** A runtime, a phone network, and a caller who is connected. */
export const begin = Effect.fnUntraced(function* (
  settings: Readonly<Record<string, unknown>> = {},
  call: Partial<CallOptions> = {},
  options: WorldOptions = {},
) {
  const network = yield* startNetwork
  const world = yield* startWorld({ settings: twilio({ apiBaseUrl: network.url, ...settings }), ...options })
  const phone = yield* Effect.promise(() =>
    network.placeCall({ voiceUrl: world.hookUrl, from: american, to: "+14155550100", ...call }),
  )
  return { network, world, phone }
})

/** The thread as the engine would hand it to the sender: by the newest message. */
export const threadOf = ({ journal }: { readonly journal: Journal }) => {
  const message = journal.of("Message").at(-1)
  const consent = journal.of("OptOut").at(-1)
  return {
    key: message?.thread.defaultKey ?? "",
    address: message?.address ?? "",
    lastInboundAt: message?.sentAt ?? null,
    optIn: consent === undefined || consent.optedOut ? null : { word: consent.text, at: consent.at },
  }
}

/** The caller says something, and it is journaled. */
export const firstWords = Effect.fnUntraced(function* (
  { phone, world }: Effect.Success<ReturnType<typeof begin>>,
  words = "Where is my order?",
) {
  const before = world.journal.of("Message").length
  phone.say(words)
  yield* until("the caller's words", () => (world.journal.of("Message").length > before ? true : null))
  return threadOf(world)
})
