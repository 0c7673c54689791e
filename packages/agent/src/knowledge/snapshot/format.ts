/**
 * How an index lies in a file: a head line, a line for each article, a line for each partition's terms, all JSON; then all
 * postings as 32-bit numbers, little endian. The head has a SHA-256 of all that follows it.
 */
import { Article } from "@opencx/core"
import { Schema } from "effect"

/**
 * Raise it when the file looks different, or when the same article would be read differently: segmenting, stems, stop
 * words, weights of fields. An index of another version is not used.
 */
export const formatVersion = 2

const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))
const Counts = Schema.Array(Count)

export const Head = Schema.Struct({
  format: Schema.Literal(formatVersion),
  orgId: Schema.String,
  /** Of the article store. */
  revision: Count,
  sha256: Schema.String,
  /** Bytes of all lines together; the postings follow. */
  lines: Count,
  partitions: Schema.Array(
    Schema.Struct({
      visibility: Schema.Literals(["public", "internal"]),
      language: Schema.String,
      articles: Count,
      numbers: Count,
    }),
  ),
})
export type Head = typeof Head.Type

/** Terms are named by their place in the partition's list. */
export const ArticleLine = Schema.Struct({
  key: Schema.String,
  article: Article,
  chunks: Schema.Array(Schema.Struct({ headings: Schema.Array(Schema.String), text: Schema.String })),
  lengths: Counts,
  title: Counts,
  section: Counts,
  headings: Schema.Array(Counts),
})
export type ArticleLine = typeof ArticleLine.Type

/** `articles`, `titled` and `size` (of its postings) of each term. */
export const TermsLine = Schema.Struct({
  terms: Schema.Array(Schema.String),
  articles: Counts,
  titled: Counts,
  sizes: Counts,
})
export type TermsLine = typeof TermsLine.Type
