/** `brief`: does what the human reads at handoff say what the customer wants? */
import { type ConversationLine, SupportAgent } from "@opencx/core"
import { Effect, Schema } from "effect"
import { stemmedWords } from "../baselines/words.ts"
import { halfOf, readLines, setsIn } from "../data/files.ts"
import { turnOf, worldOf } from "../data/world.ts"
import type { Eval, Row, Section } from "../report/Report.ts"

const Conversation = Schema.Struct({
  id: Schema.String,
  turns: Schema.Array(
    Schema.Struct({ role: Schema.String, text: Schema.optionalKey(Schema.NullOr(Schema.String)) }),
  ),
  transfer_summary: Schema.optionalKey(Schema.NullOr(Schema.String)),
})
type Conversation = typeof Conversation.Type

const columns = ["words found", "words needed", "ids found", "mean words", "over 120 words"]
const tokens = stemmedWords("en")
const small = new Set(
  tokens(
    "a an and are as at be been but by can cannot could for from had has have he her his i in is it its me my not of on or our she so that the their them they this to user customer was we were will with would you your",
  ),
)
const telling = (text: string): ReadonlySet<string> =>
  new Set(tokens(text).filter((word) => !small.has(word)))
const idsIn = (text: string): ReadonlyArray<string> => [
  ...new Set(text.match(/\b(?=\w*\d)(?=\w*[A-Z])[A-Z0-9]{5,}\b/g) ?? []),
]

const linesOf = (conversation: Conversation): ReadonlyArray<Omit<ConversationLine, "at">> =>
  conversation.turns.flatMap(({ role, text }) =>
    (role === "customer" || role === "ai") && text !== undefined && text !== null && text.trim() !== ""
      ? [{ role, text }]
      : [],
  )

interface Pair {
  readonly wanted: string
  readonly made: string
}

const mean = (values: ReadonlyArray<number>): number | null =>
  values.length === 0 ? null : values.reduce((sum, one) => sum + one, 0) / values.length
const wordCount = (text: string): number => text.split(/\s+/).filter((word) => word !== "").length

const row = (system: string, ours: boolean, pairs: ReadonlyArray<Pair>): Row => {
  const overlaps = pairs.map(({ made, wanted }) => {
    const [need, have] = [telling(wanted), telling(made)]
    const common = [...need].filter((word) => have.has(word)).length
    return { found: common / Math.max(1, need.size), needed: common / Math.max(1, have.size) }
  })
  const ids = pairs.flatMap(({ made, wanted }) => idsIn(wanted).map((id) => (made.includes(id) ? 1 : 0)))
  return {
    system,
    ours,
    values: [
      mean(overlaps.map((one) => one.found)),
      mean(overlaps.map((one) => one.needed)),
      mean(ids),
      mean(pairs.map((one) => wordCount(one.made))),
      mean(pairs.map((one) => (wordCount(one.made) > 120 ? 1 : 0))),
    ],
  }
}

const briefOf = Effect.fnUntraced(function* (lines: ReadonlyArray<Omit<ConversationLine, "at">>) {
  const agent = yield* SupportAgent
  return yield* agent.brief(turnOf(lines), "customer_asked")
})

const cut = (text: string): string => text.split(/\s+/).slice(0, 120).join(" ")

const sectionOf = Effect.fnUntraced(function* (set: string, conversations: ReadonlyArray<Conversation>) {
  const asked = conversations.map((one) => ({ lines: linesOf(one), wanted: one.transfer_summary ?? "" }))
  const briefs = yield* Effect.forEach(asked, ({ lines }) => briefOf(lines)).pipe(Effect.provide(worldOf([])))
  const pairs = (text: (lines: ReadonlyArray<Omit<ConversationLine, "at">>) => string) =>
    asked.map(({ lines, wanted }) => ({ wanted, made: cut(text(lines)) }))
  const said = (lines: ReadonlyArray<Omit<ConversationLine, "at">>) =>
    lines.filter((one) => one.role === "customer").map((one) => one.text)
  const section: Section = {
    set,
    count: asked.length,
    columns,
    rows: [
      row(
        "OpenCX",
        true,
        asked.map(({ wanted }, at) => ({ wanted, made: briefs[at]?.summary ?? "" })),
      ),
      row(
        "customer's first line",
        false,
        pairs((lines) => said(lines)[0] ?? ""),
      ),
      row(
        "customer's last line",
        false,
        pairs((lines) => said(lines).at(-1) ?? ""),
      ),
      row(
        "all customer's lines, first 120 words",
        false,
        pairs((lines) => said(lines).join(" ")),
      ),
      row(
        "whole conversation, last 120 words",
        false,
        pairs((lines) =>
          lines
            .map((one) => one.text)
            .join(" ")
            .split(/\s+/)
            .slice(-120)
            .join(" "),
        ),
      ),
    ],
    note: "against the summary that the set's own AI wrote at its handoff",
  }
  return section
})

export const brief: Eval = Effect.fn("eval.brief")(function* ({ data, half }) {
  const sections: Array<Section> = []
  for (const { files, folder, name } of yield* setsIn(data, /^conversations/)) {
    for (const file of files.filter((one) => one.endsWith(".jsonl"))) {
      const all = yield* readLines(Conversation, folder, file)
      const summarized = all.filter(
        (one) => (one.transfer_summary ?? "") !== "" && (half === null || halfOf(one.id) === half),
      )
      if (summarized.length > 0) sections.push(yield* sectionOf(`${name}/${file}`, summarized))
    }
  }
  return {
    sections,
    skipped: sections.length === 0 ? [`no conversations with a transfer_summary in ${data}`] : [],
  }
})
