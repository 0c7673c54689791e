import { assert, it } from "@effect/vitest"
import { Contacts, type Identity } from "@opencx/core"
import { Effect, type Layer } from "effect"
import { newOrg } from "./samples.ts"

const email = (value: string, verified: boolean): Identity => ({ kind: "email", value, verified })

/** Registers what every `Contacts` does: one contact per proven address, and claims kept apart from proof. */
export const contactsContract = (name: string, layer: Layer.Layer<Contacts, unknown>): void =>
  it.layer(layer, { timeout: "30 seconds" })(`Contacts: ${name}`, (it) => {
    it.effect("finds a contact again, and keeps claims apart from proof", () =>
      Effect.gen(function* () {
        const contacts = yield* Contacts
        const orgId = newOrg()
        const resolve = (identity: Identity, org = orgId, who: string | null = null) =>
          contacts.resolve({ orgId: org, identity, name: who, locale: null })
        const anna = yield* resolve(email("Anna@Example.com", true))
        assert.strictEqual((yield* resolve(email("anna@example.COM", true), orgId, "Anna")).id, anna.id)
        assert.strictEqual((yield* contacts.get(orgId, anna.id))?.name, "Anna")
        assert.strictEqual((yield* resolve(email("anna@example.com", true), orgId, "Eve")).name, "Anna")
        const claimed = yield* resolve(email("anna@example.com", false))
        assert.notStrictEqual(claimed.id, anna.id)
        assert.strictEqual((yield* resolve(email("ANNA@example.com", false))).id, claimed.id)
        assert.notStrictEqual(
          (yield* resolve({ kind: "phone", value: "anna@example.com", verified: true })).id,
          anna.id,
        )
        const elsewhere = yield* resolve(email("anna@example.com", true), newOrg())
        assert.notStrictEqual(elsewhere.id, anna.id)
        assert.isNull(yield* contacts.get(orgId, elsewhere.id))
        assert.isNull(yield* contacts.get(newOrg(), anna.id))
        const odd = yield* resolve(
          { kind: "external", value: `\u0000${"é".repeat(5000)}`, verified: true },
          orgId,
          "\u0000",
        )
        assert.deepStrictEqual(yield* contacts.get(orgId, odd.id), odd)
      }),
    )

    it.effect("makes one contact of many simultaneous first messages", () =>
      Effect.gen(function* () {
        const contacts = yield* Contacts
        const claim = { orgId: newOrg(), identity: email("new@example.com", true), name: "N", locale: "fr" }
        const found = yield* Effect.all(
          Array.from({ length: 20 }, () => contacts.resolve(claim)),
          { concurrency: "unbounded" },
        )
        assert.strictEqual(new Set(found.map((contact) => contact.id)).size, 1)
      }),
    )
  })
