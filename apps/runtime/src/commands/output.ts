/** What commands print for programs: one JSON value a line. */
import { Console, Effect, Schema } from "effect"

const encode = Schema.encodeEffect(Schema.fromJsonString(Schema.Unknown))

/** Prints a value as one line of JSON. */
export const printJson = (value: unknown) => Effect.flatMap(Effect.orDie(encode(value)), Console.log)

/** Prints a value as one line of JSON of the described form, and nothing beside it. */
export const printAs = <A, I>(schema: Schema.Codec<A, I>, value: A) =>
  Effect.flatMap(Effect.orDie(Schema.encodeEffect(Schema.fromJsonString(schema))(value)), Console.log)
