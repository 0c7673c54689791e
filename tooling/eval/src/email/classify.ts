/** Is a mail by a person told from a bounce, a complaint and an automatic reply? */
import type { ChannelEvent } from "@opencx/core"
import { Effect, FileSystem, Path, Schema } from "effect"
import { halfOf, readLines, setsIn } from "../data/files.ts"
import type { EvalOptions, Row, Section } from "../report/Report.ts"
import { accuracyOf, majorityOf, recallOf, type Sorted } from "../texts/classes.ts"
import type { Mailbox } from "./mailbox.ts"

const Label = Schema.Struct({ file: Schema.String, label: Schema.String })

/** What the labels mean for us: a person waits for an answer, or nobody does. */
const meaningOf = (label: string): string =>
  label === "human" || label === "not_bounce" ? "person" : "machine"

/** A delivery report of our own mail, or a message that says why it is automatic. */
const saidBy = (event: ChannelEvent | undefined): string =>
  event?._tag === "Message" && event.automatic === null ? "person" : "machine"

const kindOf = (event: ChannelEvent | undefined): string => {
  if (event?._tag !== "Message") return "bounce"
  const why = event.automatic ?? ""
  if (why === "") return "human"
  if (/complaint/.test(why)) return "feedback_report"
  return /bounce|mailer-daemon|postmaster|return path/i.test(why) ? "bounce" : "auto_reply"
}

/** The head of a mail alone, by the two headers that everybody knows. */
const byTwoHeaders = (raw: string): string => {
  const head = raw.split(/\r?\n\r?\n/)[0] ?? ""
  return /^(?:auto-submitted:\s*auto|from:.*(?:mailer-daemon|postmaster))/im.test(head) ? "machine" : "person"
}

const columns = ["accuracy", "machines found", "persons found"]

const row = (system: string, ours: boolean, sorted: ReadonlyArray<Sorted>): Row => ({
  system,
  ours,
  values: [accuracyOf(sorted), recallOf(sorted, "machine"), recallOf(sorted, "person")],
})

const kinds = ["bounce", "feedback_report", "auto_reply", "human", "not_bounce"]

export const classify = Effect.fn("eval.classify")(function* ({ data, half }: EvalOptions, mailbox: Mailbox) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const sections: Array<Section> = []
  for (const { files, folder, name } of yield* setsIn(data, /^email-classify/)) {
    if (!files.includes("labels.jsonl")) continue
    const labels = (yield* readLines(Label, folder, "labels.jsonl")).filter(
      (one) => half === null || halfOf(one.file) === half,
    )
    const mails = yield* Effect.forEach(labels, ({ file }) => fs.readFile(path.join(folder, file)))
    const events = yield* Effect.forEach(mails, (raw) => Effect.map(mailbox(raw), ([first]) => first))
    const sort = (say: (at: number) => string): ReadonlyArray<Sorted> =>
      labels.map(({ label }, at) => ({ is: meaningOf(label), said: say(at) }))
    const usual = majorityOf(labels.map(({ label }) => meaningOf(label)))
    sections.push({
      set: `${name}: a person or a machine`,
      count: labels.length,
      columns,
      rows: [
        row(
          "OpenCX email channel",
          true,
          sort((at) => saidBy(events[at])),
        ),
        row(
          "Auto-Submitted, or from a mailer daemon",
          false,
          sort((at) => byTwoHeaders(Buffer.from(mails[at] ?? []).toString("latin1"))),
        ),
        row(
          "majority class",
          false,
          sort(() => usual),
        ),
      ],
    })
    sections.push({
      set: `${name}: kinds, by the reason that the timeline shows`,
      count: labels.length,
      columns: ["mails", "named so"],
      rows: kinds.flatMap((kind) => {
        const those = labels.flatMap((one, at) => (one.label === kind ? [kindOf(events[at])] : []))
        const wanted = kind === "not_bounce" ? ["human", "auto_reply"] : [kind]
        const right = those.filter((one) => wanted.includes(one)).length
        return those.length === 0
          ? []
          : [{ system: kind, ours: true, values: [those.length, right / those.length] }]
      }),
    })
  }
  return sections
})
