/** What Zendesk and providers said of a failure may name the customer. A diagnosis goes to jobs, logs and chats: it names sessions. */
import type { Entry, Work } from "@opencx/core"
import { withoutAddresses } from "../operate/redactWork.ts"

type Body = Entry["body"]

const inBody = (body: Body): Body => {
  switch (body._tag) {
    case "DeliveryUpdate":
      return body.explanation === null ? body : { ...body, explanation: withoutAddresses(body.explanation) }
    case "HandoffFailed":
      return { ...body, explanation: withoutAddresses(body.explanation) }
    case "IdentityDecision":
      return {
        ...body,
        reason: withoutAddresses(body.reason),
        evidence: body.evidence.map(withoutAddresses),
      }
    default:
      return body
  }
}

export const entryWithoutPeople = (entry: Entry): Entry => ({ ...entry, body: inBody(entry.body) })

export const workWithoutPeople = (work: Work): Work => ({
  ...work,
  lastError: work.lastError === null ? null : withoutAddresses(work.lastError),
  outcome:
    work.outcome?._tag === "Failed"
      ? { ...work.outcome, explanation: withoutAddresses(work.outcome.explanation) }
      : work.outcome,
})
