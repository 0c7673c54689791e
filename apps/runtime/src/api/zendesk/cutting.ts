/** Findings, plans and reports without the secrets that Zendesk may have repeated in them. */
import type { AccountFindings, Finding, SetupReport, StepView } from "@opencx/zendesk"
import type { Cut } from "../../setup/cutter.ts"
import type { ShownPlan } from "../../setup/shownPlan.ts"

const orNull = (cut: Cut, text: string | null): string | null => (text === null ? null : cut(text))

const findingWithout =
  (cut: Cut) =>
  (finding: Finding): Finding => ({
    ...finding,
    problem: orNull(cut, finding.problem),
    fix: orNull(cut, finding.fix),
  })

export const findingsWithout = (cut: Cut, { messaging, ticketing }: AccountFindings): AccountFindings => ({
  ticketing: ticketing.map(findingWithout(cut)),
  messaging: messaging.map(findingWithout(cut)),
})

const stepWithout =
  (cut: Cut) =>
  (step: StepView): StepView => ({ ...step, what: cut(step.what), why: step.why.map(cut) })

export const planWithout = (cut: Cut, { byHand, id, steps }: ShownPlan): ShownPlan => ({
  id,
  steps: steps.map(stepWithout(cut)),
  byHand: byHand.map(cut),
})

export const reportWithout = (cut: Cut, report: SetupReport): SetupReport => ({
  done: report.done.map(stepWithout(cut)),
  failed: report.failed.map(({ problem, step }) => ({ problem: cut(problem), step: stepWithout(cut)(step) })),
  left: report.left.map(stepWithout(cut)),
  byHand: report.byHand.map(cut),
})
