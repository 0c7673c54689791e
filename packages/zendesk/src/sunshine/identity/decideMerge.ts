/**
 * Whether the chat's customer and somebody whom Support knows are one person, and who of the two stays. Pure; from
 * evidence that channels have proved. Zendesk: merging cannot be undone, takes end users only, and costs the loser their
 * external id, tags, notes and fields.
 */
import type { IdentityKind } from "@opencx/core"

/** A Support user, as far as merging cares. */
export interface SupportPerson {
  readonly id: string
  readonly role: string
  readonly suspended: boolean
  /** Belongs to another account that shares tickets with this one. */
  readonly shared: boolean
  readonly verified: boolean
  readonly externalId: string | null
  readonly hasEmail: boolean
  /** Epoch milliseconds; null when Zendesk does not say. */
  readonly createdAt: number | null
}

/** One address of the contact, and who in Support carries exactly this address. */
export interface AddressEvidence {
  readonly kind: IdentityKind
  /** Proved by the channel. */
  readonly verified: boolean
  /** Null when nobody was looked for, because Support keeps no such addresses or the proof is missing. */
  readonly matches: ReadonlyArray<SupportPerson> | null
}

export interface MergeFacts {
  /** Strongest first, up to the first kind that somebody in Support carries. */
  readonly addresses: ReadonlyArray<AddressEvidence>
  /** The customer's external id at the messaging side: ours where we made them. */
  readonly chatExternalId: string | null
  /** Since when the messaging side knows the customer, epoch milliseconds; null when it does not say. */
  readonly chatSince: number | null
  /** The Support user that Zendesk has linked the chat's customer to: null when none. */
  readonly linkedId: string | null
  /** That user, or null when they are gone: merged earlier, or deleted. */
  readonly linked: SupportPerson | null
  /** Customers sign in by JWT or SAML: unverified users with an external id cannot be merged. */
  readonly singleSignOn: boolean
}

export interface Verdict {
  /** `merge`: the loser goes into the survivor. `sync`: that has happened; only the messaging side has to hear of it. */
  readonly verdict: "merge" | "sync" | "linked" | "refused" | "nothing"
  readonly reason: string
  readonly evidence: ReadonlyArray<string>
  readonly survivorId: string | null
  readonly loserId: string | null
}

const names: Readonly<Record<IdentityKind, string>> = {
  email: "email address",
  phone: "phone number",
  whatsapp_bsuid: "WhatsApp user id",
  messenger: "Messenger id",
  instagram: "Instagram id",
  widget: "widget visitor id",
  external: "external id",
}

const sentence = ({ kind, matches, verified }: AddressEvidence): string => {
  if (!verified) return `${names[kind]}: not verified, not used`
  if (matches === null) return `${names[kind]}: verified, but Support keeps no such address`
  if (matches.length === 0) return `${names[kind]}: verified, nobody in Support has it`
  return `${names[kind]}: verified, exactly this one belongs to Support user ${matches.map((one) => one.id).join(", ")}`
}

const evidenceOf = (facts: MergeFacts): ReadonlyArray<string> => [
  ...facts.addresses.map(sentence),
  facts.linkedId === null
    ? "chat: Zendesk has not linked the customer to a Support user yet"
    : facts.linked === null
      ? `chat: linked to Support user ${facts.linkedId}, who is gone`
      : `chat: linked to Support user ${facts.linkedId}`,
]

const distinct = (people: ReadonlyArray<SupportPerson>): ReadonlyArray<SupportPerson> => [
  ...new Map(people.map((one) => [one.id, one])).values(),
]

const say = (
  facts: MergeFacts,
  verdict: Verdict["verdict"],
  reason: string,
  ids: { readonly survivorId: string; readonly loserId: string } | null = null,
): Verdict => ({
  verdict,
  reason,
  evidence: evidenceOf(facts),
  survivorId: ids?.survivorId ?? null,
  loserId: ids?.loserId ?? null,
})

/** Why this user can be part of no merge; null when they can. */
const unfit = (person: SupportPerson): string | null => {
  if (person.role !== "end-user")
    return `Support user ${person.id} is ${person.role === "" ? "of an unknown role" : `an ${person.role}`}; only end users are merged`
  if (person.suspended) return `Support user ${person.id} is suspended`
  if (person.shared) return `Support user ${person.id} belongs to a sharing agreement`
  return null
}

/** Zendesk's rules about users that were never verified; null when none is in the way. */
const unverifiedRule = (
  survivor: SupportPerson,
  loser: SupportPerson,
  singleSignOn: boolean,
): string | null => {
  if (survivor.verified && loser.verified) return null
  if (singleSignOn && (survivor.externalId !== null || loser.externalId !== null))
    return "customers sign in by single sign-on and one of the two users is unverified; Zendesk then merges only users without external ids"
  return !loser.verified && !loser.hasEmail
    ? `Support user ${loser.id} is unverified and has no email address; Zendesk does not merge such a user`
    : null
}

