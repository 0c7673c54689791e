/** An index to bytes. Other work may run in between, but nothing may change the index meanwhile. */
import { createHash } from "node:crypto"
import { Effect } from "effect"
import type { OrgIndex } from "../OrgIndex.ts"
import type { Indexed, Partition } from "../Partition.ts"
import { type ArticleLine, formatVersion, type Head, type TermsLine } from "./format.ts"

/** Articles written before other work may run. */
const batch = 100

const bytesPerNumber = 4

const lineOf = (
  { article, chunks, headingTerms, key, sectionTerms, titleTerms }: Indexed,
  lengths: ReadonlyArray<number>,
  numberOf: (term: string) => number,
): ArticleLine => ({
  key,
  article,
  chunks,
  lengths,
  title: titleTerms.map(numberOf),
  section: sectionTerms.map(numberOf).filter((number) => number >= 0),
  headings: headingTerms.map((terms) => terms.map(numberOf)),
})

const termsOf = ({ postings }: Partition): TermsLine => {
  const all = [...postings.values()]
  return {
    terms: all.map((one) => one.term),
    articles: all.map((one) => one.articles),
    titled: all.map((one) => one.titled),
    sizes: all.map((one) => one.length),
  }
}

/** Little endian, whatever the machine. */
const recordsOf = ({ postings }: Partition): Buffer => {
  const total = [...postings.values()].reduce((sum, one) => sum + one.length, 0)
  const out = Buffer.allocUnsafe(total * bytesPerNumber)
  let at = 0
  for (const { length, records } of postings.values()) {
    for (let one = 0; one < length; one++) at = out.writeInt32LE(records[one] ?? 0, at)
  }
  return out
}

const packPartition = Effect.fnUntraced(function* (partition: Partition) {
  // Removed articles leave gaps in the numbers; a file has none.
  partition.clearAway()
  const lines: Array<Buffer> = []
  const numbers = new Map([...partition.postings.keys()].map((term, at) => [term, at]))
  const numberOf = (term: string): number => numbers.get(term) ?? -1
  const { firstPassages, lengths, numbered } = partition
  const add = (line: ArticleLine | TermsLine) => lines.push(Buffer.from(`${JSON.stringify(line)}\n`))
  add(termsOf(partition))
  for (const [at, indexed] of numbered.entries()) {
    if (indexed !== undefined)
      add(lineOf(indexed, lengths.slice(firstPassages[at], firstPassages[at + 1]), numberOf))
    if (at % batch === batch - 1) yield* Effect.yieldNow
  }
  const records = recordsOf(partition)
  return { lines, records, articles: partition.documents.size, numbers: records.length / bytesPerNumber }
})

/** `revision`: of the article store, as far as the index has taken it in. */
export const packIndex = Effect.fn("knowledge.packIndex")(function* (
  index: OrgIndex,
  orgId: string,
  revision: number,
) {
  const partitions: Array<Head["partitions"][number]> = []
  const lines: Array<Buffer> = []
  const records: Array<Buffer> = []
  for (const { partition, visibility } of index.partitions) {
    const packed = yield* packPartition(partition)
    const { articles, numbers } = packed
    partitions.push({ visibility, language: partition.language, articles, numbers })
    lines.push(...packed.lines)
    records.push(packed.records)
    yield* Effect.yieldNow
  }
  const body = [...lines, ...records]
  const hash = createHash("sha256")
  for (const part of body) hash.update(part)
  const head: Head = {
    format: formatVersion,
    orgId,
    revision,
    sha256: hash.digest("hex"),
    lines: lines.reduce((sum, line) => sum + line.length, 0),
    partitions,
  }
  // Our own plain values; reading them back goes through a Schema.
  // @effect-diagnostics-next-line preferSchemaOverJson:off
  const first = Buffer.from(`${JSON.stringify(head)}\n`)
  return new Uint8Array(Buffer.concat([first, ...body]))
})
