/** The people of a help desk in memory, as the identity merge suite wants them. */
import { type Identity, type IdentityMerge, memoryIdentityMerge, MemoryPeople } from "@opencx/core"
import { Effect } from "effect"
import type { MergeDesk } from "../../src/index.ts"

const addressOf = (kind: Identity["kind"], value: string | null) => (value === null ? [] : [{ kind, value }])

/** A desk that knows nobody, its port changed by `change`. */
export const memoryPeople = (
  change: (merge: IdentityMerge["Service"]["merge"]) => IdentityMerge["Service"]["merge"] = (merge) => merge,
) =>
  Effect.map(MemoryPeople.make, (people): MergeDesk => {
    let chatUsers = 0
    return {
      identityMerge: { merge: change(memoryIdentityMerge(people).merge) },
      add: ({ agent, email, externalId, phone }) =>
        Effect.sync(() => {
          const addresses = [...addressOf("email", email), ...addressOf("phone", phone)]
          return people.add({ role: agent ? "agent" : "customer", externalId, addresses }).id
        }),
      chatUser: () => Effect.sync(() => `chat-user-${++chatUsers}`),
      personOf: (chatUserId) => Effect.sync(() => people.linkOf(chatUserId)?.personId ?? null),
      link: (chatUserId, personId) =>
        Effect.sync(() => {
          const person = people.people.find((one) => one.id === personId)
          if (person !== undefined) people.link(chatUserId, person, false)
        }),
    }
  })
