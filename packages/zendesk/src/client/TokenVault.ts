/** Where an authorization that a person gave is kept between starts: refresh tokens are good once, so losing one ends it. */
import type { StoreError } from "@opencx/core"
import { type Effect, Schema } from "effect"

/** Times are epoch milliseconds. `refreshExpiresAt`: null when Zendesk did not say. */
export const StoredTokens = Schema.Struct({
  /** Of the account that gave them (`https://acme.zendesk.com`): no other is ever shown them. */
  origin: Schema.NonEmptyString,
  accessToken: Schema.NonEmptyString,
  expiresAt: Schema.Number,
  /** When it is renewed: at half of its life. */
  renewAt: Schema.Number,
  /** Null where Zendesk gave none: the authorization ends with the access token. */
  refreshToken: Schema.NullOr(Schema.NonEmptyString),
  refreshExpiresAt: Schema.NullOr(Schema.Number),
})
export type StoredTokens = typeof StoredTokens.Type

/** Must survive a crash, and be sealed: the tokens open the account. */
export interface TokenVault {
  readonly read: Effect.Effect<StoredTokens | null, StoreError>
  write(tokens: StoredTokens): Effect.Effect<void, StoreError>
  /**
   * When a refresh was begun whose answer was not kept yet; null when none was. Kept apart from the tokens, so that a process
   * that begins late never writes over what another one has just kept.
   */
  readonly begun: Effect.Effect<number | null, StoreError>
  noteBegun(at: number | null): Effect.Effect<void, StoreError>
}
