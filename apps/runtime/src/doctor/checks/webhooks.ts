/** Agents' replies on their way from Zendesk to us: webhook, trigger, and what else calls or mails. */
import { type Check, judged, notice, ok, problem } from "../Check.ts"
import { type Hook, hookChecks } from "./hooks.ts"

const replies: Hook = {
  prefix: "replies",
  symptom: "Agent public replies don't reach the contact",
  facts: ({ ticketing }) => ticketing,
}

/** A second signal is taken once; a body that shows notes is one that others may read. */
const secondTrigger: Check = {
  id: "duplicates.second_trigger",
  look: ({ support }) =>
    judged(support, ({ ticketing: { strangers } }) =>
      strangers.length === 0
        ? ok()
        : notice({
            problem:
              "Another trigger posts to our webhook too. Replies are sent once all the same; it is not needed.",
            fix: "Deactivate or delete it: Admin Center > Objects and rules > Triggers.",
            evidence: strangers.map(
              ({ leaksNotes, title }) =>
                `"${title}"${leaksNotes ? ", whose body uses {{ticket.latest_comment}}, which includes internal notes" : ""}`,
            ),
          }),
    ),
}

const secondMail: Check = {
  id: "duplicates.second_mail",
  look: ({ support }) =>
    judged(support, ({ mailing }) =>
      mailing.length === 0
        ? ok()
        : problem({
            problem:
              "Customers get replies twice: a notification trigger of Zendesk mails the requesters of our tickets too.",
            fix: "Run opencx setup zendesk: it makes Zendesk's own triggers leave our tickets out. In a trigger of your own add the condition “Tags contain none of” with our tags.",
            evidence: mailing.map((title) => `the trigger "${title}"`),
          }),
    ),
}

export const webhookChecks: ReadonlyArray<Check> = [...hookChecks(replies), secondTrigger, secondMail]
