/** The signing key of this installation: made once, sealed in the store, derived from nothing that anyone rotates. */
import { Secrets } from "@opencx/core"
import { Context, Effect, Layer, Redacted } from "effect"
import { randomBytes } from "node:crypto"
import { makeAccountSigner, makeUrlSigner, type UrlSigner } from "../signing/tokens.ts"

const scope = "installation"
const name = "signing-key"

export class Signing extends Context.Service<
  Signing,
  {
    /** Signs and opens webhook URLs. */
    readonly urls: UrlSigner
    /** Signs and opens tokens of one channel account. */
    account(orgId: string, accountId: string): ReturnType<typeof makeAccountSigner>
  }
>()("@opencx/runtime/layers/Signing") {
  static readonly layer = Layer.effect(
    Signing,
    Effect.gen(function* () {
      const secrets = yield* Secrets
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
        urls: makeUrlSigner(key),
        account: (orgId, accountId) => makeAccountSigner(key, orgId, accountId),
      })
    }),
  )
}
