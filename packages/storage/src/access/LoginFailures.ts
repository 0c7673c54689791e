/** Failed logins, counted over all processes, so that guessing gets slow whoever answers. */
import type { StoreError } from "@opencx/core"
import { Clock, Context, Effect, Layer, Schema } from "effect"
import type { SqlClient } from "effect/sql"
import { Int64 } from "../sql/columns.ts"
import { type Database, database } from "../sql/Database.ts"
import { keyOf } from "../sql/keys.ts"
import { decoderOf } from "../sql/rows.ts"

/** From the `free`-th failure on, each locks twice as long as the one before: from `firstMs` up to `longestMs`. */
export interface LockPolicy {
  readonly free: number
  readonly firstMs: number
  readonly longestMs: number
  /** Without a failure for so long, the count begins anew. */
  readonly forgetMs: number
}

export class LoginFailures extends Context.Service<
  LoginFailures,
  {
    /** Milliseconds for which this subject (an email address, a network address) may not try; 0: it may. */
    lockedFor(subject: string): Effect.Effect<number, StoreError>
    /** Counts one more; answers with for how long it is locked now. */
    add(subject: string, policy: LockPolicy): Effect.Effect<number, StoreError>
    clear(subject: string): Effect.Effect<void, StoreError>
    /** Takes one back: it was counted before it was known to be none. */
    forgive(subject: string): Effect.Effect<void, StoreError>
  }
>()("@opencx/storage/access/LoginFailures") {}

const rows = decoderOf(Schema.Struct({ failures: Int64, last_at: Int64, locked_until: Int64 }))

const lockMs = ({ firstMs, free, longestMs }: LockPolicy, failures: number): number =>
  failures < free ? 0 : Math.min(longestMs, firstMs * 2 ** Math.min(failures - free, 30))

const makeFailures = ({ run, sql }: Database) =>
  LoginFailures.of({
    lockedFor: Effect.fn("LoginFailures.lockedFor")(function* (subject) {
      const row = yield* rows.first(
        yield* sql`SELECT failures, last_at, locked_until FROM opencx_login_failures WHERE subject = ${keyOf(subject)}`,
      )
      return Math.max(0, (row?.locked_until ?? 0) - (yield* Clock.currentTimeMillis))
    }, run("LoginFailures.lockedFor")),
    add: Effect.fn("LoginFailures.add")(function* (subject, policy) {
      const now = yield* Clock.currentTimeMillis
      const key = keyOf(subject)
      yield* sql`DELETE FROM opencx_login_failures WHERE last_at < ${now - policy.forgetMs}`
      const counted = yield* rows.first(
        yield* sql`INSERT INTO opencx_login_failures ${sql.insert({ subject: key, failures: 1, last_at: now, locked_until: 0 })}
          ON CONFLICT (subject) DO UPDATE SET failures = opencx_login_failures.failures + 1, last_at = excluded.last_at
          RETURNING failures, last_at, locked_until`,
      )
      const lock = lockMs(policy, counted?.failures ?? 1)
      if (lock > 0)
        yield* sql`UPDATE opencx_login_failures SET locked_until = ${now + lock} WHERE subject = ${key}`
      return lock
    }, run("LoginFailures.add")),
    clear: (subject) =>
      Effect.asVoid(sql`DELETE FROM opencx_login_failures WHERE subject = ${keyOf(subject)}`).pipe(
        run("LoginFailures.clear"),
      ),
    forgive: (subject) =>
      Effect.asVoid(sql`UPDATE opencx_login_failures SET failures = failures - 1
        WHERE subject = ${keyOf(subject)} AND failures > 0`).pipe(run("LoginFailures.forgive")),
  })

export const layer: Layer.Layer<LoginFailures, never, SqlClient.SqlClient> = Layer.effect(
  LoginFailures,
  Effect.map(database, makeFailures),
)
