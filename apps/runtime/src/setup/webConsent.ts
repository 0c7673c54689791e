/**
 * Consent through the API: whoever begins it, and nobody else, brings the answer, once and within ten minutes. A user's request
 * belongs to the browser session that it was begun in.
 */
import { AuditLog, Tickets } from "@opencx/storage"
import { Effect } from "effect"
import { may, type Principal } from "../access/Principal.ts"
import { digestOf } from "../access/tokens.ts"
import { ConfigurationError } from "../config/ConfigError.ts"
import type { OrganizationConfig } from "../config/RuntimeConfig.ts"
import { Settings } from "../layers/Settings.ts"
import { configuredOrganizations } from "../organizations/configured.ts"
import { beginConsent, byConsent, endConsent, keptConsent, refused } from "./consents.ts"
import { cutterOf } from "./cutter.ts"

/** Where Zendesk sends the person's browser; to be listed with the OAuth client. */
export const consentPath = "/connect/zendesk/callback"

const purpose = "zendesk-consent"

/** The browser session of a user is known by the token that goes with it; programs are known by who they are. */
const ownerOf = ({ actor, csrfToken }: Principal): string => `${actor} ${csrfToken ?? ""}`

const connectionOf = Effect.fnUntraced(function* (organization: OrganizationConfig) {
  const connection = yield* byConsent(organization)
  if (connection._tag === "Some") return connection.value
  return yield* new ConfigurationError({
    problem: "This organization does not sign in to Zendesk by a person's consent.",
    hint: 'Set the integration `zendesk` with `auth.type` "oauth_authorization_code" first.',
  })
})

/** The address to open, for this principal. */
export const beginWebConsent = Effect.fn("beginWebConsent")(function* (
  organization: OrganizationConfig,
  principal: Principal,
) {
  const { publicUrl } = yield* Settings
  const connection = yield* connectionOf(organization)
  const begun = yield* beginConsent(organization, connection, publicUrl + consentPath, ownerOf(principal))
  yield* (yield* Tickets).once.add({
    digest: digestOf(begun.state),
    purpose,
    subject: organization.id,
    expiresAt: begun.expiresAt,
  })
  return begun
})

const unknownAnswer = refused("This answer belongs to no request that is still waited for.")

/** The organization whose request this is, if it is one of this principal's to change. */
const organizationOf = Effect.fnUntraced(function* (principal: Principal, digest: string) {
  const ticket = yield* (yield* Tickets).once.look(digest)
  if (ticket === null || ticket.purpose !== purpose) return yield* unknownAnswer
  const found = (yield* configuredOrganizations).find(({ config }) => config.id === ticket.subject)?.config
  if (found === undefined || !may(principal, "organization.write", found.id)) return yield* unknownAnswer
  return found
})

/**
 * Goes on with what Zendesk sent the person back with. `orgId`: the organization that it must be of; null: whichever it is.
 * What is somebody else's is left to them; what is refused in Zendesk is over.
 */
export const finishWebConsent = Effect.fn("finishWebConsent")(function* (
  principal: Principal,
  orgId: string | null,
  answer: URLSearchParams,
) {
  const digest = digestOf((answer.get("state") ?? "").slice(0, 200))
  const organization = yield* organizationOf(principal, digest)
  if (orgId !== null && organization.id !== orgId) return yield* unknownAnswer
  const kept = yield* keptConsent(organization.id)
  if (kept.by !== ownerOf(principal))
    return yield* refused("Somebody else, or another browser session, has asked for this.")
  const connection = yield* connectionOf(organization)
  // Of two answers that come at once, one gets on.
  if ((yield* (yield* Tickets).once.take(digest)) === null) return yield* unknownAnswer
  const cut = yield* cutterOf(organization)
  const user = yield* endConsent(organization, connection, kept, answer).pipe(
    Effect.catchTags({
      ConfigurationError: ({ hint, problem }) =>
        Effect.fail(new ConfigurationError({ problem: cut(problem), hint })),
      TicketingError: ({ message }) =>
        Effect.fail(
          new ConfigurationError({
            problem: `The authorization was given and is kept, but could not be tried out: ${cut(message)}`,
            hint: "Verify the connection in a moment; there is no need to consent again.",
          }),
        ),
    }),
  )
  yield* (yield* AuditLog).add({
    orgId: organization.id,
    actor: principal.actor,
    actorName: principal.name,
    action: "zendesk.consent",
    target: connection.subdomain,
    changes: [{ path: "connectedAs", to: `${user.name} (user ${user.userId})` }],
  })
  return { organization: organization.id, user }
})
