/** Numbers that two providers spell in two ways are one number. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { canonicalPhone, type MessageEvent } from "../../src/index.ts"
import { mail, makeRig, onlySession, settled, write } from "../support/Rig.ts"

describe("canonicalPhone", () => {
  it.each([
    ["+5215512345678", "+525512345678"],
    ["+551198765432", "+5511998765432"],
    ["+541123456789", "+5491123456789"],
    ["+5491123456789", "+5491123456789"],
    ["+14155550100", "+14155550100"],
    ["+551132345678", "+551132345678"],
    ["12345", "12345"],
    ["anonymous", "anonymous"],
  ])("%s is %s", (spelled, one) => {
    assert.strictEqual(canonicalPhone(spelled), one)
  })

  it.live("one person in two spellings is one contact", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      const from = (value: string): Partial<MessageEvent> => ({
        sender: { kind: "phone", value, verified: true, name: null },
      })
      yield* write(rig, mail("a text message", from("+525512345678")))
      yield* write(rig, mail("by WhatsApp", from("+5215512345678")))
      yield* settled(rig)
      const session = yield* onlySession(rig)
      const entries = yield* rig.store.timeline(session.orgId, session.id)
      const said = entries.filter(({ body }) => body._tag === "CustomerMessage")
      assert.lengthOf(said, 2)
      const contact = yield* rig.contacts.get(session.orgId, session.contactId)
      assert.deepStrictEqual(
        contact?.identities.map(({ value }) => value),
        ["+525512345678"],
      )
    }).pipe(Effect.scoped),
  )
})
