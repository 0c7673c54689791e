/** Secrets at rest: sealed with AES-256-GCM under the master key, per organization. */
import { Context, type Effect, type Redacted } from "effect"
import type { StoreError } from "../errors/PortErrors.ts"

export class Secrets extends Context.Service<
  Secrets,
  {
    /** Stores or replaces a secret. `scope` is an organization's id, or `installation`. */
    put(scope: string, name: string, value: Redacted.Redacted<string>): Effect.Effect<void, StoreError>
    /** The secret that stands; `value`, stored now, when there was none. All who ask at once get the same. */
    getOrPut(
      scope: string,
      name: string,
      value: Redacted.Redacted<string>,
    ): Effect.Effect<Redacted.Redacted<string>, StoreError>
    /** Null when there is none. Fails when it was sealed under a key that we do not have. */
    get(scope: string, name: string): Effect.Effect<Redacted.Redacted<string> | null, StoreError>
    remove(scope: string, name: string): Effect.Effect<void, StoreError>
  }
>()("@opencx/core/ports/Secrets") {}
