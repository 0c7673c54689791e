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
    ...checks.toSorted((a, b) => rank(a) - rank(b)).flatMap(resultLines),
  ].map(printable)
