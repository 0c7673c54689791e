/** Contacts with several addresses: those that come with a message, that are added, and that change. */
import { assert, type Vitest } from "@effect/vitest"
import { type Contact, Contacts, type Identity, type OrgId } from "@opencx/core"
import { Effect } from "effect"
import { claimed, newOrg, proven } from "./samples.ts"

type Suite = Vitest.MethodsNonLive<Contacts>

const phone = proven("phone", "+15550100")
const newPhone = proven("phone", "+15550101")
const bsuid = proven("whatsapp_bsuid", "US.13491208655302741918")

const resolve = (orgId: OrgId, identity: Identity, ...also: ReadonlyArray<Identity>) =>
  Contacts.use((contacts) => contacts.resolve({ orgId, identity, also, name: null, locale: null }))

/** A WhatsApp message carries a phone number, a business-scoped id, or both; the number stands first where it is there. */
const whatsapp: ReadonlyArray<{
  readonly title: string
  /** What the contact had before; null for nobody. */
  readonly known: ReadonlyArray<Identity> | null
  readonly message: readonly [Identity, ...Array<Identity>]
  /** What the contact has afterwards. */
  readonly has: ReadonlyArray<Identity>
}> = [
  {
    title: "number and id of nobody: a new contact with both",
    known: null,
    message: [phone, bsuid],
    has: [phone, bsuid],
  },
  { title: "id alone of nobody: a new contact with it", known: null, message: [bsuid], has: [bsuid] },
  { title: "number and id, both known", known: [phone, bsuid], message: [phone, bsuid], has: [phone, bsuid] },
  {
    title: "number and id, only the id known: the number is added",
    known: [bsuid],
    message: [phone, bsuid],
    has: [phone, bsuid],
  },
  {
    title: "number and id, only the number known: the id is added",
    known: [phone],
    message: [phone, bsuid],
    has: [phone, bsuid],
  },
  { title: "id alone, of a contact with both", known: [phone, bsuid], message: [bsuid], has: [phone, bsuid] },
  { title: "id alone, of a contact with nothing else", known: [bsuid], message: [bsuid], has: [bsuid] },
  {
    title: "another number with a known id: the new one stands beside the old",
    known: [phone, bsuid],
    message: [newPhone, bsuid],
    has: [phone, bsuid, newPhone],
  },
]

const matrix = (it: Suite) => {
  for (const { has, known, message, title } of whatsapp) {
    it.effect(title, () =>
      Effect.gen(function* () {
        const contacts = yield* Contacts
        const orgId = newOrg()
        const stranger = yield* resolve(orgId, proven("phone", "+15550999"))
        const [first, ...rest] = known ?? []
        const before = first === undefined ? null : yield* resolve(orgId, first, ...rest)
        const found = yield* resolve(orgId, ...message)
        if (before !== null) assert.strictEqual(found.id, before.id)
        assert.notStrictEqual(found.id, stranger.id)
        assert.sameDeepMembers([...found.identities], [...has])
        assert.deepStrictEqual(yield* contacts.get(orgId, found.id), found)
        for (const identity of has) assert.strictEqual((yield* resolve(orgId, identity)).id, found.id)
      }),
    )
  }
}

const provenOne = (it: Suite) =>
  it.effect(
    "number of one contact and id of another: they become one, and the first address decides which",
    () =>
      Effect.gen(function* () {
        const contacts = yield* Contacts
        for (const order of [
          [phone, bsuid],
          [bsuid, phone],
        ] as const) {
          const orgId = newOrg()
          const elsewhere = yield* resolve(newOrg(), bsuid)
          const made: Record<string, Contact> = {}
          for (const identity of [phone, bsuid]) made[identity.kind] = yield* resolve(orgId, identity)
          const found = yield* resolve(orgId, ...order)
          assert.strictEqual(found.id, made[order[0].kind]?.id)
          assert.sameDeepMembers([...found.identities], [phone, bsuid])
          for (const contact of Object.values(made))
            assert.deepStrictEqual(yield* contacts.get(orgId, contact.id), found)
          assert.strictEqual((yield* resolve(orgId, phone)).id, found.id)
          assert.strictEqual((yield* resolve(orgId, bsuid)).id, found.id)
          assert.deepStrictEqual(yield* contacts.get(elsewhere.orgId, elsewhere.id), elsewhere)
        }
      }),
  )

