/** `language`: which language is a text in? */
import { detectLanguage } from "@opencx/agent"
import { Effect, Schema } from "effect"
import { detect } from "tinyld"
import { halfOf, readLines, setsIn } from "../data/files.ts"
import type { Eval, Row, Section } from "../report/Report.ts"
import { accuracyOf, majorityOf, precisionOf, silenceOf, type Sorted } from "./classes.ts"

const Sample = Schema.Struct({
  lang: Schema.String,
  kind: Schema.optionalKey(Schema.String),
  text: Schema.String,
})
type Sample = typeof Sample.Type

/** One name for Norwegian, whoever says it. */
const named = (code: string | null): string | null =>
  code === null || code === "" ? null : code === "no" || code === "nn" ? "nb" : code

const columns = ["accuracy", "right when it says", "says nothing"]

const row = (
  system: string,
  ours: boolean,
  samples: ReadonlyArray<Sample>,
  say: (sample: Sample) => string | null,
): Row => {
  const sorted: ReadonlyArray<Sorted> = samples.map((one) => ({ is: one.lang, said: named(say(one)) }))
  return { system, ours, values: [accuracyOf(sorted), precisionOf(sorted), silenceOf(sorted)] }
}

/** A conversation in one language with a stray line of another kind: what was known must stay. */
const noises = [
  "ok",
  "thx",
  "12345",
  "https://example.com/x?id=1",
  "A-1234567",
  "👍",
  "PDF",
  "iPhone 15 Pro Max",
]

const sticky = (samples: ReadonlyArray<Sample>): Section => {
  const languages = [...new Set(samples.map((one) => one.lang))]
  const noisy = languages.flatMap((lang) => noises.map((text) => ({ lang, text })))
  return {
    set: "a short or empty line after the language is known",
    count: noisy.length,
    columns,
    rows: [
      row("OpenCX, told what is known", true, noisy, (one) => detectLanguage(one.text, one.lang)),
      row("tinyld, line by line", false, noisy, (one) => detect(one.text)),
    ],
  }
}

const sectionOf = (set: string, samples: ReadonlyArray<Sample>): Section => {
  const only = [...new Set(samples.map((one) => (one.lang === "nb" ? "no" : one.lang)))]
  const usual = majorityOf(samples.map((one) => one.lang))
  return {
    set,
    count: samples.length,
    columns,
    rows: [
      row("OpenCX", true, samples, (one) => detectLanguage(one.text, null)),
      row("OpenCX, told the language before", true, samples, (one) => detectLanguage(one.text, one.lang)),
      row("tinyld as it comes", false, samples, (one) => detect(one.text)),
      row("tinyld, these languages only", false, samples, (one) => detect(one.text, { only })),
      row("majority class", false, samples, () => usual),
    ],
  }
}

export const language: Eval = Effect.fn("eval.language")(function* ({ data, half }) {
  const sections: Array<Section> = []
  for (const { files, folder, name } of yield* setsIn(data, /^langid/)) {
    for (const file of files.filter((one) => one.endsWith(".jsonl"))) {
      const all = (yield* readLines(Sample, folder, file)).filter(
        (one) => half === null || halfOf(one.text) === half,
      )
      const kinds = [...new Set(all.map((one) => one.kind ?? "texts"))]
      for (const kind of kinds) {
        sections.push(
          sectionOf(
            `${name}/${file}, ${kind}`,
            all.filter((one) => (one.kind ?? "texts") === kind),
          ),
        )
      }
      sections.push(sticky(all))
    }
  }
  return { sections, skipped: sections.length === 0 ? [`no folder langid-* in ${data}`] : [] }
})
