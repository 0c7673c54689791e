/** Live chats: the app's settings, and who has a conversation that should be back with the AI. */
import type { Entry } from "@opencx/core"
import { type Check, notice, ok, problem } from "../Check.ts"
import type { Chart, SessionChart } from "../Chart.ts"
import { valueOf } from "../Reading.ts"
import { finding, findingWith } from "./connection.ts"
import { newest, sessionCheck } from "./sessions.ts"

/** Mail hands over by ticket on purpose; all other channels are live. */
const isLive = (channel: string): boolean => channel !== "email" && channel !== "helpdesk-assist"

const releaseControl =
  "Admin Center > Channels > Messaging and social > Messaging > Conversation control: choose Release control."

const connected: Check = {
  id: "chat.connected",
  look: ({ organization }) => {
    const live = organization.accounts.filter(({ channel }) => isLive(channel))
    if (organization.messaging !== undefined) return ok()
    return live.length === 0
      ? null
      : problem({
          problem:
            "Handoff on WhatsApp, SMS or web chat creates a ticket instead of a chat: the Sunshine credentials are missing.",
          fix: "Add `messaging` (App ID, Key ID that starts with app_, secret) to the organization and run opencx setup zendesk.",
          evidence: live.map(({ channel, id }) => `the account "${id}" of ${channel}`),
        })
  },
}

const badApp = ({ findings }: Chart) => findings.messaging.find(({ needed, ok: fine }) => needed && !fine)

const ticketInstead = sessionCheck(
  "chat.ticket_instead",
  {
    problem: "A handoff on a live channel has made a ticket instead of a chat.",
    fix: (chart) => {
      const bad = badApp(chart)
      if (chart.organization.messaging === undefined)
        return "Connect Sunshine: the check chat.connected says how."
      return bad === undefined
        ? "Sunshine works now: the next handoff makes a chat."
        : `${bad.problem ?? bad.id} ${bad.fix ?? ""}`
    },
  },
  (one) => {
    const last = newest(one, "HandoffConfirmed")
    const isTicket = last !== null && last.ticketId !== null && last.chatId === null
    return isLive(one.session.channel) && isTicket ? `handed over on ${one.session.channel} by ticket` : null
  },
)

type Change = Extract<Entry["body"], { readonly _tag: "ChatControlChanged" }>

const changes = ({ timeline }: SessionChart): ReadonlyArray<Change> =>
  timeline.flatMap(({ body }) => (body._tag === "ChatControlChanged" ? [body] : []))

/** The humans let go, and Zendesk's bot had it next: that is what Pass control does. */
const passedToBot = (one: SessionChart): boolean => {
  const all = changes(one)
  return all.some(({ control }, index) => control === "bot" && all[index - 1]?.control === "humans")
}

const needs = ({ chat }: SessionChart) => chat

/** Who has the chat in Zendesk now; null where that is not known. */
const holder = ({ chat }: SessionChart) => valueOf(chat)?.control ?? null

const passControl = sessionCheck(
  "chat.conversation_control",
  {
    problem:
      "Conversation control is on Pass control: when a ticket was closed, Zendesk passed the conversation to zd-answerBot and did not release it.",
    fix: releaseControl,
  },
  (one) =>
    passedToBot(one) || (holder(one) === "bot" && one.session.handoffs > 0)
      ? "it went from the humans to zd-answerBot"
      : null,
  { needs },
)

const byBot = sessionCheck(
  "chat.held_by_bot",
  {
    problem: "zd-answerBot has the conversation: the customer talks to Zendesk's bot and not to the AI.",
    fix: `${releaseControl} For new conversations choose our integration for the channel: opencx setup zendesk --channel.`,
  },
  (one) => (holder(one) === "bot" ? "activeSwitchboardIntegration is zd-answerBot" : null),
  { needs },
)

const solved = sessionCheck(
  "chat.solved_not_closed",
  {
    problem:
      "zd-agentWorkspace has the conversation: its ticket is solved and not yet closed, and only then Zendesk gives it back to the AI.",
    fix: "Close the ticket, or shorten the time between Solved and Closed: Admin Center > Objects and rules > Automations (4 days by default).",
  },
  (one) => {
    const chat = valueOf(one.chat)
    if (chat?.control !== "humans") return null
    const status = chat.ticketStatus ?? one.session.ticket?.status ?? null
    return status === "solved" ? "its ticket is solved" : null
  },
  { needs, say: notice },
)

const elsewhere = sessionCheck(
  "chat.held_by_other",
  {
    problem: "Another integration has the conversation, which is neither ours nor the Agent Workspace.",
    fix: "Choose our integration for this channel: Admin Center > AI > AI agents > Marketplace bots, or opencx setup zendesk --channel.",
  },
  (one) => (holder(one) === "other" ? "activeSwitchboardIntegration is another one" : null),
  { needs },
)

const missedControl = sessionCheck(
  "chat.missed_control",
  {
    problem: "Zendesk has given a conversation back, and the news of it has not come.",
    fix: "Check chat.webhook: it needs switchboard:releaseControl and switchboard:passControl. A running opencx serve looks by itself every minute.",
  },
  (one) => {
    const control = holder(one)
    return one.session.state === "human" && (control === "nobody" || control === "ours")
      ? `in Zendesk it is ${control === "ours" ? "ours" : "nobody's"}, here still the humans'`
      : null
  },
  { needs, say: notice },
)

export const chatChecks: ReadonlyArray<Check> = [
  connected,
  finding("chat.multi_conversations", "messaging", "multi_conversations"),
  finding("chat.switchboard", "messaging", "switchboard", "switchboard_integration"),
  finding("chat.integration_name", "messaging", "integration_name", "integration"),
  finding("chat.agent_workspace", "messaging", "agent_workspace"),
  findingWith("chat.webhook", "messaging", "messaging_webhook", "integration_name"),
  findingWith("chat.signing_secret", "messaging", "messaging_secret", "messaging_webhook"),
  findingWith("chat.first_responder", "messaging", "default_responder", "integration_name"),
  finding("contacts.user_merge", "messaging", "user_merge"),
  ticketInstead,
  passControl,
  byBot,
  elsewhere,
  solved,
  missedControl,
]