const adding = (it: Suite) =>
  it.effect("an added address finds the contact; somebody else's stays there", () =>
    Effect.gen(function* () {
      const contacts = yield* Contacts
      const orgId = newOrg()
      const anna = yield* resolve(orgId, phone)
      const eve = yield* resolve(orgId, newPhone)
      yield* contacts.addIdentity(orgId, anna.id, proven("email", "anna@example.com"))
      yield* contacts.addIdentity(orgId, anna.id, proven("email", "Anna@example.com"))
      yield* contacts.addIdentity(orgId, eve.id, proven("email", "ANNA@example.com"))
      yield* contacts.addIdentity(newOrg(), eve.id, bsuid)
      assert.strictEqual((yield* resolve(orgId, proven("email", "anna@example.com"))).id, anna.id)
      assert.sameDeepMembers(
        [...((yield* contacts.get(orgId, anna.id))?.identities ?? [])],
        [phone, proven("email", "anna@example.com")],
      )
      assert.deepStrictEqual(yield* contacts.get(orgId, eve.id), eve)
      // Proof of what was only claimed takes its place.
      yield* contacts.addIdentity(orgId, eve.id, claimed("email", "eve@example.com"))
      yield* contacts.addIdentity(orgId, eve.id, proven("email", "eve@example.com"))
      yield* contacts.addIdentity(orgId, eve.id, claimed("email", "eve@example.com"))
      assert.deepStrictEqual((yield* contacts.get(orgId, eve.id))?.identities, [
        newPhone,
        proven("email", "eve@example.com"),
      ])
    }),
  )

const moving = (it: Suite) =>
  it.effect("an address that changed: the new one in the old one's place, other kinds beside it", () =>
    Effect.gen(function* () {
      const contacts = yield* Contacts
      const orgId = newOrg()
      const anna = yield* resolve(orgId, phone)
      assert.isNull(yield* contacts.moveIdentity(orgId, bsuid, newPhone), "nobody is known by that")
      assert.isNull(yield* contacts.moveIdentity(newOrg(), phone, newPhone))
      const moved = yield* contacts.moveIdentity(orgId, phone, newPhone)
      assert.deepStrictEqual([moved?.id, moved?.identities], [anna.id, [newPhone]])
      assert.isNull(yield* contacts.moveIdentity(orgId, phone, newPhone), "done already")
      assert.strictEqual((yield* resolve(orgId, newPhone)).id, anna.id)
      const next = yield* resolve(orgId, phone)
      assert.notStrictEqual(next.id, anna.id, "the old number is somebody else's now")
      const both = yield* contacts.moveIdentity(orgId, newPhone, bsuid)
      assert.sameDeepMembers([...(both?.identities ?? [])], [newPhone, bsuid])
      // The message from the new address came before the news of it.
      const early = yield* resolve(orgId, proven("whatsapp_bsuid", "US.2"))
      const one = yield* contacts.moveIdentity(orgId, bsuid, proven("whatsapp_bsuid", "US.2"))
      assert.strictEqual(one?.id, anna.id)
      assert.strictEqual((yield* contacts.get(orgId, early.id))?.id, anna.id)
      // A claim does not end a proof.
      yield* contacts.moveIdentity(orgId, newPhone, claimed("phone", "+15550102"))
      assert.strictEqual((yield* resolve(orgId, newPhone)).id, anna.id)
    }),
  )

/** How a `Contacts` keeps several addresses of one person. */
export const addressTests = (it: Suite): void => {
  for (const test of [matrix, provenOne, adding, moving]) test(it)
}
