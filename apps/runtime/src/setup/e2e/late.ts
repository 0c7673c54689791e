/** What to say when a step did not happen in time: looked up on both sides, in the product's words. */
import { type ChatControl, Organizations } from "@opencx/core"
import { verifyAccount } from "@opencx/zendesk"
import { Effect } from "effect"
import type { OrganizationConfig } from "../../config/RuntimeConfig.ts"
import { accountToVerify } from "../account.ts"
import type { StepName, Trouble, Watched } from "./steps.ts"

/** The first needed thing that verification misses. */
const missing = Effect.fnUntraced(function* (organization: OrganizationConfig) {
  const { messaging, ticketing } = yield* verifyAccount(yield* accountToVerify(organization))
  const bad = [...ticketing, ...messaging].find(({ needed, ok }) => needed && !ok)
  return bad === undefined ? null : ({ problem: bad.problem ?? bad.id, fix: bad.fix ?? "" } satisfies Trouble)
})

const holders: Readonly<Record<ChatControl, Trouble>> = {
  humans: {
    problem:
      "The conversation is with zd-agentWorkspace: the ticket has not gone from Solved to Closed yet. Only then Zendesk gives it back.",
    fix: "Close the ticket, or shorten the time between Solved and Closed (an automation of 4 days by default).",
  },
  bot: {
    problem: "The conversation is with zd-answerBot: Conversation control is on Pass control.",
    fix: "Admin Center > Channels > Messaging and social > Messaging > Conversation control: choose Release control.",
  },
  other: {
    problem: "Another integration has the conversation.",
    fix: "Choose opencx for this channel: Admin Center > AI > AI agents > Marketplace bots > opencx > Channels, or opencx setup zendesk --channel.",
  },
  ours: {
    problem: "The conversation is ours, and the news of it has not come.",
    fix: "Check the messaging webhook with opencx verify.",
  },
  nobody: {
    problem: "Zendesk has released the conversation, and the news of it has not come.",
    fix: "Check the messaging webhook with opencx verify: it needs switchboard:releaseControl.",
  },
}

/** Who has the chat, asked from Zendesk. */
const holder = Effect.fnUntraced(function* (watched: Watched) {
  const { chat, orgId } = watched.session
  const found = yield* Effect.option((yield* Organizations).get(orgId))
  const messaging = found._tag === "Some" ? found.value.messaging : null
  if (chat === null || messaging === null) return null
  const control = yield* Effect.option(messaging.control(chat.conversationId))
  return control._tag === "Some" ? holders[control.value] : null
})

const usual: Readonly<Record<StepName, Trouble>> = {
  message: {
    problem: "No message came in.",
    fix: "Check that opencx serve is running with this configuration, and that the provider posts to the URL that opencx urls prints.",
  },
  handoff: {
    problem: "The AI did not hand over.",
    fix: 'Ask for a human in plain words: "I want to talk to a human, please."',
  },
  reply: {
    problem: "No public reply came back from Zendesk.",
    fix: "Confirm that the reply was posted as Public reply, not Internal note; then look at the webhook's activity in Admin Center > Apps and integrations > Webhooks: a 4xx means that its URL is stale (opencx setup zendesk).",
  },
  solve_and_close: {
    problem: "The conversation has not come back to the AI.",
    fix: "Solve the ticket, and close it where it is a live chat.",
  },
  handback: {
    problem: "The AI did not answer.",
    fix: "Write as the same customer on the same channel.",
  },
}

/** Why nothing came. `watched` is null while no session is known. */
export const whyLate = Effect.fnUntraced(function* (
  step: StepName,
  organization: OrganizationConfig,
  watched: Watched | null,
) {
  const isBack = step === "solve_and_close" || step === "handback"
  const held = isBack && watched !== null ? yield* holder(watched) : null
  if (held !== null) return held
  return (step === "message" ? null : yield* missing(organization)) ?? usual[step]
})
