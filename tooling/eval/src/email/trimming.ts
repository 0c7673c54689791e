/** Is what is left of a reply exactly what its writer newly wrote? */
import { Effect, FileSystem, Path, Schema } from "effect"
import { halfOf, readLines, setsIn } from "../data/files.ts"
import type { EvalOptions, Row, Section } from "../report/Report.ts"
import { mailOf, type Mailbox } from "./mailbox.ts"

const Trimmed = Schema.Struct({ id: Schema.String, text: Schema.String, trimmed: Schema.String })
const Reply = Schema.Struct({ file: Schema.String, expected_reply: Schema.String })
const Signed = Schema.Struct({ id: Schema.String, body: Schema.String, signature: Schema.String })

interface Case {
  readonly id: string
  readonly raw: Uint8Array
  /** The body, for the baselines; null where it lies in MIME. */
  readonly text: string | null
  readonly expected: string
}

const flat = (text: string): string =>
  text
    .replace(/[*_`\\]/g, "")
    .replace(/\s+/g, " ")
    .trim()
const linesOf = (text: string): ReadonlyArray<string> =>
  text
    .split("\n")
    .map(flat)
    .filter((line) => line !== "")

/** F1 over lines: a lost line and a line too many both count. */
const closeness = (made: string, expected: string): number => {
  const [have, want] = [linesOf(made), linesOf(expected)]
  if (have.length + want.length === 0) return 1
  const common = have.filter((line) => want.includes(line)).length
  return (2 * common) / (have.length + want.length)
}

/** Markdown signs and white space do not count. */
const isExact = (made: string, expected: string): boolean => flat(made) === flat(expected)

const quoteHeader = /^\s*(?:on\b.{5,200}\bwrote:|-{2,}\s*original message\s*-{2,}|_{10,}|from:\s)/iu

const untilQuote = (text: string): string => {
  const lines = text.split("\n")
  const from = lines.findIndex((line) => quoteHeader.test(line))
  return (from < 0 ? lines : lines.slice(0, from)).filter((line) => !/^\s*>/.test(line)).join("\n")
}

const mean = (values: ReadonlyArray<number>): number | null =>
  values.length === 0 ? null : values.reduce((sum, one) => sum + one, 0) / values.length

const row = (
  system: string,
  ours: boolean,
  cases: ReadonlyArray<Case>,
  made: ReadonlyArray<string | null>,
): Row => {
  const judged = cases.flatMap(({ expected }, at) => {
    const text = made[at] ?? null
    return text === null ? [] : [{ exact: isExact(text, expected) ? 1 : 0, close: closeness(text, expected) }]
  })
  return {
    system,
    ours,
    values: [mean(judged.map((one) => one.exact)), mean(judged.map((one) => one.close))],
  }
}

const textOf = Effect.fnUntraced(function* (mailbox: Mailbox, raw: Uint8Array) {
  const [event] = yield* mailbox(raw)
  return event?._tag === "Message" ? event.text : ""
})

const sectionOf = Effect.fnUntraced(function* (set: string, cases: ReadonlyArray<Case>, mailbox: Mailbox) {
  const made = yield* Effect.forEach(cases, ({ raw }) => textOf(mailbox, raw))
  const baseline = (cut: (text: string) => string) =>
    cases.map(({ text }) => (text === null ? null : cut(text)))
  const section: Section = {
    set,
    count: cases.length,
    columns: ["exact", "F1 of lines"],
    rows: [
      row("OpenCX email channel", true, cases, made),
      ...(cases.some(({ text }) => text !== null)
        ? [
            row(
              "as it comes",
              false,
              cases,
              baseline((text) => text),
            ),
            row("until a line that begins a quote in English", false, cases, baseline(untilQuote)),
          ]
        : []),
    ],
  }
  return section
})

const rawMails = Effect.fnUntraced(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const expected = yield* readLines(Reply, folder, "expected.jsonl")
  return yield* Effect.forEach(expected, ({ expected_reply, file }) =>
    fs
      .readFile(path.join(path.dirname(folder), file))
      .pipe(Effect.map((raw): Case => ({ id: file, raw, text: null, expected: expected_reply }))),
  )
})

/** What stands before the signature. */
const unsigned = ({ body, id, signature }: typeof Signed.Type): Case => {
  const at = signature === "" ? -1 : body.lastIndexOf(signature.trim())
  return { id, raw: mailOf(body), text: body, expected: at < 0 ? body : body.slice(0, at) }
}

export const trimming = Effect.fn("eval.trimming")(function* ({ data, half }: EvalOptions, mailbox: Mailbox) {
  const path = yield* Path.Path
  const fs = yield* FileSystem.FileSystem
  const sections: Array<Section> = []
  const add = Effect.fnUntraced(function* (set: string, cases: ReadonlyArray<Case>) {
    const asked = cases.filter((one) => half === null || halfOf(one.id) === half)
    if (asked.length > 0) sections.push(yield* sectionOf(set, asked, mailbox))
  })
  for (const { files, folder, name } of yield* setsIn(data, /^email-reply/)) {
    for (const file of files.filter((one) => one.endsWith(".jsonl"))) {
      const lines = yield* readLines(Trimmed, folder, file)
      const cases = lines.map((one): Case => ({
        id: one.id,
        raw: mailOf(one.text),
        text: one.text,
        expected: one.trimmed,
      }))
      yield* add(`${name}/${file}`, cases)
    }
    const talon = path.join(folder, "talon")
    if (yield* fs.exists(path.join(talon, "expected.jsonl")))
      yield* add(`${name}/talon, whole mails`, yield* rawMails(talon))
    if (yield* fs.exists(path.join(talon, "signatures.jsonl"))) {
      const signed = yield* readLines(Signed, talon, "signatures.jsonl")
      yield* add(`${name}/talon, signatures`, signed.map(unsigned))
    }
  }
  return sections
})
