/** Agents' replies on their way from Zendesk to us: webhook, trigger, and what else calls or mails. */
import { DateTime } from "effect"
import type { Chart } from "../Chart.ts"
import { type Check, judged, notice, ok, problem } from "../Check.ts"
import { type Hook, hookChecks, setup } from "./hooks.ts"

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

/** Another person's trigger may never fire for our tickets; Zendesk's own ones do. */
const secondMail: Check = {
  id: "duplicates.second_mail",
  look: ({ support }) =>
    judged(support, ({ mailing }) => {
      if (mailing.length === 0) return ok()
      const isSure = mailing.some(({ isDefault }) => isDefault)
      return (isSure ? problem : notice)({
        problem: isSure
          ? "Customers get replies twice: a notification trigger of Zendesk mails the requesters of our tickets too."
          : "Customers may get replies twice: a trigger of your own mails requesters, and does not leave our tickets out.",
        fix: isSure
          ? "Run opencx setup zendesk: it makes Zendesk's own triggers leave our tickets out."
          : "If it fires for our tickets, add the condition “Tags contain none of” with our tags to it; opencx setup zendesk --dry-run names them.",
        evidence: mailing.map(({ title }) => `the trigger "${title}"`),
      })
    }),
}

/** A webhook that Zendesk tries again comes within minutes; polling finds a reply within one. */
const mayComeLaterMs = 10 * 60_000

const iso = (ms: number): string => DateTime.formatIso(DateTime.makeUnsafe(ms))

/** The newest reply on a ticket that came to us, by webhook or by polling. */
const newestReply = ({ sessions }: Chart): number | null =>
  sessions
    .flatMap(({ timeline }) => timeline)
    .reduce<number | null>(
      (newest, { at, body }) =>
        body._tag === "HumanReply" && body.chatMessageId === null ? Math.max(newest ?? 0, at) : newest,
      null,
    )

/** What our own side knows: whoever replies, the webhook should have told of it. */
const heard: Check = {
  id: "replies.webhook_heard",
  look: (chart) => {
    if (chart.organization.zendesk === undefined) return null
    const { hooks, since } = chart.heard
    const at = hooks.get("zendesk_ticketing")
    const reply = newestReply(chart)
    const last =
      at === undefined
        ? `no genuine webhook of tickets has come since ${iso(since)}`
        : `the last genuine webhook of tickets came at ${iso(at)}`
    if (reply === null || reply < (at ?? since) + mayComeLaterMs) return ok(last)
    return notice({
      problem:
        "Agents' replies come late: they are found by polling, because the webhook does not tell of them.",
      fix: `${setup} The checks beside this one say what is wrong with webhook and trigger.`,
      evidence: [last, `an agent's reply came to us at ${iso(reply)}`],
    })
  },
}

export const webhookChecks: ReadonlyArray<Check> = [...hookChecks(replies), heard, secondTrigger, secondMail]
