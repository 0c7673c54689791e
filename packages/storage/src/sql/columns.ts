/** Columns as they come back from either database. */
import { Schema, SchemaTransformation } from "effect"

/**
 * A 64-bit integer that we know to be safe as a number (milliseconds, counters). SQLite answers with a number, or a
 * bigint when safe integers were asked for; Postgres' driver with a bigint, or text.
 */
export const Int64 = Schema.Union([Schema.Number, Schema.BigInt, Schema.String]).pipe(
  Schema.decodeTo(
    Schema.Int,
    SchemaTransformation.transform<number, number | bigint | string>({
      decode: (value) => Number(value),
      encode: (value) => value,
    }),
  ),
)
