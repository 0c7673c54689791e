/**
 * Secrets that Zendesk's webhooks are checked with: those of the configuration, and those that setting up has stored. A stored
 * one counts within seconds, in a runtime that is already running.
 */
import { type OrgId, Secrets, type SignatureRejected, type StoreError } from "@opencx/core"
import { storedNames } from "@opencx/zendesk"
import { Clock, Context, Effect, Layer, Redacted } from "effect"

type Secret = Redacted.Redacted<string>
type Name = typeof storedNames.ticketing | typeof storedNames.assist | typeof storedNames.messaging

/** How long a stored secret is believed without another look. */
const freshMs = 10_000
/** A request that does not fit makes us look again, at most this often: the secret may just have been reset. */
const lookAgainMs = 1_000

interface Known {
  readonly secret: Secret | null
  readonly at: number
}

export interface Checked {
  readonly orgId: OrgId
  readonly name: Name
  /** What the configuration says. */
  readonly configured: ReadonlyArray<Secret | undefined>
}

const same = (one: Secret | null, other: Secret | null): boolean =>
  one === null || other === null ? one === other : Redacted.value(one) === Redacted.value(other)

export class WebhookSecrets extends Context.Service<
  WebhookSecrets,
  {
    /** Runs a check with every secret that is good now. None at all: the signed URL alone protects the webhook. */
    accept(
      what: Checked,
      check: (secrets: ReadonlyArray<Secret>) => Effect.Effect<void, SignatureRejected>,
    ): Effect.Effect<void, SignatureRejected | StoreError>
  }
>()("@opencx/runtime/layers/WebhookSecrets") {
  static readonly layer = Layer.effect(
    WebhookSecrets,
    Effect.gen(function* () {
      const secrets = yield* Secrets
      const known = new Map<string, Known>()
      const read = Effect.fnUntraced(function* ({ name, orgId }: Checked, maxAgeMs: number) {
        const key = `${orgId} ${name}`
        const now = yield* Clock.currentTimeMillis
        const before = known.get(key)
        if (before !== undefined && now - before.at < maxAgeMs) return before.secret
        const secret = yield* secrets.get(orgId, name)
        known.set(key, { secret, at: now })
        return secret
      })
      const accept = Effect.fnUntraced(function* (
        what: Checked,
        check: (secrets: ReadonlyArray<Secret>) => Effect.Effect<void, SignatureRejected>,
      ) {
        const withStored = (secret: Secret | null) =>
          [...what.configured, secret ?? undefined].filter((one) => one !== undefined)
        const stored = yield* read(what, freshMs)
        const first = yield* Effect.result(check(withStored(stored)))
        if (first._tag === "Success") return
        const newer = yield* read(what, lookAgainMs)
        if (same(stored, newer)) return yield* first.failure
        yield* check(withStored(newer))
      })
      return WebhookSecrets.of({ accept })
    }),
  )
}
