/** What people read about plans, reports and findings: lines of text, made from the data that programs get. */
import type { AccountFindings, FailedStep, Finding, SetupReport, StepView } from "@opencx/zendesk"

const findingLines = ({ fix, id, needed, ok, problem }: Finding): ReadonlyArray<string> =>
  ok
    ? [`  ok    ${id}`]
    : [`  ${needed ? "FAIL" : "note"}  ${id}: ${problem ?? ""}`, ...(fix === null ? [] : [`        ${fix}`])]

const sideLines = (name: string, findings: ReadonlyArray<Finding>): ReadonlyArray<string> =>
  findings.length === 0 ? [] : [`${name}:`, ...findings.flatMap(findingLines)]

export const verifyLines = (organization: string, found: AccountFindings): ReadonlyArray<string> => [
  ...sideLines(`${organization} Ticketing`, found.ticketing),
  ...sideLines(`${organization} Messaging`, found.messaging),
]

const verbs: Readonly<Record<StepView["action"], string>> = {
  create: "create",
  repair: "repair",
  remove: "delete",
  keep: "store",
}

/** Some steps are about a thing that stays. */
const verbOf = ({ action, id }: StepView): string => {
  if (id === "multi_conversations") return "turn on"
  if (id === "default_responder") return action === "remove" ? "give back" : "let the AI answer first on"
  return id === "requester_mail" && action === "remove" ? "take out" : verbs[action]
}

const stepLine = (step: StepView): string => {
  const { irreversible, what, why } = step
  return `${verbOf(step)} ${what} (${why.join("; ")})${irreversible ? ": cannot be undone" : ""}`
}

const handLines = (byHand: ReadonlyArray<string>): ReadonlyArray<string> =>
  byHand.length === 0 ? [] : ["By hand, in Zendesk:", ...byHand.map((one) => `  - ${one}`)]

export const planLines = (plan: {
  readonly steps: ReadonlyArray<StepView>
  readonly byHand: ReadonlyArray<string>
}): ReadonlyArray<string> => [
  ...(plan.steps.length === 0 ? ["Nothing to do."] : plan.steps.map((step) => `  - ${stepLine(step)}`)),
  ...handLines(plan.byHand),
]

const failedLines = ({ problem, step }: FailedStep): ReadonlyArray<string> => [
  `  FAIL  ${stepLine(step)}`,
  `        ${problem}`,
]

export const reportLines = ({ byHand, done, failed, left }: SetupReport): ReadonlyArray<string> => [
  ...(done.length + failed.length + left.length === 0 ? ["Nothing to do."] : []),
  ...done.map((step) => `  done  ${stepLine(step)}`),
  ...failed.flatMap(failedLines),
  ...left.map((step) => `  left  ${stepLine(step)}; run again with --multi-conversations to do it`),
  ...handLines(byHand),
]
