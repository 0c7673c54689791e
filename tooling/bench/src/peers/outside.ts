/** The outside world of both contestants: one fake Twilio and one fake Meta, which report only what they are told to. */
import { createHmac } from "node:crypto"
import { createRequire } from "node:module"
import { pathToFileURL } from "node:url"
import { type Providers, shopNumbers } from "@opencx/runtime"
import { Effect, Schema } from "effect"
import type { Setup } from "./setup.ts"

type Twilio = Providers["twilio"]
type Meta = Providers["meta"]

interface Fakes {
  readonly startFakeTwilio: (options: {
    readonly accountSid: string
    readonly authToken: string
  }) => Promise<Twilio>
  readonly startFakeMeta: (options: {
    readonly phoneNumberId: string
    readonly wabaId: string
    readonly accessToken: string
    readonly appSecret: string
    readonly verifyToken: string
    readonly displayPhoneNumber: string
    readonly autoStatuses: ReadonlyArray<never>
    readonly pairLimit: null
  }) => Promise<Meta>
}

class FakesMissing extends Schema.TaggedError<FakesMissing>("@opencx-tooling/bench/FakesMissing")(
  "FakesMissing",
  { detail: Schema.String },
) {}

const isFakes = (value: unknown): value is Fakes =>
  typeof value === "object" && value !== null && "startFakeTwilio" in value && "startFakeMeta" in value

/** The very ones of the demonstration: found where the runtime finds them. */
const loadFakes = Effect.tryPromise({
  try: async () => {
    const path = createRequire(import.meta.resolve("@opencx/runtime")).resolve("@opencx/testing/providers")
    const loaded: unknown = await import(pathToFileURL(path).href)
    if (!isFakes(loaded)) throw new Error("@opencx/testing/providers has changed")
    return loaded
  },
  catch: (cause) => new FakesMissing({ detail: String(cause) }),
})

const twilioAccount = { accountSid: `AC${"0".repeat(31)}2`, authToken: "bench-twilio-token" }
const metaAccount = {
  phoneNumberId: "106540352242999",
  wabaId: "102290129340999",
  accessToken: "bench-meta-token",
  appSecret: "bench-meta-secret",
  verifyToken: "bench-meta-verify",
}

export interface Outside {
  readonly twilio: Twilio
  readonly meta: Meta
  readonly accounts: Pick<Setup, "twilio" | "meta">
}

const open = <A extends { close(): Promise<void> }>(start: () => Promise<A>) =>
  Effect.acquireRelease(Effect.promise(start), (fake) => Effect.promise(() => fake.close()))

/** Ends with its scope. A world of its own for each contestant: what one has sent is not in the other's way. */
export const openOutside = Effect.gen(function* () {
  const { startFakeMeta, startFakeTwilio } = yield* loadFakes
  const twilio = yield* open(() => startFakeTwilio(twilioAccount))
  const meta = yield* open(() =>
    startFakeMeta({
      ...metaAccount,
      displayPhoneNumber: shopNumbers.whatsapp.slice(1),
      autoStatuses: [],
      pairLimit: null,
    }),
  )
  const accounts = {
    twilio: { ...twilioAccount, url: twilio.url, number: shopNumbers.sms },
    meta: { ...metaAccount, url: meta.url },
  }
  return { twilio, meta, accounts } satisfies Outside
})

/** A webhook as its provider would send it, signed. */
export interface Signed {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A body of Meta's for this URL; `secret`: the app's, or a forger's. */
export const signedByMeta = (url: string, body: object, secret = metaAccount.appSecret): Signed => {
  // Meta escapes everything outside ASCII and signs that; nothing here lies outside.
  const text = JSON.stringify(body)
  const hmac = createHmac("sha256", secret).update(text).digest("hex")
  return {
    url,
    headers: { "content-type": "application/json", "x-hub-signature-256": `sha256=${hmac}` },
    body: text,
  }
}
