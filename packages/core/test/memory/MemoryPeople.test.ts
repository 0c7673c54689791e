/** What the people in memory do beyond the contract of `IdentityMerge`: faults, suspended people, the words of a decision. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import {
  type Contact,
  ContactId,
  IdentityMerge,
  layerMemory,
  mergeFaults,
  MemoryPeople,
  Unavailable,
} from "../../src/index.ts"
import { orgId, uuid } from "../support/fixtures.ts"

const contact: Contact = {
  id: ContactId.make(uuid(2)),
  orgId,
  name: null,
  locale: null,
  identities: [
    { kind: "phone", value: "+15550100", verified: true },
    { kind: "email", value: "Eve@customer.example", verified: true },
    { kind: "whatsapp_bsuid", value: "US.1", verified: false },
  ],
}

const input = { contact, order: ["whatsapp_bsuid", "phone", "email"], chatUserId: "user-1" } as const

describe("the people in memory", () => {
  it.effect("a decision says what was looked at, in order", () =>
    Effect.gen(function* () {
      const people = yield* MemoryPeople
      const { merge } = yield* IdentityMerge
      people.add({ addresses: [{ kind: "email", value: "eve@customer.example" }], externalId: contact.id })
      assert.deepStrictEqual(yield* merge(input), {
        decision: "merged",
        reason: "the same email",
        evidence: ["whatsapp_bsuid: not proven", "phone: 0 known", "email: 1 known"],
      })
      assert.strictEqual((yield* merge(input)).reason, "they had been merged before")
    }).pipe(Effect.provide(Layer.fresh(layerMemory.identityMerge))),
  )

  it.effect("suspended people are left alone, and faults strike", () =>
    Effect.gen(function* () {
      const people = yield* MemoryPeople
      const { merge } = yield* IdentityMerge
      people.add({ addresses: [{ kind: "phone", value: "+15550100" }], suspended: true })
      people.next(mergeFaults.refuse(new Unavailable({ detail: "down", retryAfterMs: null })))
      const error = yield* Effect.flip(merge(input))
      assert.deepStrictEqual([error._tag, error.isRetryable], ["IdentityMergeError", true])
      assert.deepInclude(yield* merge(input), { decision: "refused", reason: "the person is suspended" })
      assert.isNull(people.linkOf(input.chatUserId))
      assert.strictEqual(people.count, 2)
    }).pipe(Effect.provide(Layer.fresh(layerMemory.identityMerge))),
  )
})
