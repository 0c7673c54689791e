/** Finding contacts by one address: claims and proof. */
import { assert, type Vitest } from "@effect/vitest"
import { Contacts, type Identity } from "@opencx/core"
import { Effect } from "effect"
import { claimed, newOrg, proven } from "./samples.ts"

type Suite = Vitest.MethodsNonLive<Contacts>

const apart = (it: Suite) =>
  it.effect("finds a contact again, and keeps claims apart from proof", () =>
    Effect.gen(function* () {
      const contacts = yield* Contacts
      const orgId = newOrg()
      const resolve = (identity: Identity, org = orgId, who: string | null = null) =>
        contacts.resolve({ orgId: org, identity, name: who, locale: null })
      const anna = yield* resolve(proven("email", "Anna@Example.com"))
      assert.strictEqual((yield* resolve(proven("email", "anna@example.COM"), orgId, "Anna")).id, anna.id)
      assert.strictEqual((yield* contacts.get(orgId, anna.id))?.name, "Anna")
      assert.strictEqual((yield* resolve(proven("email", "anna@example.com"), orgId, "Eve")).name, "Anna")
      const claim = yield* resolve(claimed("email", "anna@example.com"))
      assert.notStrictEqual(claim.id, anna.id)
      assert.strictEqual((yield* resolve(claimed("email", "ANNA@example.com"))).id, claim.id)
      assert.notStrictEqual((yield* resolve(proven("phone", "anna@example.com"))).id, anna.id)
      const elsewhere = yield* resolve(proven("email", "anna@example.com"), newOrg())
      assert.notStrictEqual(elsewhere.id, anna.id)
      assert.isNull(yield* contacts.get(orgId, elsewhere.id))
      assert.isNull(yield* contacts.get(newOrg(), anna.id))
      const odd = yield* resolve(proven("external", `\u0000${"é".repeat(5000)}`), orgId, "\u0000")
      assert.deepStrictEqual(yield* contacts.get(orgId, odd.id), odd)
    }),
  )

const simultaneous = (it: Suite) =>
  it.effect("makes one contact of many simultaneous first messages", () =>
    Effect.gen(function* () {
      const contacts = yield* Contacts
      const orgId = newOrg()
      const also = [proven("whatsapp_bsuid", "US.1")]
      const claims = [
        { orgId, identity: proven("email", "new@example.com"), name: "N", locale: "fr" },
        { orgId, identity: proven("phone", "+15550100"), also, name: null, locale: null },
      ]
      for (const claim of claims) {
        const found = yield* Effect.all(
          Array.from({ length: 20 }, () => contacts.resolve(claim)),
          { concurrency: "unbounded" },
        )
        assert.strictEqual(new Set(found.map((contact) => contact.id)).size, 1)
      }
    }),
  )

const neverByClaim = (it: Suite) =>
  it.effect("a claim finds nobody of whom anything was proven, however the claim got there", () =>
    Effect.gen(function* () {
      const contacts = yield* Contacts
      const orgId = newOrg()
      const claim = claimed("email", "victim@example.com")
      const resolve = (identity: Identity, also: ReadonlyArray<Identity> = []) =>
        contacts.resolve({ orgId, identity, also, name: null, locale: null })
      const stranger = yield* resolve(claim)
      // The proof decides, not the claim that came along; what was only claimed is noted.
      const visitor = yield* resolve(claim, [proven("widget", "visitor-1")])
      assert.notStrictEqual(visitor.id, stranger.id)
      assert.deepInclude(visitor.identities, claim)
      const another = yield* resolve(proven("widget", "visitor-2"))
      yield* contacts.addIdentity(orgId, another.id, claimed("email", "other@example.com"))
      assert.notInclude([visitor.id, another.id], (yield* resolve(claimed("email", "other@example.com"))).id)
      assert.notStrictEqual((yield* resolve(proven("email", "other@example.com"))).id, another.id)
      assert.strictEqual((yield* resolve(claim)).id, stranger.id)
      // Once something is proven, the claims of before lead there no longer.
      yield* contacts.addIdentity(orgId, stranger.id, proven("phone", "+15550199"))
      const later = yield* resolve(claim)
      assert.notInclude([visitor.id, stranger.id], later.id)
      assert.strictEqual((yield* resolve(proven("phone", "+15550199"))).id, stranger.id)
    }),
  )

/** How a `Contacts` tells claims from proof. */
export const claimTests = (it: Suite): void => {
  for (const test of [apart, simultaneous, neverByClaim]) test(it)
}
