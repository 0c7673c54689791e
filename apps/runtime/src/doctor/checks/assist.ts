/** Why Assist Mode posts no suggestions: on no ticket at all, or on the one that was asked about. */
import { isAssistOn, tagNamed, type TicketThread } from "@opencx/core"
import type { OrganizationConfig } from "../../config/RuntimeConfig.ts"
import { type Check, judged, notice, ok, type Verdict } from "../Check.ts"
import { type Hook, hookChecks } from "./hooks.ts"

const silent = "Assist Mode doesn't post suggestions"

const hook: Hook = { prefix: "assist", symptom: silent, facts: ({ assist }) => assist }

const mode: Check = {
  id: "assist.mode",
  look: ({ organization: { assist } }) =>
    isAssistOn(assist)
      ? ok(`the mode is ${assist.mode}`)
      : notice({
          problem: `${silent}: Assist Mode is off.`,
          fix: 'Set `assist.mode` to "every_comment" or "on_mention", then run opencx setup zendesk.',
        }),
}

const byTag = (
  organization: OrganizationConfig,
  { ticket }: TicketThread,
  names: ReadonlyArray<string>,
): string | undefined =>
  names.map((name) => tagNamed(organization.tags, name)).find((tag) => ticket.tags.includes(tag))

interface Told {
  readonly problem: string
  readonly fix: string
}

/** A check of the ticket that was asked about; `sign` gives evidence. */
const onTicket = (
  id: string,
  told: Told,
  sign: (thread: TicketThread, organization: OrganizationConfig) => string | null | undefined,
): Check => ({
  id,
  look: ({ focus, organization }): Verdict | null => {
    if (focus === null || focus.ticketId === null || !isAssistOn(organization.assist)) return null
    return judged(focus.thread, (thread) => {
      const evidence = sign(thread, organization)
      return evidence == null ? ok() : notice({ ...told, evidence: [evidence] })
    })
  },
})

const suggests = new Set(["new", "open", "pending"])

export const assistChecks: ReadonlyArray<Check> = [
  mode,
  ...hookChecks(hook).map((check): Check => ({
    id: check.id,
    look: (chart) => (isAssistOn(chart.organization.assist) ? check.look(chart) : null),
  })),
  onTicket(
    "assist.own_ticket",
    {
      problem: `${silent}: the ticket was created by OpenCX, and its conversation is the AI's own.`,
      fix: "Nothing: suggestions are for tickets that came to agents by another way.",
    },
    (thread, organization) => {
      const tag = byTag(organization, thread, ["handedoff", "autopilot"])
      return tag === undefined ? null : `it carries the tag ${tag}`
    },
  ),
  onTicket(
    "assist.topic",
    {
      problem: `${silent}: the ticket's topic is on the list of topics without suggestions.`,
      fix: "Take the tag off the ticket, or the topic out of `assist.quietTopics`.",
    },
    (thread, organization) => {
      const tag = byTag(organization, thread, ["skipped_topic_no_assist"])
      return tag === undefined ? null : `it carries the tag ${tag}`
    },
  ),
  onTicket(
    "assist.not_helpful",
    {
      problem: `${silent}: the AI judged its own answer incomplete and stayed quiet.`,
      fix: "Add an article that answers the question; the session's trace shows what was found.",
    },
    (thread, organization) => {
      const tag = byTag(organization, thread, ["skipped_not_helpful_answer"])
      return tag === undefined ? null : `it carries the tag ${tag}`
    },
  ),
  onTicket(
    "assist.status",
    {
      problem: `${silent}: suggestions are posted on new, open and pending tickets only.`,
      fix: "Reopen the ticket if a suggestion is wanted.",
    },
    ({ ticket }) => (suggests.has(ticket.status) ? null : `it is ${ticket.status}`),
  ),
  onTicket(
    "assist.question",
    {
      problem: `${silent}: an agent has answered everything that the customer wrote in public.`,
      fix: "Mention the AI in an internal note to ask for a suggestion all the same.",
    },
    ({ comments }) => {
      const last = comments.findLast((one) => one.public)
      return last !== undefined && last.by !== "customer" ? "the newest public comment is an agent's" : null
    },
  ),
]
