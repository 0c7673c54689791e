/** Rows into domain values, decoded by Schema and never trusted. */
import { Effect, Schema } from "effect"

/** Compiles a decoder for rows of one kind. Build it once, at module level. */
export const decoderOf = <S extends Schema.ConstraintDecoder<unknown>>(row: S) => {
  const decode = Schema.decodeUnknownEffect(row)
  const decodeAll = Schema.decodeUnknownEffect(Schema.Array(row))
  return {
    all: decodeAll,
    /** The first row, or null. */
    first: (rows: ReadonlyArray<unknown>): Effect.Effect<S["Type"] | null, Schema.SchemaError> =>
      rows.length === 0 ? Effect.succeed(null) : decode(rows[0]),
  }
}
