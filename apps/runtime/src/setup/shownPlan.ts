/** A plan as it is shown, with a name that changes when what would be done changes: only what was seen is carried out. */
import { type Plan, type StepView, viewOf } from "@opencx/zendesk"
import { Schema } from "effect"
import { createHash } from "node:crypto"

export interface ShownPlan {
  /** Names these very steps, for these very settings. */
  readonly id: string
  readonly steps: ReadonlyArray<StepView>
  readonly byHand: ReadonlyArray<string>
}

const textOf = Schema.encodeUnknownSync(Schema.fromJsonString(Schema.Unknown))

/** `about`: whatever else decides what the steps do. */
export const shownPlan = (plan: Plan, about: ReadonlyArray<unknown>): ShownPlan => {
  const steps = plan.steps.map(viewOf)
  const id = createHash("sha256")
    .update(textOf([about, steps]))
    .digest("base64url")
  return { id, steps, byHand: plan.byHand }
}
