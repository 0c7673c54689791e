/** `IdentityMerge` over the people of a help desk in memory. */
import { Effect, Layer } from "effect"
import { IdentityMerge, type MergeDecision, type MergeInput } from "../ports/IdentityMerge.ts"
import { type InMemoryPeople, type KnownPerson, MemoryPeople } from "./MemoryPeople.ts"

/** Why these two must not become one; null when nothing speaks against it. */
const objection = (people: ReadonlyArray<KnownPerson>, { contact }: MergeInput): string | null => {
  const [person, another] = people
  if (another !== undefined) return `${people.length} people have this address`
  if (person?.role === "agent") return "the address belongs to an agent"
  if (person?.suspended === true) return "the person is suspended"
  const externalId = person?.externalId ?? null
  return externalId === null || externalId === contact.id ? null : "both have different external ids"
}

const decide = (people: InMemoryPeople, input: MergeInput): MergeDecision => {
  const { chatUserId, contact, order } = input
  const link = people.linkOf(chatUserId)
  if (link?.byUs === true) return { decision: "merged", reason: "they had been merged before", evidence: [] }
  if (link !== null) return { decision: "linked", reason: "the help desk has linked them", evidence: [] }
  const evidence: Array<string> = []
  for (const kind of order) {
    const known = contact.identities.filter((one) => one.kind === kind)
    const proven = known.filter((one) => one.verified)
    const found = people.withAddress(proven)
    const [person] = found
    evidence.push(
      proven.length === 0
        ? `${kind}: ${known.length === 0 ? "none" : "not proven"}`
        : `${kind}: ${found.length} known`,
    )
    if (person === undefined) continue
    const reason = objection(found, input)
    if (reason !== null) return { decision: "refused", reason, evidence }
    people.link(chatUserId, person, true)
    return { decision: "merged", reason: `the same ${kind}`, evidence }
  }
  return { decision: "nothing", reason: "nobody is known by a proven address", evidence }
}

/** The port over people. */
export const memoryIdentityMerge = (people: InMemoryPeople): IdentityMerge["Service"] => ({
  merge: (input) => people.call(() => Effect.sync(() => decide(people, input))),
})

/** `IdentityMerge` in memory, with the people behind it. */
export const identityMergeMemory: Layer.Layer<IdentityMerge | MemoryPeople> = Layer.effect(
  IdentityMerge,
  Effect.map(MemoryPeople, memoryIdentityMerge),
).pipe(Layer.provideMerge(MemoryPeople.layer))
