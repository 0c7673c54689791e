/** A report for people, as plain lines. */
import { printable } from "../logging/printable.ts"
import type { ConversationCounts, DraftCounts, Report, SourceFreshness } from "./Report.ts"

const percent = (share: number | null): string => (share === null ? "–" : `${Math.round(share * 100)} %`)

const words = (name: string): string => name.replaceAll("_", " ")

const listed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${words(name)} ${count}`)
    .join(", ")

const totals = (of: ConversationCounts): ReadonlyArray<string> => [
  `Conversations: ${of.sessions}, of which ${of.asked} with a question (${listed(of.outcomes) || "none"})`,
  `  resolved by the AI  ${percent(of.resolutionRate)} of those that are over`,
  `  given to humans     ${percent(of.escalationRate)} (${listed(of.escalations) || "none"})`,
  `  no answer known     ${percent(of.abstentionRate)} (${of.abstained})`,
  `  thumbs              ${of.thumbsUp} up, ${of.thumbsDown} down`,
  `  CSAT                ${of.csat.average === null ? "–" : of.csat.average.toFixed(1)} of 5 (${of.csat.ratings} ratings)`,
]

const row = (name: string, of: ConversationCounts): string =>
  [
    `  ${name.padEnd(12)}`,
    String(of.sessions).padStart(6),
    percent(of.resolutionRate).padStart(9),
    percent(of.escalationRate).padStart(10),
    percent(of.abstentionRate).padStart(10),
  ].join(" ")

const table = (title: string, rows: ReadonlyArray<string>): ReadonlyArray<string> =>
  rows.length === 0 ? [] : ["", `${title.padEnd(14)}   count  resolved  to humans no answer`, ...rows]

const drafts = (of: DraftCounts): ReadonlyArray<string> =>
  of.tickets === 0
    ? []
    : [
        "",
        `Drafts for agents: ${of.drafted} on ${of.tickets} tickets, ${of.withheld} times no answer was worth one`,
        `  of ${of.reviewed} looked at again: ${of.kept} kept, ${of.edited} edited, ${of.unused} unused`,
      ]

const age = (ms: number): string =>
  ms < 120 * 60_000
    ? `${Math.round(ms / 60_000)} min`
    : ms < 48 * 3_600_000
      ? `${Math.round(ms / 3_600_000)} h`
      : `${Math.round(ms / 86_400_000)} days`

const source = ({ ageMs, failures, isStale, sourceId }: SourceFreshness): string => {
  const when = ageMs === null ? "never synced" : `synced ${age(ageMs)} ago`
  return `  ${sourceId}: ${when}${failures > 0 ? `, ${failures} failed since` : ""}${isStale ? "  (look at it)" : ""}`
}

/** All of the report, one line each; the questions are customers' words. */
export const reportLines = (report: Report): ReadonlyArray<string> => linesOf(report).map(printable)

const linesOf = (report: Report): ReadonlyArray<string> => [
  `${report.organization}, ${report.from.slice(0, 16)} to ${report.to.slice(0, 16)} UTC`,
  "",
  ...totals(report.total),
  ...table(
    "By channel",
    report.byChannel.map((one) => row(one.channel, one)),
  ),
  ...table(
    "By day",
    report.byDay.map((one) => row(one.day, one)),
  ),
  ...drafts(report.drafts),
  "",
  "Sources",
  ...(report.sources.length === 0 ? ["  none"] : report.sources.map(source)),
  "",
  `Questions without an answer: ${report.unanswered.questions}${report.unanswered.isCut ? " (only the newest were looked at)" : ""}`,
  ...report.unanswered.groups.map(({ count, question }) => `  ${String(count).padStart(4)} × ${question}`),
]
