/** Further Conversations integrations that post to our own URL: made by hand a second time. */
import type { MessagingFacts } from "../../sunshine/chat/Verify.ts"
import type { IntegrationWire } from "../../sunshine/wire/ApiWire.ts"
import { noPlan, type OurHook, type Plan } from "../Plan.ts"
import { deleteIntegration, type MessagingTools } from "./Writes.ts"

const nameOf = ({ displayName, id }: IntegrationWire): string => `"${displayName ?? ""}" (${id})`

/**
 * What to do about them: one that has no place in the switchboard does nothing but tell us twice, and goes; of one that has,
 * people decide. `found`: ours; undefined while there is none.
 */
export const twinPlan = (
  tools: MessagingTools,
  { board, integrations }: MessagingFacts,
  hook: OurHook,
  found: IntegrationWire | undefined,
): Plan => {
  if (found === undefined) return noPlan
  const twins = integrations.filter(
    ({ id, type, webhooks }) =>
      type === "custom" &&
      id !== found.id &&
      (webhooks ?? []).some(({ target }) => hook.owns(target ?? "") === "current"),
  )
  const isPlaced = ({ id }: IntegrationWire) => board.integrations.some((one) => one.integrationId === id)
  return {
    steps: twins
      .filter((one) => !isPlaced(one))
      .map((one) => ({
        id: "integration",
        action: "remove",
        what: `a second Conversations integration ${nameOf(one)}`,
        why: ["it posts to our URL too, so that OpenCX is told everything twice"],
        irreversible: false,
        run: deleteIntegration(tools, one.id),
      })),
    byHand: twins
      .filter(isPlaced)
      .map(
        (one) =>
          `A second Conversations integration ${nameOf(one)} posts to our URL, and has a place in the switchboard: if nothing needs it, delete it in Admin Center > Apps and integrations > Conversations API.`,
      ),
  }
}