const isOlder = (a: SupportPerson, b: SupportPerson): boolean => {
  if (a.createdAt !== null && b.createdAt !== null && a.createdAt !== b.createdAt)
    return a.createdAt < b.createdAt
  // Ids rise with time; compared as numbers of any length.
  return a.id.length === b.id.length ? a.id < b.id : a.id.length < b.id.length
}

const foreignId = (person: SupportPerson, facts: MergeFacts): boolean =>
  person.externalId !== null && person.externalId !== facts.chatExternalId

/** Whoever has an external id of another system stays, because the loser loses theirs; else whoever was there first. */
const survivorOf = (a: SupportPerson, b: SupportPerson, facts: MergeFacts): SupportPerson => {
  if (foreignId(a, facts) !== foreignId(b, facts)) return foreignId(a, facts) ? a : b
  return isOlder(a, b) ? a : b
}

const differ = (a: string | null, b: string | null): boolean => a !== null && b !== null && a !== b

/**
 * Two systems say that these are two people. It counts also when only the messaging side has the id: Zendesk's sync would
 * write the survivor's over it, and we would not find the customer again.
 */
const idsDiffer = (match: SupportPerson, facts: MergeFacts): boolean =>
  differ(match.externalId, facts.chatExternalId) || differ(match.externalId, facts.linked?.externalId ?? null)

/** Support's times have whole seconds. */
const secondMs = 1_000

/** Whether Zendesk made the linked user for this chat, rather than finding somebody whom it had long known. */
const madeForChat = (linked: SupportPerson, match: SupportPerson, facts: MergeFacts): boolean =>
  linked.createdAt === null || facts.chatSince === null
    ? isOlder(match, linked)
    : linked.createdAt + secondMs > facts.chatSince

const mergeTwo = (facts: MergeFacts, linked: SupportPerson, match: SupportPerson): Verdict => {
  if (!madeForChat(linked, match, facts))
    return say(
      facts,
      "linked",
      `Zendesk has linked the chat to Support user ${linked.id}, whom it knew before`,
    )
  const trouble = unfit(linked)
  if (trouble !== null) return say(facts, "refused", trouble)
  const survivor = survivorOf(linked, match, facts)
  const loser = survivor === linked ? match : linked
  const rule = unverifiedRule(survivor, loser, facts.singleSignOn)
  if (rule !== null) return say(facts, "refused", rule)
  const ids = { survivorId: survivor.id, loserId: loser.id }
  return say(facts, "merge", `Support user ${loser.id} goes into ${survivor.id}`, ids)
}

/** Nobody else in Support carries an address of the contact. */
const withoutMatch = (facts: MergeFacts, sameAsLinked: boolean): Verdict => {
  if (sameAsLinked)
    return say(facts, "linked", "Zendesk has linked the chat to the very Support user who has the address")
  const known = facts.addresses.length
  if (known > 0 && facts.addresses.every((one) => !one.verified))
    return say(facts, "refused", "no address of the contact is verified")
  return say(facts, "nothing", "nobody in Support has a verified address of the contact")
}

const strongest = (facts: MergeFacts): ReadonlyArray<SupportPerson> => {
  const kind = facts.addresses.find((one) => one.verified && (one.matches ?? []).length > 0)?.kind
  const same = facts.addresses.filter((one) => one.verified && one.kind === kind)
  return distinct(same.flatMap((one) => one.matches ?? []))
}

/** The decision. The strongest kind of address that leads to anybody decides; weaker ones are not asked. */
export const decideMerge = (facts: MergeFacts): Verdict => {
  const found = strongest(facts)
  const others = found.filter((one) => one.id !== facts.linkedId)
  if (others.length > 1)
    return say(facts, "refused", `several Support users match: ${others.map((one) => one.id).join(", ")}`)
  const match = others[0]
  if (match === undefined) return withoutMatch(facts, found.length > 0)
  const trouble = unfit(match)
  if (trouble !== null) return say(facts, "refused", trouble)
  if (idsDiffer(match, facts)) return say(facts, "refused", "both have external ids, and they differ")
  if (facts.linkedId === null)
    return say(
      facts,
      "nothing",
      `Support user ${match.id} matches, but the chat has no Support user yet; Zendesk makes one with the ticket`,
    )
  if (facts.linked !== null) return mergeTwo(facts, facts.linked, match)
  const ids = { survivorId: match.id, loserId: facts.linkedId }
  return say(facts, "sync", `Support user ${facts.linkedId} was merged earlier; ${match.id} remains`, ids)
}
