/** `fields`: is the right option of a drop-down chosen, and none where nothing fits? Options are named after intents. */
import { type FieldRequest, SupportAgent } from "@opencx/core"
import { Effect, Schema } from "effect"
import { plainWords, stemmedWords } from "../baselines/words.ts"
import { halfOf, readLines, setsIn } from "../data/files.ts"
import { turnOf, worldOf } from "../data/world.ts"
import type { Eval, Row, Section } from "../report/Report.ts"
import { accuracyOf, majorityOf, precisionOf, silenceOf, type Sorted } from "./classes.ts"

const Sample = Schema.Struct({ text: Schema.String, intent: Schema.String })
type Sample = typeof Sample.Type

/** What the sets call a question that none of the intents is about. */
const outOfScope = "oos"
const columns = ["accuracy", "right when it fills", "left blank", "blank out of scope"]

const labelOf = (intent: string): string => intent.replaceAll(/[_-]+/g, " ")

const dropdown = (intents: ReadonlyArray<string>): FieldRequest => ({
  field: {
    id: "1",
    kind: "dropdown",
    title: "Reason for contact",
    description: "",
    active: true,
    required: false,
    options: intents.map((intent) => ({ value: intent, label: labelOf(intent) })),
    pattern: null,
  },
  instruction: null,
})

const fill = Effect.fnUntraced(function* (request: FieldRequest, text: string) {
  const { fill: fieldsOf } = yield* SupportAgent
  const [filled] = yield* fieldsOf([request], turnOf([{ role: "customer", text }]))
  return typeof filled?.value === "string" ? filled.value : null
})

/** Most words in common with the label, shorter labels first; the first in the list when there are none. */
const wordsInCommon = (intents: ReadonlyArray<string>) => {
  const stems = stemmedWords("en")
  const labels = intents.map((intent) => ({ intent, words: new Set(stems(labelOf(intent))) }))
  return (text: string): string | null => {
    const said = new Set(stems(text))
    const ranked = labels
      .map(({ intent, words }) => ({
        intent,
        common: [...words].filter((word) => said.has(word)).length,
        of: words.size,
      }))
      .toSorted((a, b) => b.common - a.common || a.of - b.of)
    const [best] = ranked
    return best === undefined || best.common === 0 ? null : best.intent
  }
}

const row = (system: string, ours: boolean, sorted: ReadonlyArray<Sorted>): Row => {
  const inScope = sorted.filter((one) => one.is !== outOfScope)
  return {
    system,
    ours,
    values: [
      accuracyOf(inScope),
      precisionOf(inScope),
      silenceOf(inScope),
      silenceOf(sorted.filter((one) => one.is === outOfScope)),
    ],
  }
}

const sectionOf = Effect.fnUntraced(function* (set: string, samples: ReadonlyArray<Sample>) {
  const intents = [...new Set(samples.map((one) => one.intent))]
    .filter((one) => one !== outOfScope)
    .toSorted()
  const request = dropdown(intents)
  const filled = yield* Effect.forEach(samples, ({ text }) => fill(request, text)).pipe(
    Effect.provide(worldOf([])),
  )
  const common = wordsInCommon(intents)
  const usual = majorityOf(samples.map((one) => one.intent))
  const section: Section = {
    set: `${set}, ${intents.length} options`,
    count: samples.length,
    columns,
    rows: [
      row(
        "OpenCX",
        true,
        samples.map((one, at) => ({ is: one.intent, said: filled[at] ?? null })),
      ),
      row(
        "most words in common",
        false,
        samples.map((one) => ({ is: one.intent, said: common(one.text) })),
      ),
      row(
        "majority class",
        false,
        samples.map((one) => ({ is: one.intent, said: usual })),
      ),
    ],
  }
  return section
})

/** So many of a set are asked: drop-downs of 150 options take a while. */
const mostAsked = 1500

const sampled = (samples: ReadonlyArray<Sample>, half: "a" | "b" | null): ReadonlyArray<Sample> => {
  const kept = samples.filter(
    (one) => plainWords(one.text).length > 0 && (half === null || halfOf(one.text) === half),
  )
  const step = Math.max(1, kept.length / mostAsked)
  return kept.filter((_, at) => Math.floor(at / step) !== Math.floor((at - 1) / step))
}

export const fields: Eval = Effect.fn("eval.fields")(function* ({ data, half }) {
  const sections: Array<Section> = []
  for (const { files, folder, name } of yield* setsIn(data, /^intents/)) {
    for (const file of files.filter((one) => one.endsWith(".jsonl"))) {
      sections.push(
        yield* sectionOf(`${name}/${file}`, sampled(yield* readLines(Sample, folder, file), half)),
      )
    }
  }
  return { sections, skipped: sections.length === 0 ? [`no folder intents* in ${data}`] : [] }
})
