/**
 * Changing the master key without losing what it sealed. The order makes every moment safe: the new key is in the file
 * before anything is sealed under it, and an old one leaves only when nothing is sealed under it any more.
 */
import type { StoreError } from "@opencx/core"
import { Clock, Context, Effect, Layer, Option, Schema } from "effect"
import type { SqlClient } from "effect/sql"
import { type Database, database } from "../sql/Database.ts"
import { decoderOf } from "../sql/rows.ts"
import { keyIdOf } from "./cipher.ts"
import { addKey, dropOldKeys, type KeyFileChange, keyFileIn } from "./keyFile.ts"
import { MasterKey, MasterKeyRejected } from "./MasterKey.ts"

/** How many secrets lie under which key; `unknown` for what no release of ours sealed. */
export interface KeyUse {
  /** The key that seals now. */
  readonly current: string
  readonly secrets: Readonly<Record<string, number>>
}

export interface Resealed {
  readonly resealed: number
  /** Secrets that no key of ours opens, as `scope/name`: they stay as they are, and have to be put again. */
  readonly broken: ReadonlyArray<string>
}

export class KeyUpkeep extends Context.Service<
  KeyUpkeep,
  {
    readonly use: Effect.Effect<KeyUse, StoreError>
    /** Seals everything under the present key. Repeating is harmless, and a secret that is put meanwhile wins. */
    readonly reseal: Effect.Effect<Resealed, StoreError>
    /** Secrets that no key of ours opens, as `scope/name`. */
    readonly unreadable: Effect.Effect<ReadonlyArray<string>, StoreError>
    /** Removes those, for who has lost the key for good. Answers with their names. */
    readonly dropUnreadable: Effect.Effect<ReadonlyArray<string>, StoreError>
  }
>()("@opencx/storage/secrets/KeyUpkeep") {}

const Row = Schema.Struct({ scope: Schema.String, name: Schema.String, sealed: Schema.String })
type Row = typeof Row.Type
const rows = decoderOf(Row)

const makeUpkeep = (db: Database, key: MasterKey["Service"]) => {
  const { sql } = db
  const all = Effect.suspend(
    () => sql`SELECT scope, name, sealed FROM opencx_secrets ORDER BY scope, name`,
  ).pipe(Effect.flatMap(rows.all))

  const use = Effect.gen(function* () {
    const secrets: Record<string, number> = {}
    for (const { sealed } of yield* all) {
      const id = keyIdOf(sealed) ?? "unknown"
      secrets[id] = (secrets[id] ?? 0) + 1
    }
    return { current: key.keyId, secrets } satisfies KeyUse
  }).pipe(db.run("KeyUpkeep.use"))

  const resealOne = Effect.fnUntraced(function* ({ name, scope, sealed }: Row) {
    const label = { scope, name }
    const plain = yield* key.open(label, sealed)
    const updated_at = yield* Clock.currentTimeMillis
    yield* sql`UPDATE opencx_secrets SET sealed = ${key.seal(label, plain)}, updated_at = ${updated_at}
      WHERE scope = ${scope} AND name = ${name} AND sealed = ${sealed}`
  })

  const reseal = Effect.gen(function* () {
    const broken: Array<string> = []
    let resealed = 0
    for (const row of yield* all) {
      if (keyIdOf(row.sealed) === key.keyId) continue
      yield* resealOne(row).pipe(
        Effect.tap(() => Effect.sync(() => (resealed += 1))),
        Effect.catchTag("SealBroken", () => Effect.sync(() => broken.push(`${row.scope}/${row.name}`))),
      )
    }
    return { resealed, broken } satisfies Resealed
  }).pipe(db.run("KeyUpkeep.reseal"))

  const lost = Effect.gen(function* () {
    const found: Array<Row> = []
    for (const row of yield* all) {
      const plain = yield* Effect.option(key.open({ scope: row.scope, name: row.name }, row.sealed))
      if (Option.isNone(plain)) found.push(row)
    }
    return found
  })
  const nameOf = ({ name, scope }: Row): string => `${scope}/${name}`

  const unreadable = Effect.map(lost, (found) => found.map(nameOf)).pipe(db.run("KeyUpkeep.unreadable"))

  const dropUnreadable = Effect.gen(function* () {
    const found = yield* lost
    for (const { name, scope, sealed } of found)
      yield* sql`DELETE FROM opencx_secrets WHERE scope = ${scope} AND name = ${name} AND sealed = ${sealed}`
    return found.map(nameOf)
  }).pipe(db.run("KeyUpkeep.dropUnreadable"))

  return KeyUpkeep.of({ use, reseal, unreadable, dropUnreadable })
}

export const layer: Layer.Layer<KeyUpkeep, never, SqlClient.SqlClient | MasterKey> = Layer.effect(
  KeyUpkeep,
  Effect.gen(function* () {
    return makeUpkeep(yield* database, yield* MasterKey)
  }),
)

const changing = (directory: string, change: (directory: string) => KeyFileChange) =>
  Effect.gen(function* () {
    const file = keyFileIn(directory)
    const done = yield* Effect.try({
      try: () => change(directory),
      catch: (cause) =>
        new MasterKeyRejected({
          detail: `The key file ${file} cannot be changed: ${cause instanceof Error ? cause.message : String(cause)}`,
          hint: "Check the directory's permissions and its free space.",
        }),
    })
    if (done._tag === "Busy")
      return yield* new MasterKeyRejected({
        detail: `Another change of ${file} is under way, or was cut off`,
        hint: `When none is, remove ${done.draft} and try again.`,
      })
    if (done._tag === "Open")
      return yield* new MasterKeyRejected({
        detail: `The key file ${file} has mode ${done.mode}: others may read it`,
        hint: `Run: chmod 600 ${file}`,
      })
  })

/** Puts a new key into the key file of a data directory. It seals from the next start on; earlier ones still open. */
export const addKeyToFile = (directory: string) => changing(directory, addKey)

/** Leaves only the present key in the key file: to be done when nothing is sealed under another one. */
export const dropOldKeysFromFile = (directory: string) => changing(directory, dropOldKeys)
