/** Where replies go: written on every inbound message, read back when something is sent. JSON. */
import { Schema } from "effect"

const Address = Schema.fromJsonString(Schema.Struct({ conversation: Schema.String }))

export const writeAddress = Schema.encodeSync(Address)
/** Fails on what this package has not written; addresses are stored, so keep reading the old ones. */
export const readAddress = Schema.decodeUnknownEffect(Address)
