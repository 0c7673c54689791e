/** `sentiment`: in what mood is a text? */
import { sentimentOf } from "@opencx/agent"
import { Effect, Schema } from "effect"
import { naiveBayes } from "../baselines/naiveBayes.ts"
import { halfOf, readLines, setsIn } from "../data/files.ts"
import type { Eval, Row, Section } from "../report/Report.ts"
import { accuracyOf, macroF1Of, majorityOf, recallOf, type Sorted } from "./classes.ts"

const Sample = Schema.Struct({
  text: Schema.String,
  label: Schema.Literals(["negative", "neutral", "positive"]),
  lang: Schema.optionalKey(Schema.String),
})
type Sample = typeof Sample.Type

const columns = ["accuracy", "macro F1", "negative found", "neutral found", "positive found"]

const row = (system: string, ours: boolean, sorted: ReadonlyArray<Sorted>): Row => ({
  system,
  ours,
  values: [
    accuracyOf(sorted),
    macroF1Of(sorted),
    ...["negative", "neutral", "positive"].map((name) => recallOf(sorted, name)),
  ],
})

const byUs = ({ lang, text }: Sample): string => {
  const mood = sentimentOf([text], lang ?? "en")
  return mood === "happy" ? "positive" : mood
}

/** Each half is sorted by what the other half taught. */
const learned = (samples: ReadonlyArray<Sample>): ReadonlyArray<Sorted> => {
  const halves = {
    a: samples.filter((one) => halfOf(one.text) === "a"),
    b: samples.filter((one) => halfOf(one.text) === "b"),
  }
  const taught = { a: naiveBayes(halves.b), b: naiveBayes(halves.a) }
  return samples.map((one) => ({ is: one.label, said: taught[halfOf(one.text)](one.text) }))
}

const sectionOf = (set: string, all: ReadonlyArray<Sample>, half: "a" | "b" | null): Section => {
  const samples = all.filter((one) => half === null || halfOf(one.text) === half)
  const usual = majorityOf(samples.map((one) => one.label))
  const taught = learned(all).filter((_, at) => half === null || halfOf(all[at]?.text ?? "") === half)
  return {
    set,
    count: samples.length,
    columns,
    rows: [
      row(
        "OpenCX",
        true,
        samples.map((one) => ({ is: one.label, said: byUs(one) })),
      ),
      row(
        "majority class",
        false,
        samples.map((one) => ({ is: one.label, said: usual })),
      ),
      row("naive Bayes, taught by the other half of the set", false, taught),
    ],
  }
}

export const sentiment: Eval = Effect.fn("eval.sentiment")(function* ({ data, half }) {
  const sections: Array<Section> = []
  for (const { files, folder, name } of yield* setsIn(data, /^sentiment/)) {
    for (const file of files.filter((one) => one.endsWith(".jsonl"))) {
      const samples = yield* readLines(Sample, folder, file)
      const languages = [...new Set(samples.map((one) => one.lang ?? ""))]
      for (const lang of languages) {
        const those = samples.filter((one) => (one.lang ?? "") === lang)
        sections.push(sectionOf(`${name}/${file}${lang === "" ? "" : ` ${lang}`}`, those, half))
      }
    }
  }
  return { sections, skipped: sections.length === 0 ? [`no folder sentiment* in ${data}`] : [] }
})
