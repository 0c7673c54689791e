/** The doctor in the tour: breaks the trigger by hand, is told so, repairs it by the fix that is named, and is told that it is good. */
import { applySetup } from "@opencx/zendesk"
import { Effect } from "effect"
import { diagnose } from "../doctor/diagnose.ts"
import { noChoice, setupInput } from "../setup/account.ts"
import { expect, known } from "./observe.ts"
import { organizationOf, ourTrigger, within } from "./setupSteps.ts"
import type { Step } from "./Story.ts"

const told = Effect.fnUntraced(function* (id: string) {
  const { checks } = yield* diagnose(yield* organizationOf, null)
  return yield* known(
    checks.find((one) => one.id === id),
    `the check ${id}`,
  )
})

const doctor: Step = {
  name: "doctor names a placeholder that leaks internal notes, and the fix; after it all is well",
  run: ({ world }) =>
    within(
      world,
      Effect.gen(function* () {
        const id = "replies.internal_notes"
        const before = yield* told(id)
        yield* expect(before.status === "ok", `${id} is ok at first`)
        const input = yield* setupInput(yield* organizationOf, noChoice)
        const trigger = yield* ourTrigger(input)
        yield* trigger.post('{"ticket_id":"{{ticket.id}}","text":"{{ticket.latest_comment}}"}')
        const broken = yield* told(id)
        yield* expect(broken.status === "problem", "the wrong placeholder is found")
        yield* expect(broken.fix?.includes("opencx setup zendesk") === true, "the fix is named")
        yield* applySetup(input, { irreversible: false })
        const after = yield* told(id)
        yield* expect(after.status === "ok", `${id} is ok after the repair`)
      }),
    ),
}

export const doctorSteps: ReadonlyArray<Step> = [doctor]
