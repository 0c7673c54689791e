/** Whether credentials let us in and to everything that is needed, before anything is set up: for command and API alike. */
import { type AccountFindings, type Finding, verifyAccount } from "@opencx/zendesk"
import { Effect } from "effect"
import type { OrganizationConfig } from "../config/RuntimeConfig.ts"
import { accountToVerify } from "./account.ts"

/** What of Messaging's findings is about the credentials; the others are what setting up makes. */
const entrance = new Set(["settings", "app_key", "app_id", "reachable"])

const isAboutEntrance = ({ id }: Finding): boolean => entrance.has(id)

/** Verifies the sides that are named, and nothing of what setting up makes. Never fails but for our own store. */
export const proveConnection = Effect.fn("proveConnection")(function* (
  organization: OrganizationConfig,
  sides: { readonly ticketing: boolean; readonly messaging: boolean },
) {
  const account = yield* accountToVerify(organization)
  const found = yield* verifyAccount({
    ...account,
    messaging: sides.messaging ? account.messaging : null,
    setup: null,
  })
  return {
    ticketing: sides.ticketing ? found.ticketing : [],
    messaging: found.messaging.filter(isAboutEntrance),
  } satisfies AccountFindings
})
