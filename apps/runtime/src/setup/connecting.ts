/** Connecting an organization from this machine: the consent is answered here, or brought by hand. */
import { readConsent } from "@opencx/zendesk"
import { Console, Deferred, Effect } from "effect"
import type { OrganizationConfig } from "../config/RuntimeConfig.ts"
import {
  beginConsent,
  type ConsentConnection,
  endConsent,
  keptConsent,
  newConsent,
  patienceMs,
  redeem,
  refused,
} from "./consents.ts"
import { listenForAnswer, redirectUriOf } from "./loopback.ts"

/** Prints the consent page's address and waits here for the person to come back. */
export const connectHere = Effect.fnUntraced(function* (
  organization: OrganizationConfig,
  connection: ConsentConnection,
  port: number,
) {
  const consent = yield* newConsent(organization, connection, redirectUriOf(port))
  const answer = yield* listenForAnswer(port, (given) => {
    const read = readConsent(given, consent)
    // Somebody else's answer must not end the waiting for the right one.
    const isOurs = given.get("state") === consent.state
    const page =
      "code" in read ? "Thank you. Go back to the terminal; you can close this page." : read.refusal
    return { page, result: isOurs ? read : null }
  })
  yield* Console.error(
    `Open this address in a browser, signed in to Zendesk as the user that OpenCX shall act as:\n\n${consent.url}\n\nThe OAuth client in Zendesk must list the redirect URL ${consent.redirectUri}. Waiting for 10 minutes.`,
  )
  const read = yield* Effect.timeoutOrElse(Deferred.await(answer), {
    duration: patienceMs,
    orElse: () => Effect.fail(refused("Nobody came back from Zendesk.")),
  })
  if ("refusal" in read) return yield* refused(read.refusal)
  return yield* redeem(organization, connection, consent, read.code)
}, Effect.scoped)

/** The address for a browser on another machine; what is needed to go on is kept. */
export const askByHand = (organization: OrganizationConfig, connection: ConsentConnection, port: number) =>
  Effect.map(beginConsent(organization, connection, redirectUriOf(port), null), ({ url }) => url)

/** Goes on with the address that the browser was sent to. */
export const finishByHand = Effect.fnUntraced(function* (
  organization: OrganizationConfig,
  connection: ConsentConnection,
  redirected: string,
) {
  const kept = yield* keptConsent(organization.id)
  if (!URL.canParse(redirected))
    return yield* refused("--redirected needs the whole address from the browser's address bar.")
  return yield* endConsent(organization, connection, kept, new URL(redirected).searchParams)
})
