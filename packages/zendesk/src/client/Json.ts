/** JSON texts for request bodies and stored state. */
import { Schema } from "effect"

const encode = Schema.encodeSync(Schema.fromJsonString(Schema.Unknown))

/** JSON text of a plain value; keys keep their order, so that the same value gives the same bytes. */
export const jsonText = (value: unknown): string => encode(value)
