/** Adds figures up to what a report says. Pure. */
import { assistChannel, type Figure, FigureOutcome, HandoffReason } from "@opencx/core"
import { DateTime } from "effect"
import type { ConversationCounts, DraftCounts, Report } from "./Report.ts"

const isDesk = ({ channel }: Figure): boolean => channel === assistChannel

const total = (figures: ReadonlyArray<Figure>, of: (figure: Figure) => number): number =>
  figures.reduce((sum, figure) => sum + of(figure), 0)

const sessionsOf = (figures: ReadonlyArray<Figure>): number => total(figures, ({ sessions }) => sessions)

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)

const countBy = (
  keys: ReadonlyArray<string>,
  figures: ReadonlyArray<Figure>,
  keyOf: (figure: Figure) => string | null,
): Readonly<Record<string, number>> =>
  Object.fromEntries(keys.map((key) => [key, sessionsOf(figures.filter((figure) => keyOf(figure) === key))]))

/** What came of these conversations. */
export const conversationCounts = (figures: ReadonlyArray<Figure>): ConversationCounts => {
  const asked = figures.filter(({ outcome }) => outcome !== "nothing_asked")
  const over = asked.filter(({ outcome }) => outcome !== "open")
  const byAi = over.filter(({ outcome }) => outcome === "resolved_by_ai")
  const escalated = figures.filter(({ escalation }) => escalation !== null)
  const abstained = figures.filter((figure) => figure.abstained)
  const reasons = HandoffReason.literals.filter((reason) =>
    escalated.some((one) => one.escalation === reason),
  )
  const ratings = total(figures, ({ rated }) => rated)
  return {
    sessions: sessionsOf(figures),
    asked: sessionsOf(asked),
    outcomes: countBy(FigureOutcome.literals, figures, ({ outcome }) => outcome),
    resolutionRate: share(sessionsOf(byAi), sessionsOf(over)),
    escalated: sessionsOf(escalated),
    escalations: countBy(reasons, escalated, ({ escalation }) => escalation),
    escalationRate: share(sessionsOf(escalated), sessionsOf(asked)),
    abstained: sessionsOf(abstained),
    abstentionRate: share(sessionsOf(abstained), sessionsOf(asked)),
    answers: total(figures, ({ answers }) => answers),
    thumbsUp: total(figures, ({ thumbsUp }) => thumbsUp),
    thumbsDown: total(figures, ({ thumbsDown }) => thumbsDown),
    csat: {
      ratings,
      average: share(
        total(figures, ({ csatSum }) => csatSum),
        ratings,
      ),
    },
  }
}

const draftCounts = (figures: ReadonlyArray<Figure>): DraftCounts => {
  const kept = total(figures, ({ draftsKept }) => draftsKept)
  const edited = total(figures, ({ draftsEdited }) => draftsEdited)
  const unused = total(figures, ({ draftsUnused }) => draftsUnused)
  const reviewed = kept + edited + unused
  return {
    tickets: sessionsOf(figures),
    drafted: total(figures, ({ drafted }) => drafted),
    withheld: total(figures, ({ undrafted }) => undrafted),
    reviewed,
    kept,
    edited,
    unused,
    useRate: share(kept + edited, reviewed),
  }
}

/** Groups in the order of their keys. */
const grouped = <K extends string | number>(figures: ReadonlyArray<Figure>, keyOf: (figure: Figure) => K) =>
  [...new Set(figures.map(keyOf))]
    .sort((a, b) => (a < b ? -1 : 1))
    .map((key) => ({ key, figures: figures.filter((figure) => keyOf(figure) === key) }))

const dayText = (day: number): string => DateTime.formatIsoDateUtc(DateTime.makeUnsafe(day * 86_400_000))

/** Conversations in all, by channel and by day, and drafts by themselves: no customer was answered there. */
export const countsOf = (
  figures: ReadonlyArray<Figure>,
): Pick<Report, "total" | "byChannel" | "byDay" | "drafts"> => {
  const conversations = figures.filter((figure) => !isDesk(figure))
  return {
    total: conversationCounts(conversations),
    byChannel: grouped(conversations, ({ channel }) => channel).map((group) => ({
      channel: group.key,
      ...conversationCounts(group.figures),
    })),
    byDay: grouped(conversations, ({ day }) => day).map((group) => ({
      day: dayText(group.key),
      ...conversationCounts(group.figures),
    })),
    drafts: draftCounts(figures.filter(isDesk)),
  }
}
