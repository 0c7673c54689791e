/** What a plan says of an account, as findings: a step that is to be done is something that does not work now. */
import { Effect } from "effect"
import type { StepId, StepView } from "../Plan.ts"
import { noGuard } from "../support/compare.ts"
import { planSetup, type SetupInput } from "../Setup.ts"
import { bad, type Finding, good, sentence } from "./Probe.ts"

const replies = "Agent public replies don't reach the contact"

/** The product's own words for what is missing, and whether OpenCX can work without. */
const symptoms: Readonly<Record<StepId, { readonly says: string; readonly needed: boolean }>> = {
  ticketing_webhook: { says: `${replies}: webhook missing, or its URL is stale.`, needed: true },
  ticketing_trigger: { says: `${replies}: trigger missing, not active or misconfigured.`, needed: true },
  ticketing_secret: { says: "The webhook's signing secret is not the one that OpenCX knows.", needed: true },
  assist_webhook: {
    says: "Assist Mode doesn't post suggestions: its webhook is missing or stale.",
    needed: true,
  },
  assist_trigger_comments: {
    says: "Assist Mode doesn't post suggestions: its trigger is missing or misconfigured.",
    needed: true,
  },
  assist_trigger_mentions: {
    says: "Assist Mode doesn't answer agents: its trigger is missing or misconfigured.",
    needed: true,
  },
  assist_secret: { says: "The signing secret of Assist Mode's webhook is not the known one.", needed: true },
  requester_mail: { says: "Customers get replies twice: Zendesk mails them, too.", needed: false },
  multi_conversations: { says: "Multi-conversations are off.", needed: false },
  integration: { says: "The Conversations integration is missing or not named exactly.", needed: true },
  messaging_webhook: {
    says: "Rep reply in Agent Workspace doesn't reach the customer: webhook not registered or wrong event subscription.",
    needed: true,
  },
  messaging_secret: {
    says: "The messaging webhook's secret is not the one that OpenCX knows.",
    needed: true,
  },
  switchboard_integration: {
    says: "Routing breaks: the switchboard does not have our integration as it must be.",
    needed: true,
  },
  default_responder: { says: "A chosen channel does not go to the AI first.", needed: false },
}

/**
 * Without a stored secret the signed URL protects the webhook, and without a loop guard the receiver ignores our own comments:
 * notes. Another secret refuses every webhook.
 */
const isNeeded = ({ action, id, why }: StepView): boolean => {
  // Setting up deletes only what is there twice.
  if (action === "remove") return false
  if (id.endsWith("_secret")) return why.some((one) => one.includes("refused"))
  return symptoms[id].needed && !why.every((one) => one === noGuard)
}

/** What an account that is set up has: good where no step is about it. */
const checkedOf = {
  support: ["ticketing_webhook", "ticketing_trigger", "requester_mail"],
  messaging: ["messaging_webhook", "switchboard_integration"],
} as const

const lacksIntegration = (steps: ReadonlyArray<StepView>): boolean =>
  steps.some(({ action, id }) => id === "integration" && action === "create")

const findingsOf = (
  steps: ReadonlyArray<StepView>,
  checked: ReadonlyArray<StepId>,
): ReadonlyArray<Finding> => [
  ...steps.map((step) =>
    bad(
      step.id,
      {
        problem: `${step.action === "remove" ? "Something of ours is there twice." : symptoms[step.id].says} ${sentence(step.what)}: ${step.why.join("; ")}.`,
        fix: "Run opencx setup zendesk: it shows what it would do, and repairs it.",
      },
      isNeeded(step),
    ),
  ),
  ...checked
    .filter((id) => !steps.some((step) => step.id === id))
    // The webhook hangs on the integration: without the one there is nothing to say of the other.
    .filter((id) => id !== "messaging_webhook" || !lacksIntegration(steps))
    .map((id) => good(id)),
]

/** Findings about one side of an account. None where it cannot be read, which other probes tell. */
export const verifySetup = (
  input: SetupInput,
  side: keyof typeof checkedOf,
): Effect.Effect<ReadonlyArray<Finding>> =>
  planSetup({ ...input, [side === "support" ? "messaging" : "support"]: null }).pipe(
    Effect.map(({ steps }) => findingsOf(steps, checkedOf[side])),
    Effect.orElseSucceed(() => []),
  )
