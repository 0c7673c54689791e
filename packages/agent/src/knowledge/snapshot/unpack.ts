/** Bytes to an index; nothing when they are not exactly what was written, by this version, for this organization. */
import { createHash } from "node:crypto"
import { Effect, Option, Schema } from "effect"
import { OrgIndex } from "../OrgIndex.ts"
import { Partition } from "../Partition.ts"
import { Postings } from "../Postings.ts"
import { ArticleLine, Head, TermsLine } from "./format.ts"

const batch = 100
const bytesPerNumber = 4
const newline = 10

const headOf = Schema.decodeUnknownOption(Schema.fromJsonString(Head))
const articleOf = Schema.decodeUnknownOption(Schema.fromJsonString(ArticleLine))
const termsOf = Schema.decodeUnknownOption(Schema.fromJsonString(TermsLine))

/** Reads lines one by one. */
class Lines {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  next(): string {
    const end = this.#bytes.indexOf(newline, this.#at)
    const line = this.#bytes.toString("utf8", this.#at, end < 0 ? this.#bytes.length : end)
    this.#at = end < 0 ? this.#bytes.length : end + 1
    return line
  }
}

const numbersOf = (bytes: Buffer): Int32Array => {
  const out = new Int32Array(bytes.length / bytesPerNumber)
  for (let at = 0; at < out.length; at++) out[at] = bytes.readInt32LE(at * bytesPerNumber)
  return out
}

/** Its terms, each with its own copy of its postings. */
const takeTerms = (
  partition: Partition,
  { articles, sizes, terms, titled }: TermsLine,
  numbers: Int32Array,
) => {
  let from = 0
  for (const [at, term] of terms.entries()) {
    const size = sizes[at] ?? 0
    const postings = new Postings(term)
    postings.articles = articles[at] ?? 0
    postings.titled = titled[at] ?? 0
    postings.records = numbers.slice(from, from + size)
    postings.length = size
    partition.takeTerm(postings)
    from += size
  }
}

const takeArticle = (partition: Partition, line: ArticleLine, terms: ReadonlyArray<string>): void => {
  const named = (numbers: ReadonlyArray<number>) => numbers.flatMap((number) => terms[number] ?? [])
  const { article, chunks, headings, key, lengths, section, title } = line
  partition.take(
    {
      key,
      article,
      chunks,
      number: partition.numbered.length,
      titleTerms: named(title),
      sectionTerms: named(section),
      headingTerms: headings.map(named),
    },
    lengths,
  )
}

const partitionOf = Effect.fnUntraced(function* (
  { articles, language }: Head["partitions"][number],
  lines: Lines,
  numbers: Int32Array,
) {
  const terms = Option.getOrNull(termsOf(lines.next()))
  if (terms === null) return null
  const partition = new Partition(language)
  takeTerms(partition, terms, numbers)
  for (let at = 0; at < articles; at++) {
    const line = Option.getOrNull(articleOf(lines.next()))
    if (line === null) return null
    takeArticle(partition, line, terms.terms)
    if (at % batch === batch - 1) yield* Effect.yieldNow
  }
  return partition
})

/** The index, and the revision of the article store that it stands for. */
export interface Unpacked {
  readonly index: OrgIndex
  readonly revision: number
}

/** The head and what follows it, when all of it is whole and for this organization. */
const openBytes = (
  bytes: Uint8Array,
  orgId: string,
): { readonly head: Head; readonly body: Buffer } | null => {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = all.indexOf(newline)
  const head = Option.getOrNull(headOf(end < 0 ? "" : all.toString("utf8", 0, end)))
  if (head === null || head.orgId !== orgId) return null
  const body = all.subarray(end + 1)
  const numbers = head.partitions.reduce((sum, one) => sum + one.numbers, 0)
  if (body.length !== head.lines + numbers * bytesPerNumber) return null
  return createHash("sha256").update(body).digest("hex") === head.sha256 ? { head, body } : null
}

export const unpackIndex = Effect.fn("knowledge.unpackIndex")(function* (bytes: Uint8Array, orgId: string) {
  const opened = openBytes(bytes, orgId)
  if (opened === null) return null
  const { body, head } = opened
  const lines = new Lines(body.subarray(0, head.lines))
  const index = new OrgIndex()
  let at = head.lines
  for (const one of head.partitions) {
    const end = at + one.numbers * bytesPerNumber
    const partition = yield* partitionOf(one, lines, numbersOf(body.subarray(at, end)))
    if (partition === null) return null
    index.restore(one.visibility, partition)
    at = end
    yield* Effect.yieldNow
  }
  const unpacked: Unpacked = { index, revision: head.revision }
  return unpacked
})
