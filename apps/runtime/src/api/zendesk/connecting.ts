/** Credentials through the API: proved with Zendesk first, stored when they are good. */
import { type AccountFindings, isVerified, verifyAccount } from "@opencx/zendesk"
import { Effect, Ref } from "effect"
import type { Principal } from "../../access/Principal.ts"
import type { OrganizationConfig } from "../../config/RuntimeConfig.ts"
import { changeSettings } from "../../organizations/Editor.ts"
import { BadRequest, correct } from "../../organizations/problems.ts"
import { isPlain, type Plain } from "../../organizations/secretRefs.ts"
import { cutterOf } from "../../setup/cutter.ts"
import { proveConnection } from "../../setup/proving.ts"
import { NotVerified } from "../contract/zendesk.ts"
import { findingsWithout } from "./cutting.ts"
import { lookMs, within } from "./troubles.ts"

export interface Sides {
  readonly zendesk?: Plain
  readonly messaging?: Plain
}

const wrong = (path: string, message: string) =>
  new BadRequest({ problems: [{ path, message }], hint: correct })

const notVerified = (found: AccountFindings) =>
  new NotVerified({
    ...found,
    hint: "Nothing was stored. What is wrong and what to do is said for each finding.",
  })

const isConsent = ({ zendesk }: Sides): boolean =>
  isPlain(zendesk?.["auth"]) && zendesk["auth"]["type"] === "oauth_authorization_code"

/** The product's own sentence for an address in the place of a subdomain; Zendesk is not asked for it. */
const checkAddress = Effect.fnUntraced(function* (zendesk: Plain | undefined) {
  if (typeof zendesk?.["subdomain"] !== "string") return
  const { subdomain } = zendesk
  const found = yield* verifyAccount({
    // Nothing but the address is in it, so that it can never be used.
    ticketing: { subdomain },
    messaging: null,
    ticketFields: false,
    helpCenter: false,
    setup: null,
  })
  if (found.ticketing.some(({ id }) => id === "subdomain")) return yield* notVerified(found)
})

const check = Effect.fnUntraced(function* (sides: Sides) {
  if (sides.zendesk === undefined && sides.messaging === undefined)
    return yield* wrong("", "Send `zendesk`, `messaging`, or both")
  if (isConsent(sides))
    return yield* wrong(
      "zendesk.auth.type",
      "A person must consent to this one: PUT …/integrations/zendesk, then POST …/zendesk/consent",
    )
  yield* checkAddress(sides.zendesk)
})

export const connectZendeskAccount = Effect.fn("connectZendeskAccount")(function* (
  principal: Principal,
  orgId: OrganizationConfig["id"],
  version: number,
  sides: Sides,
) {
  yield* check(sides)
  const seen = yield* Ref.make<AccountFindings>({ ticketing: [], messaging: [] })
  const prove = Effect.fnUntraced(function* (config: OrganizationConfig) {
    const wanted = { ticketing: sides.zendesk !== undefined, messaging: sides.messaging !== undefined }
    const cut = yield* cutterOf(config)
    const found = findingsWithout(cut, yield* within(lookMs)(proveConnection(config, wanted)))
    yield* Ref.set(seen, found)
    if (!isVerified(found)) return yield* notVerified(found)
  })
  const stored = yield* changeSettings({
    principal,
    orgId,
    version,
    action: "zendesk.connect",
    target: "zendesk",
    edit: (document) => Effect.succeed({ ...document, ...sides }),
    prove,
  })
  return { stored, found: yield* Ref.get(seen) }
})
