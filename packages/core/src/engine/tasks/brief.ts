/** What every handoff needs, whichever way it takes: the brief, and the tags. */
import { Effect } from "effect"
import type { Brief, HandoffReason } from "../../domain/Brief.ts"
import type { Entry } from "../../domain/Entry.ts"
import type { Session } from "../../domain/Session.ts"
import { tagsFor } from "../../Tagger.ts"
import type { Organization } from "../Organizations.ts"
import { subjectOf } from "../transcript.ts"
import { turnContext } from "./context.ts"

const fallback = (session: Session, entries: ReadonlyArray<Entry>, reason: HandoffReason): Brief => ({
  summary: `The customer wrote: ${subjectOf(session, entries)}`,
  sentiment: "neutral",
  language: session.language,
  reason,
})

/** The AI's brief; where it cannot write one, the customer's own first words. A handoff never fails for want of a brief. */
export const briefOf = (
  organization: Organization,
  session: Session,
  entries: ReadonlyArray<Entry>,
  reason: HandoffReason,
): Effect.Effect<Brief> =>
  organization.agent
    .brief(turnContext(organization, session, entries, session.customerSeq), reason)
    .pipe(
      Effect.catch((error) =>
        Effect.as(
          Effect.logWarning("The brief could not be written", error.message),
          fallback(session, entries, reason),
        ),
      ),
    )

/** `created`: a ticket was made for this handoff. */
export const handoffTags = (
  organization: Organization,
  session: Session,
  reason: HandoffReason,
  brief: Brief,
  created: boolean,
): ReadonlyArray<string> => {
  const plugin = organization.channels.get(session.accountId)?.bound.plugin
  return tagsFor(
    {
      channelTag: plugin?.capabilities.channelTag ?? session.channel,
      mode: "autopilot",
      handedOff: reason !== "every_conversation",
      createdOnHandoff: created && reason !== "every_conversation",
      brief,
      skipped: null,
    },
    organization.settings.tags,
  )
}
