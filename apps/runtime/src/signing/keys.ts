/**
 * The signing keys of an installation: one signs, and those before it are accepted until their day. What was signed and
 * given away (webhook URLs in other people's consoles, reply addresses in mailboxes) cannot be changed at once.
 */
import { Secrets, type StoreError } from "@opencx/core"
import { Clock, Effect, Redacted, Schema } from "effect"
import { randomBytes } from "node:crypto"
import { makeAccountSigner, makeUrlSigner, type UrlSigner } from "./tokens.ts"

const scope = "installation"
const currentName = "signing-key"
const previousName = "signing-keys-previous"

/** 32 bytes as base64. */
export interface SigningKeys {
  readonly current: string
  readonly previous: ReadonlyArray<{
    readonly key: string
    /** Epoch milliseconds. */
    readonly until: number
  }>
}

const Previous = Schema.fromJsonString(
  Schema.Array(Schema.Struct({ key: Schema.NonEmptyString, until: Schema.Number })),
)
const decodePrevious = Schema.decodeEffect(Previous)
const encodePrevious = Schema.encodeSync(Previous)

const newKey = (): string => randomBytes(32).toString("base64")

const previousKeys = Effect.fnUntraced(function* (secrets: Secrets["Service"]) {
  const stored = yield* secrets.get(scope, previousName)
  if (stored === null) return []
  return yield* Effect.orElseSucceed(decodePrevious(Redacted.value(stored)), () => [])
})

/** The keys as they are stored now; null before the first one is made. */
export const readKeys = Effect.fnUntraced(function* () {
  const secrets = yield* Secrets
  const current = yield* secrets.get(scope, currentName)
  if (current === null) return null
  const keys: SigningKeys = { current: Redacted.value(current), previous: yield* previousKeys(secrets) }
  return keys
})

/** The keys, the first of them made now if there is none. */
export const readOrMakeKeys = Effect.fnUntraced(function* () {
  const stored = yield* readKeys()
  if (stored !== null) return stored
  // Another process may be making the first key at this very moment (`serve` and `urls` side by side).
  const current = yield* (yield* Secrets).getOrPut(scope, currentName, Redacted.make(newKey()))
  return { current: Redacted.value(current), previous: [] } satisfies SigningKeys
})

/**
 * A new key signs from now on; what the present one signed is accepted for `keepMs` more. The old key is noted as accepted
 * before the new one takes its place, so that a stop in between changes nothing. Answers with the end of the overlap.
 */
export const rotateKeys = Effect.fnUntraced(function* (
  keepMs: number,
): Effect.fn.Return<number, StoreError, Secrets> {
  const secrets = yield* Secrets
  const { current, previous } = yield* readOrMakeKeys()
  const now = yield* Clock.currentTimeMillis
  const until = now + keepMs
  const kept = previous.filter((one) => one.until > now && one.key !== current)
  const accepted = keepMs > 0 ? [...kept, { key: current, until }] : kept
  yield* secrets.put(scope, previousName, Redacted.make(encodePrevious(accepted)))
  yield* secrets.put(scope, currentName, Redacted.make(newKey()))
  return until
})

type AccountSigner = ReturnType<typeof makeAccountSigner>

interface Signers {
  readonly urls: UrlSigner
  readonly until: number
  account(orgId: string, accountId: string): AccountSigner
}

const signersOf = (key: string, until: number): Signers => {
  const bytes = Buffer.from(key, "base64")
  return {
    urls: makeUrlSigner(bytes),
    until,
    account: (orgId, accountId) => makeAccountSigner(bytes, orgId, accountId),
  }
}

/** Signs with the present key, and opens what any accepted key signed. `change` takes other keys over at once. */
export const makeSigners = (first: SigningKeys, now: () => number) => {
  const all = (keys: SigningKeys) => ({
    present: signersOf(keys.current, Number.POSITIVE_INFINITY),
    earlier: keys.previous.map(({ key, until }) => signersOf(key, until)),
  })
  let known = first
  let signers = all(first)
  const opened = <A>(open: (one: Signers) => A | null): A | null => {
    const present = open(signers.present)
    if (present !== null || signers.earlier.length === 0) return present
    const at = now()
    for (const one of signers.earlier) {
      const found = one.until > at ? open(one) : null
      if (found !== null) return found
    }
    return null
  }
  const urls: UrlSigner = {
    sign: (purpose, parts) => signers.present.urls.sign(purpose, parts),
    open: (purpose, token) => opened((one) => one.urls.open(purpose, token)),
  }
  const account = (orgId: string, accountId: string): AccountSigner => ({
    sign: (purpose, text) => signers.present.account(orgId, accountId).sign(purpose, text),
    open: (purpose, token) => opened((one) => one.account(orgId, accountId).open(purpose, token)),
  })
  return {
    urls,
    account,
    change: (keys: SigningKeys): void => {
      if (JSON.stringify(keys) === JSON.stringify(known)) return
      known = keys
      signers = all(keys)
    },
  }
}
