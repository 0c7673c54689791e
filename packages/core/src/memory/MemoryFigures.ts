/** Figures from memory: every timeline is folded anew. */
import { Effect } from "effect"
import { figureOf, type Figure, unansweredIn } from "../domain/Figures.ts"
import { factsAfter, noFacts } from "../domain/SessionFacts.ts"
import type { Session } from "../domain/Session.ts"
import type { ConversationStore } from "../ports/ConversationStore.ts"
import type { ConversationState } from "./conversationState.ts"

const keyOf = ({ abstained, channel, day, escalation, outcome }: Figure): string =>
  [day, channel, outcome, escalation, abstained].join("|")

const sum = (a: Figure, b: Figure): Figure => ({
  ...a,
  sessions: a.sessions + b.sessions,
  answers: a.answers + b.answers,
  thumbsUp: a.thumbsUp + b.thumbsUp,
  thumbsDown: a.thumbsDown + b.thumbsDown,
  rated: a.rated + b.rated,
  csatSum: a.csatSum + b.csatSum,
  drafted: a.drafted + b.drafted,
  undrafted: a.undrafted + b.undrafted,
  draftsKept: a.draftsKept + b.draftsKept,
  draftsEdited: a.draftsEdited + b.draftsEdited,
  draftsUnused: a.draftsUnused + b.draftsUnused,
})

/** Reports over sessions in memory. */
export const figureReads = (
  state: ConversationState,
): Pick<ConversationStore["Service"], "figures" | "unanswered"> => {
  const entriesOf = (session: Session) => state.entries.get(session.id) ?? []
  const openedIn = (orgId: string, { from, to }: { readonly from: number; readonly to: number }) =>
    [...state.sessions.values()].filter(
      (session) => session.orgId === orgId && session.createdAt >= from && session.createdAt < to,
    )
  return {
    figures: (orgId, period) =>
      Effect.sync(() => {
        const found = new Map<string, Figure>()
        for (const session of openedIn(orgId, period)) {
          const figure = figureOf(session, factsAfter(noFacts, entriesOf(session)), period)
          const known = found.get(keyOf(figure))
          found.set(keyOf(figure), known === undefined ? figure : sum(known, figure))
        }
        return [...found.values()]
      }),
    unanswered: (orgId, period, limit) =>
      Effect.sync(() =>
        openedIn(orgId, period)
          .filter((session) => factsAfter(noFacts, entriesOf(session)).abstained)
          .sort((a, b) => b.createdAt - a.createdAt)
          .slice(0, limit)
          .flatMap((session) => unansweredIn(session, entriesOf(session))),
      ),
  }
}
