import { assert, describe, it } from "@effect/vitest"
import {
  type AddressEvidence,
  decideMerge,
  type MergeFacts,
  type SupportPerson,
  type Verdict,
} from "../../src/index.ts"

/** Who was there first: an ordinary end user. */
const old: SupportPerson = {
  id: "100",
  role: "end-user",
  suspended: false,
  shared: false,
  verified: true,
  externalId: null,
  hasEmail: true,
  createdAt: 1_000,
}
/** Made by messaging a moment ago. */
const fresh: SupportPerson = { ...old, id: "200", createdAt: 9_000 }

const phone = (...matches: ReadonlyArray<SupportPerson>): AddressEvidence => ({
  kind: "phone",
  verified: true,
  matches,
})
const email = (...matches: ReadonlyArray<SupportPerson>): AddressEvidence => ({
  kind: "email",
  verified: true,
  matches,
})
const bsuid: AddressEvidence = { kind: "whatsapp_bsuid", verified: true, matches: null }

const facts = (more: Partial<MergeFacts> = {}): MergeFacts => ({
  addresses: [phone(old)],
  linkedId: fresh.id,
  linked: fresh,
  chatExternalId: null,
  chatSince: 8_500,
  singleSignOn: false,
  ...more,
})

const short = (verdict: Verdict) => [verdict.verdict, verdict.survivorId, verdict.loserId]
const merges = (survivor: string, loser: string) => ["merge", survivor, loser]
const refused = ["refused", null, null]

describe("decideMerge: who stays", () => {
  it("the older user stays, whichever side they are on", () => {
    assert.deepStrictEqual(short(decideMerge(facts())), merges("100", "200"))
    const swapped = facts({ addresses: [phone(fresh)], linkedId: "100", linked: old, chatSince: 500 })
    assert.deepStrictEqual(short(decideMerge(swapped)), merges("100", "200"))
  })

  it("whom Zendesk knew before the chat stays linked, whatever an address says", () => {
    const linked = { ...old, id: "90" }
    const verdict = decideMerge(facts({ addresses: [phone(fresh)], linkedId: "90", linked }))
    assert.deepStrictEqual(short(verdict), ["linked", null, null])
    assert.include(verdict.reason, "whom it knew before")
  })

  it("Support's times have whole seconds: made in the same second is made for the chat", () => {
    const linked = { ...fresh, createdAt: 8_000 }
    assert.deepStrictEqual(short(decideMerge(facts({ linked }))), merges("100", "200"))
    assert.strictEqual(decideMerge(facts({ linked: { ...fresh, createdAt: 7_000 } })).verdict, "linked")
  })

  it("without times, the linked user was made for the chat when the match is older", () => {
    assert.deepStrictEqual(short(decideMerge(facts({ chatSince: null }))), merges("100", "200"))
    const younger = facts({ addresses: [phone(fresh)], linkedId: "100", linked: old, chatSince: null })
    assert.strictEqual(decideMerge(younger).verdict, "linked")
  })

  it("without a time the lower id is the older one, of any length", () => {
    const a = { ...old, id: "99", createdAt: null }
    const b = { ...fresh, id: "1000000000000000001", createdAt: null }
    const both = facts({ addresses: [phone(a)], linkedId: b.id, linked: b })
    assert.deepStrictEqual(short(decideMerge(both)), merges("99", b.id))
  })

  it("whoever has an external id stays, because the loser loses theirs", () => {
    const withId = { ...fresh, externalId: "crm-7" }
    assert.deepStrictEqual(short(decideMerge(facts({ linked: withId }))), merges("200", "100"))
  })

  it("an external id that is only our own does not make its holder stay", () => {
    const ours = facts({ linked: { ...fresh, externalId: "contact-1" }, chatExternalId: "contact-1" })
    assert.deepStrictEqual(short(decideMerge(ours)), merges("100", "200"))
  })
})

