/** Conversations as the engine would have written them, for suites that read or remove many of them. */
import {
  type Contact,
  Contacts,
  ConversationStore,
  type EntryBody,
  type Identity,
  type Lane,
} from "@opencx/core"
import type { Session, WorkOrder } from "@opencx/core"
import { Effect } from "effect"
import { randomUUID } from "node:crypto"
import { appending, newSession } from "./fixtures.ts"

export const mail = (value: string): Identity => ({ kind: "email", value, verified: true })

/** Somebody whom the organization knows by a mail address. */
export const person = Effect.fnUntraced(function* (orgId: Lane["orgId"], address: string, name = "Somebody") {
  const contacts = yield* Contacts
  return yield* contacts.resolve({ orgId, identity: mail(address), name, locale: null })
})

/** One conversation of a contact; `changes` to its session. */
export const conversation = Effect.fnUntraced(function* (
  lane: Lane,
  contact: Contact,
  bodies: ReadonlyArray<EntryBody>,
  changes: Partial<Session> = {},
  work: ReadonlyArray<WorkOrder> = [],
) {
  const store = yield* ConversationStore
  const fresh = newSession(lane, { contactId: contact.id, ...changes })
  const { session } = yield* store.apply({
    lane,
    eventKey: `made-${randomUUID()}`,
    sessionId: fresh.id,
    decide: () => ({ ...appending(fresh, bodies, work), address: JSON.stringify({ to: lane.threadKey }) }),
  })
  return session ?? fresh
})
