/** The signing keys of this installation: sealed in the store, derived from nothing that anyone else rotates. */
import { Secrets } from "@opencx/core"
import { Clock, Context, Effect, Layer, Schedule } from "effect"
import { type EditedSigner, withEditions } from "../signing/editions.ts"
import { makeSigners, readKeys, readOrMakeKeys } from "../signing/keys.ts"
import type { makeAccountSigner } from "../signing/tokens.ts"
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
      const { organizations } = (yield* Settings).config
      return Signing.of({ urls: withEditions(signers.urls, organizations), account: signers.account })
    }),
  )
}
