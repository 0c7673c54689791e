/** A diagnosis as people read it: problems first, each with why and fix. */
import type { CheckResult, ConversationReport, Diagnosis } from "./Diagnosis.ts"

const rank = ({ needed, status }: CheckResult): number => {
  if (status === "problem") return needed ? 0 : 1
  return status === "unknown" ? 2 : 3
}

const labels = ["PROBLEM", "note   ", "unknown", "ok     "] as const

const resultLines = (result: CheckResult): ReadonlyArray<string> => {
  const said = result.problem === null ? "" : `: ${result.problem}`
  return [
    `${labels[rank(result)] ?? ""}  ${result.id}${said}`,
    ...(result.status === "problem" && result.evidence.length > 0
      ? [`         why: ${result.evidence.join("; ")}`]
      : []),
    ...(result.fix === null ? [] : [`         fix: ${result.fix}`]),
  ]
}

/** What is unknown for the same reason is told together. */
const unknownLines = (checks: ReadonlyArray<CheckResult>): ReadonlyArray<string> => {
  const byReason = new Map<string, Array<string>>()
  for (const { id, problem } of checks) {
    const ids = byReason.get(problem ?? "")
    if (ids === undefined) byReason.set(problem ?? "", [id])
    else ids.push(id)
  }
  return [...byReason].map(([why, ids]) => `unknown  ${ids.join(", ")}: ${why}`)
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`

/** How many of each kind, at the end, where people look. */
const summary = (checks: ReadonlyArray<CheckResult>): string => {
  const of = (kind: number) => checks.filter((one) => rank(one) === kind).length
  return `${counted(of(0), "problem")}, ${counted(of(1), "note")}, ${of(2)} unknown, ${of(3)} ok.`
}

const conversationLines = (one: ConversationReport): ReadonlyArray<string> => [
  `Session ${one.sessionId ?? "none"}, ticket ${one.ticketId ?? "none"}: ${[
    one.channel === null ? null : `on ${one.channel}`,
    one.state === null ? null : `with ${one.state}`,
    one.ticketStatus === null ? null : `ticket ${one.ticketStatus}`,
    one.control === null ? null : `chat held by ${one.control}`,
  ]
    .filter((part) => part !== null)
    .join(", ")}`,
  ...one.timeline.map(({ at, what }) => `  ${at}  ${what}`),
  ...one.deadLetters.map(({ id, task, why }) => `  dead letter ${id} (${task}): ${why}`),
  `  next: ${one.next}`,
]

/** Text for a terminal: what others wrote has lost its control characters. */
const printable = (line: string): string =>
  line.replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, " ")

export const diagnosisLines = ({ checks, conversation, organization }: Diagnosis): ReadonlyArray<string> =>
  [
    `${organization}:`,
    ...(conversation === null ? [] : conversationLines(conversation)),
    ...[0, 1].flatMap((kind) => checks.filter((one) => rank(one) === kind).flatMap(resultLines)),
    ...unknownLines(checks.filter((one) => rank(one) === 2)),
    ...checks.filter((one) => rank(one) === 3).flatMap(resultLines),
    summary(checks),
  ].map(printable)
