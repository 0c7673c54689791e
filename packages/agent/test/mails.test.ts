import { assert, describe, layer } from "@effect/vitest"
import { Effect } from "effect"
import { heldOutCoveredMails, heldOutUncoveredMails } from "./fixtures/heldOutMails.ts"
import { coveredMails, type CoveredMail, type Mail, uncoveredMails } from "./fixtures/mails.ts"
import { moreCoveredMails, moreUncoveredMails } from "./fixtures/moreMails.ts"
import { report, sampleWorld, say } from "./fixtures/world.ts"

const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`

/** Prints the misses of the mails tuned with; of the others only the figure, so that nobody tunes with them. */
const tuned = true
const heldOut = process.env["SHOW_HELD_OUT"] !== undefined

const rightShare = Effect.fnUntraced(function* (
  name: string,
  mails: ReadonlyArray<CoveredMail>,
  verbose: boolean,
) {
  let right = 0
  let telling = 0
  for (const { subject, text, articles, says } of mails) {
    const turn = yield* say(text, { subject })
    const source = turn._tag === "Answer" ? turn.sources[0]?.articleId : undefined
    const fromRight = source !== undefined && articles.map(String).includes(source)
    if (fromRight) right += 1
    if (fromRight && turn._tag === "Answer" && turn.text.includes(says)) telling += 1
    else if (verbose)
      yield* report(`  ${turn._tag} ${fromRight ? "right article, other passage" : (source ?? "")}: ${text}`)
  }
  yield* report(
    `${name}: of ${mails.length} answered from the right article ${right} (${percent(right, mails.length)}), with the telling passage ${telling} (${percent(telling, mails.length)})`,
  )
  return { right: right / mails.length, telling: telling / mails.length }
})

const answeredShare = Effect.fnUntraced(function* (
  name: string,
  mails: ReadonlyArray<Mail>,
  verbose: boolean,
) {
  let answered = 0
  for (const { subject, text } of mails) {
    const turn = yield* say(text, { subject })
    if (turn._tag !== "Answer") continue
    answered += 1
    if (verbose) yield* report(`  answered from ${turn.sources[0]?.title ?? "nothing"}: ${text}`)
  }
  yield* report(`${name}: ${answered} of ${mails.length} answered (${percent(answered, mails.length)})`)
  return answered / mails.length
})

layer(sampleWorld)("golden mails", (it) => {
  describe("tuned with", () => {
    it.effect("answers covered mails from the right article with a passage that tells", () =>
      Effect.gen(function* () {
        const mails = [...coveredMails, ...moreCoveredMails]
        const { right, telling } = yield* rightShare("covered mails", mails, tuned)
        assert.isAtLeast(right, 0.94)
        assert.isAtLeast(telling, 0.93)
      }),
    )
    it.effect("answers hardly any uncovered mail", () =>
      Effect.gen(function* () {
        const mails = [...uncoveredMails, ...moreUncoveredMails]
        assert.isAtMost(yield* answeredShare("uncovered mails", mails, tuned), 0.05)
      }),
    )
  })
  describe("never tuned with", () => {
    it.effect("answers covered mails from the right article with a passage that tells", () =>
      Effect.gen(function* () {
        const name = "covered mails, held out"
        const { right, telling } = yield* rightShare(name, heldOutCoveredMails, heldOut)
        assert.isAtLeast(right, 0.85)
        assert.isAtLeast(telling, 0.8)
      }),
    )
    it.effect("answers hardly any uncovered mail", () =>
      Effect.gen(function* () {
        const name = "uncovered mails, held out"
        // Of 30, one more or less is 3 %.
        assert.isAtMost(yield* answeredShare(name, heldOutUncoveredMails, heldOut), 0.07)
      }),
    )
  })
})
