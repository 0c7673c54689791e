/** How the outside names things to the engine. */
import type { AccountId, OrgId } from "../domain/Ids.ts"

export interface AccountRef {
  readonly orgId: OrgId
  readonly accountId: AccountId
}

/** `ignored`: not a ticket or a chat of ours. */
export type SignalResult = "accepted" | "ignored"
