/** The signing keys of this installation: sealed in the store, derived from nothing that anyone else rotates. */
import { Secrets } from "@opencx/core"
import { Clock, Context, Effect, Layer, Schedule } from "effect"
import { makeSigners, readKeys, readOrMakeKeys } from "../signing/keys.ts"
import type { makeAccountSigner, UrlSigner } from "../signing/tokens.ts"
import { Context, Effect, Layer, Redacted } from "effect"
import { randomBytes } from "node:crypto"
import { type EditedSigner, withEditions } from "../signing/editions.ts"
import { makeAccountSigner, makeUrlSigner } from "../signing/tokens.ts"
import { Settings } from "./Settings.ts"

/** A rotation by another process is taken over within this time. */
const lookEvery = "3 seconds"

export class Signing extends Context.Service<
  Signing,
  {
    /** Signs and opens webhook URLs. */
    readonly urls: EditedSigner
    /** Signs and opens tokens of one channel account. */
    account(orgId: string, accountId: string): ReturnType<typeof makeAccountSigner>
  }
>()("@opencx/runtime/layers/Signing") {
  static readonly layer = Layer.effect(
    Signing,
    Effect.gen(function* () {
      const clock = yield* Clock.Clock
      const secrets = yield* Secrets
      const signers = makeSigners(yield* readOrMakeKeys(), () => clock.currentTimeMillisUnsafe())
      const look = Effect.gen(function* () {
        const keys = yield* readKeys()
        if (keys !== null) signers.change(keys)
      }).pipe(Effect.provideService(Secrets, secrets), Effect.ignore)
      yield* Effect.forkScoped(Effect.repeat(Effect.delay(look, lookEvery), Schedule.forever))
      return Signing.of({ urls: signers.urls, account: signers.account })
      const stored = yield* secrets.get(scope, name)
      const made = stored ?? Redacted.make(randomBytes(32).toString("base64"))
      if (stored === null) {
        yield* secrets.put(scope, name, made)
        // Another process may be making the first key at this very moment (`serve` and `urls` side by side). The last one
        // written stands, and everyone who wrote waits long enough to read that one.
        yield* Effect.sleep("200 millis")
      }
      const current = (yield* secrets.get(scope, name)) ?? made
      const key = Buffer.from(Redacted.value(current), "base64")
      return Signing.of({
        urls: withEditions(makeUrlSigner(key), (yield* Settings).config.organizations),
        account: (orgId, accountId) => makeAccountSigner(key, orgId, accountId),
      })
    }),
  )
}
