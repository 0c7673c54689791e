/** Where an organization's connection to Zendesk keeps what it must not lose: sealed, in the store of secrets. */
import { Secrets, StoreError } from "@opencx/core"
import { type SetupStore, StoredTokens, type TokenVault } from "@opencx/zendesk"
import { Effect, Redacted, Schema } from "effect"

const tokensName = "zendesk-oauth-tokens"
const begunName = "zendesk-oauth-refresh-begun"
/** What `opencx connect zendesk` waits for when the answer is brought by hand. */
export const consentName = "zendesk-oauth-consent"

const Tokens = Schema.fromJsonString(StoredTokens)
const decodeTokens = Schema.decodeUnknownEffect(Tokens)
const encodeTokens = Schema.encodeEffect(Tokens)

/** The store for setting up, of one organization. */
export const setupStore = Effect.fnUntraced(function* (orgId: string) {
  const secrets = yield* Secrets
  return {
    get: (name) => secrets.get(orgId, name),
    put: (name, value) => secrets.put(orgId, name, value),
    remove: (name) => secrets.remove(orgId, name),
  } satisfies SetupStore
})

/** The tokens of one organization's authorization. */
export const tokenVault = Effect.fnUntraced(function* (orgId: string) {
  const store = yield* setupStore(orgId)
  const read = Effect.gen(function* () {
    const kept = yield* store.get(tokensName)
    if (kept === null) return null
    return yield* decodeTokens(Redacted.value(kept)).pipe(
      Effect.mapError(
        () =>
          new StoreError({
            operation: "tokens",
            detail: "the stored authorization cannot be read; connect again: opencx connect zendesk",
          }),
      ),
    )
  })
  const begun = Effect.gen(function* () {
    const kept = yield* store.get(begunName)
    const at = kept === null ? Number.NaN : Number(Redacted.value(kept))
    return Number.isFinite(at) ? at : null
  })
  return {
    read,
    write: (tokens) =>
      Effect.flatMap(Effect.orDie(encodeTokens(tokens)), (text) =>
        store.put(tokensName, Redacted.make(text)),
      ),
    begun,
    noteBegun: (at) =>
      at === null ? store.remove(begunName) : store.put(begunName, Redacted.make(String(at))),
  } satisfies TokenVault
})

/** Forgets an authorization; Zendesk still lists it until somebody revokes it there. */
export const forgetTokens = Effect.fnUntraced(function* (orgId: string) {
  const store = yield* setupStore(orgId)
  for (const name of [tokensName, begunName, consentName]) yield* store.remove(name)
})
