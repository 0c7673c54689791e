/** What is wrong with a connection to Support, in the words of the product's troubleshooting page, and what to do. */
import type { ZendeskAuth } from "../../client/Connection.ts"
import type { CallFailure } from "../../client/Failure.ts"
import { noAnswer, type Trouble } from "./Probe.ts"

const clientsPage = "Admin Center > Apps and integrations > APIs > OAuth clients"

export const wrongSubdomain = (advice: string): Trouble => ({
  id: "subdomain",
  problem: "Failed to verify credentials: wrong subdomain format.",
  fix: `${advice}. Use just the subdomain part (acme, not acme.zendesk.com).`,
})

export const noAccountAt = (origin: string): Trouble => ({
  id: "account",
  problem: `Failed to verify credentials: no Zendesk account answers at ${origin}.`,
  fix: "Check the subdomain: it is the part before .zendesk.com in the address of your Zendesk. After a renaming it is the new one.",
})

const refusedToken: Trouble = {
  id: "credentials",
  problem:
    "Failed to verify credentials: expired token, or API access disabled. Zendesk does not accept this email and API token.",
  fix: `Confirm in Admin Center > Apps and integrations > APIs > Zendesk API that Token access is toggled on and the token is there, that the email is that of its owner, and that the owner is not suspended. An expired token cannot be replaced, because none can be created since 2026-10-27: make an OAuth client (${clientsPage}).`,
}

const refusedClient: Trouble = {
  id: "credentials",
  problem: "Failed to verify credentials: Zendesk does not accept the OAuth client's id and secret.",
  fix: `Copy the identifier from ${clientsPage}. The secret is shown only once: when it is lost, generate a new one there.`,
}

const refusedGrant: Trouble = {
  id: "credentials",
  problem: "Failed to verify credentials: expired token. Zendesk does not accept the authorization any more.",
  fix: "Connect again: opencx connect zendesk.",
}

export const refused = (type: ZendeskAuth["type"]): Trouble => {
  if (type === "api_token") return refusedToken
  return type === "oauth_client_credentials" ? refusedClient : refusedGrant
}

export const anonymous: Trouble = {
  id: "credentials",
  problem:
    "Failed to verify credentials: Zendesk takes us for an anonymous visitor, because it ignored the credentials.",
  fix: `Check the OAuth client's id, secret and scope (${clientsPage}).`,
}

export const notAnAgent = (role: string): Trouble => ({
  problem: `The Zendesk user behind the credentials is ${role === "end-user" ? "an end user" : `of the role "${role}"`}, and lacks permission to create users and tickets.`,
  fix: "Confirm the user behind the token or OAuth client is an admin or an agent with full access: Admin Center > People > Team members.",
})

/** A call that the credentials are not allowed. */
const notAllowed =
  (what: string, scope: string) =>
  (said: string): Trouble => ({
    problem: `The Zendesk user behind the credentials lacks permission to ${what} (${said}).`,
    fix: `Confirm that the user is an admin or an agent with full access, and that the OAuth scope holds "${scope}" (or "read write"): a misspelt scope is granted and then refused everywhere.`,
  })

/** What a person does with the capability, and the scope that is needed for it. */
export const capabilities = {
  read_tickets: notAllowed("read tickets", "tickets:read"),
  create_tickets: notAllowed("create tickets", "tickets:write"),
  read_users: notAllowed("look customers up", "users:read"),
  create_users: notAllowed("create users", "users:write"),
  ticket_fields: notAllowed("read ticket fields, which the AI fills", "tickets:read"),
  help_center: notAllowed("read the Help Center", "hc:read"),
} as const

export const privateOnly: Trouble = {
  problem:
    "The Zendesk user behind the credentials may write internal notes only (a light agent, or a role like it).",
  fix: "Give the user a role that may comment publicly: what customers write after a handoff is added as public comments.",
}

export const notAnAdmin: Trouble = {
  problem:
    "Agent roles cannot reach webhooks and triggers: the credentials cannot set Zendesk up or look at its setup.",
  fix: 'Make the user an admin and use the scope "read write" for `opencx setup zendesk`, or set webhook and trigger up by hand as the README describes.',
}

export const tokensEnd: Trouble = {
  problem: "This account signs in with an API token. Zendesk ends all of them on 2027-04-30.",
  fix: `Make an OAuth client (${clientsPage}) and run opencx connect zendesk before that day.`,
}

/** `ends`: until when the present access token works. */
export const lostRefresh = (ends: string): Trouble => ({
  problem: `The authorization could not be renewed, and ends at ${ends}: the answer to a refresh was lost.`,
  fix: "Connect again before that: opencx connect zendesk.",
})

export const unreadableVault = (why: string): Trouble => ({
  problem: `The stored authorization cannot be read: ${why}.`,
  fix: "Check the database and OPENCX_MASTER_KEY, or connect again: opencx connect zendesk.",
})

export const wrongAssignee = (why: string): Trouble => ({
  problem: `The Default Agent ID cannot take tickets: ${why}. Tickets are created unassigned.`,
  fix: "Set defaultAssigneeId to the numeric id of an active agent, or leave it out.",
})

const noScope = (said: string): Trouble => ({
  id: "scopes",
  problem: `The credentials are not allowed to read their own user (${said}): the OAuth scope is missing or misspelt.`,
  fix: 'Use the scope "read write": a misspelt scope is granted and then refused everywhere.',
})

export const noHelpCenter: Trouble = {
  problem: "The account has no Help Center, or it is not activated (404).",
  fix: "Activate it in Zendesk (Knowledge admin), or take the source `zendesk_help_center` out of the configuration.",
}

export const noSchedules: Trouble = {
  problem:
    "Office hours come from a schedule of Zendesk's, and schedules are not part of this plan, or this connection's agent or scope may not read them.",
  fix: 'Look whether Admin Center > Objects and rules > Business rules > Schedules is there. If it is, make the user an admin and use the scope "read write"; if not, write the hours into handoff.officeHours.',
}

/** Zendesk has answered, and not as it should. */
const refusedCheck = (failure: CallFailure): Trouble => ({
  problem: `Zendesk refused the check: ${failure.message}.`,
  fix: "The message says why. Whether this plan has the feature is told in Admin Center > Account > Billing.",
})

const isRefusal = ({ status }: CallFailure): boolean =>
  status !== null && status >= 400 && status < 500 && status !== 408 && status !== 429

/** A failed call, where the probe has no words of its own for it. */
export const explainCall =
  (origin: string, auth: ZendeskAuth["type"]) =>
  (failure: CallFailure): Trouble => {
    if (failure.body?.html === true && failure.status === 404) return noAccountAt(origin)
    if (failure.kind === "redirect") return noAccountAt(origin)
    if (failure.status === 403) return noScope(failure.body?.text ?? "403")
    if (failure.kind === "credentials" || failure.status === 401) return refused(auth)
    return isRefusal(failure) ? refusedCheck(failure) : noAnswer(failure)
  }
