/** The providers of the demonstration: Twilio, Meta and a telephone network, each on a port of its own. */
import {
  type FakeMeta,
  type FakeRelay,
  type FakeTwilio,
  startFakeMeta,
  startFakeRelay,
  startFakeTwilio,
} from "@opencx/testing/providers"
import { Clock, Effect } from "effect"

/** The numbers of the sample shop. */
export const shopNumbers = {
  sms: "+14155550100",
  whatsapp: "+14155550101",
  phone: "+14155550102",
} as const

export const credentials = {
  twilioSid: `AC${"0".repeat(31)}1`,
  twilioToken: "sample-twilio-auth-token",
  metaToken: "sample-meta-access-token",
  metaSecret: "sample-meta-app-secret",
  metaVerify: "sample-meta-verify-token",
  metaPhoneId: "106540352242922",
  metaBusinessId: "102290129340398",
} as const

export interface Providers {
  readonly twilio: FakeTwilio
  readonly meta: FakeMeta
  readonly relay: FakeRelay
}

const opened = <A extends { close(): Promise<void> }>(start: () => Promise<A>) =>
  Effect.acquireRelease(Effect.promise(start), (provider) => Effect.promise(() => provider.close()))

/** Starts all of them; they stop with the scope. */
export const startProviders = Effect.fnUntraced(function* (host: string) {
  const clock = yield* Clock.Clock
  const now = () => clock.currentTimeMillisUnsafe()
  const { metaBusinessId, metaPhoneId, metaSecret, metaToken, metaVerify, twilioSid, twilioToken } =
    credentials
  const twilio = yield* opened(() =>
    startFakeTwilio({ accountSid: twilioSid, authToken: twilioToken, host, now, autoDeliver: true }),
  )
  const meta = yield* opened(() =>
    startFakeMeta({
      phoneNumberId: metaPhoneId,
      wabaId: metaBusinessId,
      accessToken: metaToken,
      appSecret: metaSecret,
      verifyToken: metaVerify,
      displayPhoneNumber: shopNumbers.whatsapp.slice(1),
      host,
      now,
    }),
  )
  const relay = yield* opened(() =>
    startFakeRelay({ accountSid: twilioSid, authToken: twilioToken, host, now }),
  )
  return { twilio, meta, relay } satisfies Providers
})
