/** Optimistic concurrency: whoever changes settings says which version they have seen. */
import { Schema, SchemaTransformation } from "effect"

/** `If-Match: "7"`, with or without quotes; a weak tag is the same to us. */
const Tag = Schema.String.check(
  Schema.isPattern(/^(?:W\/)?"?\d{1,15}"?$/, {
    message: 'Send the `version` that you have read as `If-Match: "7"`',
  }),
).pipe(
  Schema.decodeTo(
    Schema.Int,
    SchemaTransformation.transform({
      decode: (text) => Number(text.replace(/\D/g, "")),
      encode: (version) => `"${version}"`,
    }),
  ),
)

export const ifMatch = { "if-match": Tag }
