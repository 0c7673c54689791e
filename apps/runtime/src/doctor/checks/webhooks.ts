/** Agents' replies on their way from Zendesk to us: webhook, trigger, and what else calls or mails. */
import { minimumToleranceMs } from "@opencx/zendesk"
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

/** Zendesk signs each call with the time; from this distance on the receiver takes it for an old one played again. */
const refusedFromMs = minimumToleranceMs
const noticedFromMs = 60_000

const apart = (ahead: number): string =>
  `this machine's clock is ${Math.round(Math.abs(ahead) / 1000)} seconds ${ahead > 0 ? "ahead of" : "behind"} Zendesk's`

const clock: Check = {
  id: "replies.clock",
  look: ({ clockAhead }) =>
    judged(clockAhead, (ahead) => {
      if (ahead === null || Math.abs(ahead) < noticedFromMs) return ok()
      const isRefused = Math.abs(ahead) >= refusedFromMs
      return (isRefused ? problem : notice)({
        problem: isRefused
          ? `${replies.symptom}: the clock of this machine is wrong, so that every webhook is refused as too old.`
          : "The clock of this machine is not quite right. From ten minutes on every webhook is refused as too old.",
        fix: "Set the machine's clock, and let it be kept by NTP (timedatectl set-ntp true); then run opencx doctor again.",
        evidence: [apart(ahead)],
      })
    }),
}

/** Whether such a trigger fires for our tickets is not known: its conditions may not hold. */
const tagTaken: Check = {
  id: "replies.tag_taken",
  look: ({ organization, support }) =>
    judged(support, ({ tagTakers }) =>
      tagTakers.length === 0
        ? ok()
        : notice({
            problem: `A trigger may take the tag ${organization.tags.prefix} off our tickets, and without the tag replies do not reach the contact.`,
            fix: `If it fires for our tickets: Admin Center > Objects and rules > Triggers, and use Add tags in place of Set tags, or add the condition “Tags contain none of ${organization.tags.prefix}”. The check replies.tag names tickets that have lost the tag.`,
            evidence: tagTakers.map(
              ({ how, isBefore, title }) =>
                `"${title}" ${how === "sets" ? "sets tags, which removes all others" : "removes the tag"}${isBefore ? ", and stands before ours" : ""}`,
            ),
          }),
    ),
}

export const webhookChecks: ReadonlyArray<Check> = [
  ...hookChecks(replies),
  heard,
  clock,
  tagTaken,
  secondTrigger,
  secondMail,
]