describe("decideMerge: refusals", () => {
  it("both with different external ids", () => {
    const verdict = decideMerge(
      facts({ addresses: [phone({ ...old, externalId: "a" })], linked: { ...fresh, externalId: "b" } }),
    )
    assert.deepStrictEqual(short(verdict), refused)
    assert.include(verdict.reason, "external ids")
  })

  it("an external id that differs from the one we gave the customer in the chat", () => {
    const crm = { ...old, externalId: "crm-77" }
    const verdict = decideMerge(facts({ addresses: [phone(crm)], chatExternalId: "contact-1" }))
    assert.deepStrictEqual(short(verdict), refused)
    assert.include(verdict.reason, "external ids")
  })

  it("the same external id on both is no obstacle", () => {
    const verdict = decideMerge(
      facts({ addresses: [phone({ ...old, externalId: "a" })], linked: { ...fresh, externalId: "a" } }),
    )
    assert.deepStrictEqual(short(verdict), merges("100", "200"))
  })

  for (const role of ["agent", "admin", ""]) {
    it(`a user of the role "${role}", on either side`, () => {
      assert.deepStrictEqual(short(decideMerge(facts({ addresses: [phone({ ...old, role })] }))), refused)
      assert.deepStrictEqual(short(decideMerge(facts({ linked: { ...fresh, role } }))), refused)
    })
  }

  it("a suspended user, on either side", () => {
    assert.include(
      decideMerge(facts({ addresses: [phone({ ...old, suspended: true })] })).reason,
      "suspended",
    )
    assert.include(decideMerge(facts({ linked: { ...fresh, suspended: true } })).reason, "suspended")
  })

  it("a user of a sharing agreement", () => {
    assert.include(decideMerge(facts({ linked: { ...fresh, shared: true } })).reason, "sharing agreement")
  })

  it("several exact matches of one address, or of two of the same kind", () => {
    const other = { ...old, id: "150" }
    const one = decideMerge(facts({ addresses: [phone(old, other)] }))
    assert.deepStrictEqual(short(one), refused)
    assert.include(one.reason, "several Support users match: 100, 150")
    assert.deepStrictEqual(short(decideMerge(facts({ addresses: [phone(old), phone(other)] }))), refused)
  })

  it("but a stronger kind goes before a weaker one", () => {
    const other = { ...old, id: "150" }
    assert.deepStrictEqual(
      short(decideMerge(facts({ addresses: [phone(old), email(other)] }))),
      merges("100", "200"),
    )
    assert.deepStrictEqual(
      short(decideMerge(facts({ addresses: [phone(), email(old)] }))),
      merges("100", "200"),
    )
  })

  it("only addresses that nobody has proved", () => {
    const claimed: AddressEvidence = { kind: "email", verified: false, matches: null }
    const verdict = decideMerge(facts({ addresses: [claimed] }))
    assert.deepStrictEqual(short(verdict), refused)
    assert.include(verdict.reason, "no address of the contact is verified")
    assert.include(verdict.evidence[0], "not verified, not used")
  })

  it("matches of an unproved address count for nothing, even when they are there", () => {
    const claimed: AddressEvidence = { kind: "email", verified: false, matches: [old] }
    assert.deepStrictEqual(short(decideMerge(facts({ addresses: [claimed] }))), refused)
    assert.deepStrictEqual(short(decideMerge(facts({ addresses: [phone(), claimed] }))), [
      "nothing",
      null,
      null,
    ])
  })

  it("an unverified loser without an email address", () => {
    const bare = { ...fresh, verified: false, hasEmail: false }
    assert.include(decideMerge(facts({ linked: bare })).reason, "unverified and has no email")
    assert.deepStrictEqual(
      short(decideMerge(facts({ linked: { ...bare, hasEmail: true } }))),
      merges("100", "200"),
    )
  })

  it("single sign-on, an unverified user and an external id", () => {
    const linked = { ...fresh, verified: false }
    const match = { ...old, externalId: "crm-7" }
    const sso = facts({ addresses: [phone(match)], linked, singleSignOn: true })
    assert.include(decideMerge(sso).reason, "single sign-on")
    assert.deepStrictEqual(short(decideMerge({ ...sso, singleSignOn: false })), merges("100", "200"))
    assert.deepStrictEqual(short(decideMerge({ ...sso, addresses: [phone(old)] })), merges("100", "200"))
    assert.deepStrictEqual(short(decideMerge({ ...sso, linked: fresh })), merges("100", "200"))
  })
})

describe("decideMerge: nothing to do", () => {
  it("Zendesk has linked the very user", () => {
    const verdict = decideMerge(facts({ addresses: [phone(fresh)] }))
    assert.deepStrictEqual(short(verdict), ["linked", null, null])
  })

  it("the linked user and one other: the other one counts", () => {
    assert.deepStrictEqual(
      short(decideMerge(facts({ addresses: [phone(fresh, old)] }))),
      merges("100", "200"),
    )
  })

  it("nobody has the address, or there is none", () => {
    assert.deepStrictEqual(short(decideMerge(facts({ addresses: [phone()] }))), ["nothing", null, null])
    assert.deepStrictEqual(short(decideMerge(facts({ addresses: [] }))), ["nothing", null, null])
  })

  it("the chat has no Support user yet", () => {
    const verdict = decideMerge(facts({ linkedId: null, linked: null }))
    assert.deepStrictEqual(short(verdict), ["nothing", null, null])
    assert.include(verdict.reason, "no Support user yet")
  })

  it("the linked user is gone: merged earlier, only the messaging side has to hear of it", () => {
    assert.deepStrictEqual(short(decideMerge(facts({ linked: null }))), ["sync", "100", "200"])
    const agent = facts({ linked: null, addresses: [phone({ ...old, role: "agent" })] })
    assert.deepStrictEqual(short(decideMerge(agent)), refused)
    assert.deepStrictEqual(short(decideMerge(facts({ linked: null, addresses: [phone()] }))), [
      "nothing",
      null,
      null,
    ])
  })
})

describe("decideMerge: phone and WhatsApp id, as far as Support knows them", () => {
  // Support keeps phone numbers and no business-scoped ids: only the phone can lead to somebody.
  const cases: ReadonlyArray<
    readonly [string, ReadonlyArray<AddressEvidence>, ReadonlyArray<string | null>]
  > = [
    ["no phone, no id", [], ["nothing", null, null]],
    ["id alone", [bsuid], ["nothing", null, null]],
    ["phone alone, known", [phone(old)], merges("100", "200")],
    ["phone alone, unknown", [phone()], ["nothing", null, null]],
    ["phone known, with an id", [phone(old), bsuid], merges("100", "200")],
    ["phone unknown, with an id", [phone(), bsuid], ["nothing", null, null]],
    ["phone of the linked user, with an id", [phone(fresh), bsuid], ["linked", null, null]],
    ["phone of two users, with an id", [phone(old, { ...old, id: "150" }), bsuid], refused],
  ]
  for (const [what, addresses, wanted] of cases) {
    it(what, () => {
      assert.deepStrictEqual(short(decideMerge(facts({ addresses }))), wanted)
    })
  }
})

describe("decideMerge: evidence", () => {
  it("is told in the order in which it counts, without the addresses themselves", () => {
    const { evidence } = decideMerge(facts({ addresses: [phone(old), bsuid, email()] }))
    assert.deepStrictEqual(evidence, [
      "phone number: verified, exactly this one belongs to Support user 100",
      "WhatsApp user id: verified, but Support keeps no such address",
      "email address: verified, nobody in Support has it",
      "chat: linked to Support user 200",
    ])
  })
})
