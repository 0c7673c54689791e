/** Undoing what setting up has made, for one organization: for command and API alike. */
import { applyDisconnect, type Plan, planDisconnect } from "@opencx/zendesk"
import { Effect } from "effect"
import type { OrganizationConfig } from "../config/RuntimeConfig.ts"
import { activeConversations, noChoice, setupInput } from "./account.ts"
import { forgetTokens } from "./stores.ts"

/** `now`: open conversations are not waited for. `apply` may be given the plan of a moment ago that was agreed to. */
export const disconnecting = Effect.fn("disconnecting")(function* (
  organization: OrganizationConfig,
  now: boolean,
) {
  const active = now ? 0 : yield* activeConversations(organization.id)
  const input = { ...(yield* setupInput(organization, noChoice)), active }
  return {
    plan: planDisconnect(input),
    /** `isOver`: nothing of ours is left in Zendesk, and the authorization that was kept here is gone too. */
    apply: Effect.fnUntraced(function* (first?: Plan) {
      const report = yield* applyDisconnect(input, first)
      const isOver = active === 0 && report.failed.length === 0 && report.byHand.length === 0
      if (isOver) yield* forgetTokens(organization.id)
      return { isOver, report }
    }),
  }
})
