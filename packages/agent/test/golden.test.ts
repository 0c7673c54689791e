import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import { moreAnswerable, moreForeign } from "./fixtures/moreQuestions.ts"
import { otherAnswerable, otherForeign } from "./fixtures/otherQuestions.ts"
import { answerable, type Asked, foreign } from "./fixtures/questions.ts"
import { report, sampleWorld, say } from "./fixtures/world.ts"

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`

const rightShare = Effect.fnUntraced(function* (name: string, questions: ReadonlyArray<Asked>) {
  let right = 0
  for (const { text, articles } of questions) {
    const turn = yield* say(text)
    const source = turn._tag === "Answer" ? turn.sources[0]?.articleId : undefined
    if (source !== undefined && articles.map(String).includes(source)) right += 1
    else
      yield* report(`  ${turn._tag} ${source ?? ""} ${turn._tag === "Escalate" ? turn.reason : ""}: ${text}`)
  }
  yield* report(
    `${name}: ${right} of ${questions.length} answered right (${percent(right, questions.length)})`,
  )
  return right / questions.length
})

const answeredShare = Effect.fnUntraced(function* (name: string, questions: ReadonlyArray<string>) {
  let answered = 0
  for (const text of questions) {
    const turn = yield* say(text)
    if (turn._tag !== "Answer") continue
    answered += 1
    yield* report(`  answered from ${turn.sources[0]?.title ?? "nothing"}: ${text}`)
  }
  yield* report(
    `${name}: ${answered} of ${questions.length} answered (${percent(answered, questions.length)})`,
  )
  return answered / questions.length
})

/** All three sets were tuned with; what was not is in `mails.test.ts`. */
layer(sampleWorld)("golden questions", (it) => {
  it.effect("answers at least 94 % of covered questions from the right article", () =>
    Effect.gen(function* () {
      const asked = [...answerable, ...moreAnswerable, ...otherAnswerable]
      assert.isAtLeast(yield* rightShare("covered", asked), 0.94)
    }),
  )
  it.effect("answers at most 3 % of foreign questions", () =>
    Effect.gen(function* () {
      assert.isAtMost(yield* answeredShare("foreign", [...foreign, ...moreForeign, ...otherForeign]), 0.03)
    }),
  )
})
