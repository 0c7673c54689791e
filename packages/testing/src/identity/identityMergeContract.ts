import { assert, describe, it } from "@effect/vitest"
import { type Contact, ContactId, type Identity, OrgId } from "@opencx/core"
import { Effect } from "effect"
import type { MakeMergeDesk, WrittenPerson } from "./MergeDesk.ts"

const phone = "+15550142"
const email = "dana@customer.example"

const proven = (kind: Identity["kind"], value: string): Identity => ({ kind, value, verified: true })
const claimed = (kind: Identity["kind"], value: string): Identity => ({ kind, value, verified: false })

const person = (change: Partial<WrittenPerson>): WrittenPerson => ({
  email: null,
  phone: null,
  agent: false,
  externalId: null,
  ...change,
})

const contactWith = (...identities: ReadonlyArray<Identity>): Contact => ({
  id: ContactId.make("0d8c3a41-7a55-4a0e-8f3c-4e5d6c7b8a90"),
  orgId: OrgId.make("acme"),
  name: "Dana Lee",
  locale: null,
  identities,
})

/** The customer writes in the chat; answers with how to merge them, by phone before mail. */
const customer = Effect.fnUntraced(function* (
  { chatUser, identityMerge }: Effect.Success<MakeMergeDesk>,
  contact: Contact,
) {
  const chatUserId = yield* chatUser(contact)
  return { chatUserId, merge: identityMerge.merge({ contact, order: ["phone", "email"], chatUserId }) }
})

const merging = (make: MakeMergeDesk) =>
  it.live("merges with the person whom a proven address names, and finds that done the next time", () =>
    Effect.gen(function* () {
      const desk = yield* make
      const known = yield* desk.add(person({ email, phone }))
      yield* desk.add(person({ email: "else@customer.example", phone: "+15550143" }))
      const { chatUserId, merge } = yield* customer(desk, contactWith(proven("phone", phone)))
      const first = yield* merge
      assert.strictEqual(first.decision, "merged", first.reason)
      assert.isAbove(first.reason.length, 0)
      assert.isAbove(first.evidence.length, 0)
      assert.strictEqual(yield* desk.personOf(chatUserId), known)
      const second = yield* merge
      assert.include(["merged", "linked", "nothing"], second.decision, second.reason)
      assert.strictEqual(yield* desk.personOf(chatUserId), known)
    }),
  )

const inOrder = (make: MakeMergeDesk) =>
  it.live("the strongest evidence decides, and the next one where the strongest names nobody", () =>
    Effect.gen(function* () {
      const desk = yield* make
      const byMail = yield* desk.add(person({ email }))
      const contact = contactWith(proven("email", email), proven("phone", phone))
      const first = yield* customer(desk, contact)
      assert.strictEqual((yield* first.merge).decision, "merged")
      assert.strictEqual(yield* desk.personOf(first.chatUserId), byMail)
      const other = yield* make
      yield* other.add(person({ email }))
      const byPhone = yield* other.add(person({ phone }))
      const second = yield* customer(other, contact)
      assert.strictEqual((yield* second.merge).decision, "merged")
      assert.strictEqual(yield* other.personOf(second.chatUserId), byPhone)
    }),
  )

const nobody = (make: MakeMergeDesk) =>
  it.live("nobody known, nothing done", () =>
    Effect.gen(function* () {
      const desk = yield* make
      const stranger = yield* desk.add(person({ email: "else@customer.example" }))
      const { chatUserId, merge } = yield* customer(desk, contactWith(proven("email", email)))
      assert.strictEqual((yield* merge).decision, "nothing")
      assert.notStrictEqual(yield* desk.personOf(chatUserId), stranger)
    }),
  )

const refusals: ReadonlyArray<{
  readonly title: string
  readonly people: ReadonlyArray<WrittenPerson>
  readonly identity: Identity
  readonly allowed: ReadonlyArray<string>
}> = [
  {
    title: "a claim merges nobody",
    people: [person({ email, phone })],
    identity: claimed("email", email),
    allowed: ["nothing", "refused"],
  },
  {
    title: "never with an agent",
    people: [person({ email, phone, agent: true })],
    identity: proven("email", email),
    allowed: ["refused"],
  },
  {
    title: "never when several people match",
    people: [person({ phone }), person({ phone, email })],
    identity: proven("phone", phone),
    allowed: ["refused"],
  },
  {
    title: "never with somebody who is another in another system",
    people: [person({ email, externalId: "crm-77" })],
    identity: proven("email", email),
    allowed: ["refused"],
  },
]

const refusing = (make: MakeMergeDesk) => {
  for (const { allowed, identity, people, title } of refusals) {
    it.live(title, () =>
      Effect.gen(function* () {
        const desk = yield* make
        const ids = yield* Effect.forEach(people, desk.add)
        const { chatUserId, merge } = yield* customer(desk, contactWith(identity))
        const { decision, reason } = yield* merge
        assert.include(allowed, decision, reason)
        assert.isAbove(reason.length, 0)
        assert.notInclude(ids, yield* desk.personOf(chatUserId))
      }),
    )
  }
}

const linked = (make: MakeMergeDesk) =>
  it.live("whom the messaging side has linked stays linked", () =>
    Effect.gen(function* () {
      const desk = yield* make
      const known = yield* desk.add(person({ email }))
      yield* desk.add(person({ phone }))
      const { chatUserId, merge } = yield* customer(desk, contactWith(proven("phone", phone)))
      yield* desk.link(chatUserId, known)
      assert.strictEqual((yield* merge).decision, "linked")
      assert.strictEqual(yield* desk.personOf(chatUserId), known)
    }),
  )

/** Registers what every `IdentityMerge` does. Tests run live: the desk may be a server on a real socket. */
export const identityMergeContract = (name: string, make: MakeMergeDesk): void => {
  describe(`IdentityMerge: ${name}`, () => {
    for (const test of [merging, inOrder, nobody, refusing, linked]) test(make)
  })
}
