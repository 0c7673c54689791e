/** What commands print for programs: one JSON value a line. */
import { Console, Effect, Schema } from "effect"

const encode = Schema.encodeEffect(Schema.fromJsonString(Schema.Unknown))

/** Prints a value as one line of JSON. */
export const printJson = (value: unknown) => Effect.flatMap(Effect.orDie(encode(value)), Console.log)
