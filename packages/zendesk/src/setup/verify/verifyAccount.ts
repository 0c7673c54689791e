/** Everything that can be found out about one organization's account, as plain data. */
import { Effect, Schema } from "effect"
import { LoopbackUrl, Subdomain } from "../../client/Connection.ts"
import type { TokenVault } from "../../client/TokenVault.ts"
import type { SetupInput } from "../Setup.ts"
import type { Finding } from "./Probe.ts"
import { verifyMessaging } from "./VerifyMessaging.ts"
import { verifySetup } from "./verifySetup.ts"
import { verifyTicketing } from "./VerifyTicketing.ts"

/** Settings as they were typed: what is wrong with them is a finding. Null for a side that is not connected. */
export interface AccountToVerify {
  readonly ticketing: unknown
  readonly messaging: unknown
  readonly vault?: TokenVault
  readonly ticketFields: boolean
  readonly helpCenter: boolean
  readonly schedules?: boolean
  /** To compare with what should be set up; null where the settings are too broken for it. */
  readonly setup: SetupInput | null
}

export interface AccountFindings {
  readonly ticketing: ReadonlyArray<Finding>
  readonly messaging: ReadonlyArray<Finding>
}

const Address = Schema.decodeUnknownOption(
  Schema.Struct({ subdomain: Subdomain, baseUrl: Schema.optionalKey(LoopbackUrl) }),
)

/** True when nothing that is needed is missing. */
export const isVerified = ({ messaging, ticketing }: AccountFindings): boolean =>
  [...ticketing, ...messaging].every(({ needed, ok }) => ok || !needed)

const isReadable = (findings: ReadonlyArray<Finding>, right: string): boolean =>
  findings.some(({ id, ok }) => id === right && ok)

/** A thing that two looks have found is told once. */
const withSetup = (
  findings: ReadonlyArray<Finding>,
  more: ReadonlyArray<Finding>,
): ReadonlyArray<Finding> => [
  ...findings.filter((one) => !one.ok || !more.some(({ id }) => id === one.id)),
  ...more.filter((one) => !findings.some(({ id, ok }) => id === one.id && !ok)),
]

/** Verifies both sides, and what was set up there. Never fails. */
export const verifyAccount = Effect.fn("Setup.verifyAccount")(function* (account: AccountToVerify) {
  const { helpCenter, messaging, schedules = false, setup, ticketFields, ticketing, vault } = account
  const support =
    ticketing === null || ticketing === undefined
      ? null
      : yield* verifyTicketing({
          settings: ticketing,
          ticketFields,
          helpCenter,
          schedules,
          ...(vault === undefined ? {} : { vault }),
        })
  const address = Address(ticketing)
  const chats =
    messaging === null || messaging === undefined
      ? []
      : yield* verifyMessaging({
          settings: messaging,
          support:
            support === null
              ? null
              : { address: address._tag === "Some" ? address.value : null, findings: support },
        })
  const mayLook = setup !== null && isReadable(support ?? [], "setup_rights")
  const seesChats = setup !== null && isReadable(chats, "app_key")
  return {
    ticketing: withSetup(support ?? [], mayLook ? yield* verifySetup(setup, "support") : []),
    messaging: withSetup(chats, seesChats ? yield* verifySetup(setup, "messaging") : []),
  } satisfies AccountFindings
})
