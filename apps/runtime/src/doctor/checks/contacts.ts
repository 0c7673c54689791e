/** The customer as Zendesk knows them: twice, suspended, or without an address. */
import { identityOf } from "@opencx/core"
import type { Check } from "../Check.ts"
import { notice } from "../Check.ts"
import { failedHandoff, newest, sessionCheck, undelivered } from "./sessions.ts"

const refusedMerge = sessionCheck(
  "contacts.merge_refused",
  {
    problem:
      "Duplicate contact in Zendesk: the customer was not merged with somebody whom Zendesk knows, because the evidence does not allow it.",
    fix: "If it is the same person, merge the two in Zendesk by hand. OpenCX merges only verified addresses, so that nobody gets another's history.",
  },
  (one) => {
    const last = newest(one, "IdentityDecision")
    return last?.decision === "refused" ? [last.reason, ...last.evidence].join("; ").slice(0, 400) : null
  },
  { say: notice },
)

/** What the adapter says of Zendesk's `UserSuspended`. */
const suspension = /is suspended in Zendesk/

const suspended = sessionCheck(
  "contacts.suspended",
  {
    problem:
      "Handoff runs but no ticket appears: the customer is suspended in Zendesk, which takes no tickets of theirs.",
    fix: "If that is a mistake: open the customer's profile in Zendesk > Customers, choose Unsuspend access in its menu, then run opencx dead-letters replay.",
  },
  (one) => {
    const why = [...failedHandoff(one), ...undelivered(one)].filter((text) => suspension.test(text))
    return why.length === 0 ? null : why
  },
)

/** Zendesk can mail nobody without an address; OpenCX finds or makes the requester by phone number or external id. */
const noEmail = sessionCheck(
  "contacts.no_email",
  {
    problem:
      "The contact has no email address. OpenCX hands over all the same, but Zendesk itself cannot mail this customer, and finds no earlier tickets of theirs by address.",
    fix: "If you know the address, add it on the customer's profile in Zendesk > Customers. A public reply on the ticket reaches the customer on the channel that they wrote on.",
  },
  ({ contact, dead, session }) => {
    const byTicket = session.chat === null && (session.ticket !== null || dead.length > 0)
    if (contact === null || !byTicket || identityOf(contact, "email") !== undefined) return null
    return `the contact of ${session.channel} has no email address`
  },
  { say: notice },
)

export const contactChecks: ReadonlyArray<Check> = [refusedMerge, suspended, noEmail]
