/** The fake providers, and their lives tied to a test's scope. */
import { Effect } from "effect"
import { startFakePlivo } from "@opencx/testing/providers/plivo"
import { startFakeTelnyx } from "@opencx/testing/providers/telnyx"
import { startFakeTwilio } from "@opencx/testing/providers/twilio"
import { startFakeVonage } from "@opencx/testing/providers/vonage"

export { signTwilioForm, signTwilioJson } from "@opencx/testing/providers/twilio"
export type { FakeTwilio, Fault, SignedHook } from "@opencx/testing/providers/twilio"

export const accountSid = `AC${"0123456789abcdef".repeat(2)}`
export const authToken = "twilio-auth-token-1"
export const ours = "+14155550100"
export const customer = "+14155550199"

const scoped = <A extends { close(): Promise<void> }>(start: () => Promise<A>) =>
  Effect.acquireRelease(Effect.promise(start), (fake) => Effect.promise(() => fake.close()))

export const fakeTwilio = (
  options: { readonly autoDeliver?: boolean; readonly webhookTimeoutMs?: number } = {},
) => scoped(() => startFakeTwilio({ accountSid, authToken, ...options }))
export const fakeTelnyx = scoped(() => startFakeTelnyx({ apiKey: "telnyx-api-key-1" }))
export const fakeVonage = scoped(() =>
  startFakeVonage({
    apiKey: "a1b2c3d4",
    apiSecret: "vonage-secret-1",
    signatureSecret: "vonage-signature-1",
  }),
)
export const plivoOf = (token: string) =>
  scoped(() => startFakePlivo({ authId: "MAXXXXXXXXXXXXXXXXXX", authToken: token }))
export const fakePlivo = plivoOf("plivo-auth-token-1")

/** Without the keys that are undefined, as in a file. */
const asWritten = (settings: unknown): unknown => JSON.parse(JSON.stringify(settings))

/** Settings of an account at each fake; without `url` at the real address. */
export const twilioSettings = (
  url?: string,
  over: Record<string, unknown> = {},
  common: Record<string, unknown> = {},
) =>
  asWritten({
    provider: {
      name: "twilio",
      accountSid,
      authToken,
      from: ours,
      ...(url === undefined ? {} : { apiBaseUrl: url }),
      ...over,
    },
    timeoutMs: 5_000,
    ...common,
  })
export const telnyxSettings = (
  publicKey: string,
  url?: string,
  common: Record<string, unknown> = {},
  over: Record<string, unknown> = {},
) =>
  asWritten({
    provider: {
      name: "telnyx",
      apiKey: "telnyx-api-key-1",
      publicKey,
      from: ours,
      messagingProfileId: "profile-1",
      ...(url === undefined ? {} : { apiBaseUrl: url }),
      ...over,
    },
    timeoutMs: 5_000,
    ...common,
  })
export const vonageSettings = (
  url?: string,
  over: Record<string, unknown> = {},
  common: Record<string, unknown> = {},
) =>
  asWritten({
    provider: {
      name: "vonage",
      apiKey: "a1b2c3d4",
      apiSecret: "vonage-secret-1",
      signatureSecret: "vonage-signature-1",
      from: "14155550100",
      ...(url === undefined ? {} : { apiBaseUrl: url }),
      ...over,
    },
    timeoutMs: 5_000,
    ...common,
  })
export const plivoSettings = (
  url?: string,
  over: Record<string, unknown> = {},
  common: Record<string, unknown> = {},
) =>
  asWritten({
    provider: {
      name: "plivo",
      authId: "MAXXXXXXXXXXXXXXXXXX",
      authToken: "plivo-auth-token-1",
      from: "14155550100",
      ...(url === undefined ? {} : { apiBaseUrl: url }),
      ...over,
    },
    timeoutMs: 5_000,
    ...common,
  })
