/** Who writes: telephone numbers, business-scoped ids, both, neither; and what happens when they change. */
import { assert, describe, it } from "@effect/vitest"
import { Contacts, contactsMemory, OrgId } from "@opencx/core"
import { Effect } from "effect"
import { comparablePhone, waDigits } from "../src/identity/phone.ts"
import * as A from "./support/accounts.ts"
import { receive } from "./support/worlds.ts"

const phone = "4915112345678"
const bsuid = "DE.13491208655302741918"
const parent = "DE.ENT.777"
const scoped = (id: string) => `${A.meta.wabaId}:${id}`

const from = (ids: { phone?: string; bsuid?: string; parent?: string }, id = "wamid.1") =>
  A.inbound({ id, from: ids.phone, from_user_id: ids.bsuid, from_parent_user_id: ids.parent })

const read = (...items: ReadonlyArray<unknown>) =>
  Effect.map(receive(A.signed(A.envelope(A.change({ messages: items })))), (events) =>
    events.flatMap((e) => (e._tag === "Message" ? [e] : [])),
  )

describe("what a message proves", () => {
  const cases = [
    [{ phone }, ["phone:+4915112345678"], `phone:${phone}`],
    [{ bsuid }, [`whatsapp_bsuid:${scoped(bsuid)}`], `bsuid:${bsuid}`],
    [{ parent }, [`whatsapp_bsuid:${scoped(parent)}`], `bsuid:${parent}`],
    [{ phone, bsuid }, ["phone:+4915112345678", `whatsapp_bsuid:${scoped(bsuid)}`], `bsuid:${bsuid}`],
    [{ phone, parent }, ["phone:+4915112345678", `whatsapp_bsuid:${scoped(parent)}`], `bsuid:${parent}`],
    [
      { bsuid, parent },
      [`whatsapp_bsuid:${scoped(bsuid)}`, `whatsapp_bsuid:${scoped(parent)}`],
      `bsuid:${bsuid}`,
    ],
    [
      { phone, bsuid, parent },
      ["phone:+4915112345678", `whatsapp_bsuid:${scoped(bsuid)}`, `whatsapp_bsuid:${scoped(parent)}`],
      `bsuid:${bsuid}`,
    ],
  ] as const
  for (const [ids, identities, lane] of cases) {
    it.live(Object.keys(ids).join(" + "), () =>
      Effect.gen(function* () {
        const [message] = yield* read(from(ids))
        assert.isDefined(message)
        if (message === undefined) return
        const { also = [], sender, thread } = { ...message, also: message.sender.also ?? [] }
        assert.deepStrictEqual(
          [sender, ...also].map((i) => `${i.kind}:${i.value}`),
          [...identities],
        )
        for (const identity of [sender, ...also]) assert.isTrue(identity.verified)
        assert.strictEqual(thread.defaultKey, lane)
        assert.isNull(thread.signedKey)
      }),
    )
  }
  it.live("neither: no message, nothing lost beside it", () =>
    Effect.gen(function* () {
      const seen = yield* read(from({}, "wamid.none"), from({ phone }, "wamid.some"))
      assert.deepStrictEqual(
        seen.map((m) => m.messageId),
        ["wamid.some"],
      )
    }),
  )
})

/**
 * The matrix of number × id against what is known already. The engine resolves "the first known of all decides, the others
 * are added"; so each case is right when first messages and later ones have the identities below in common, and no more.
 */
describe("number × id, against what is known", () => {
  const identitiesOf = (m: {
    readonly sender: { kind: string; value: string; also?: ReadonlyArray<{ kind: string; value: string }> }
  }) => [m.sender, ...(m.sender.also ?? [])].map((i) => `${i.kind}:${i.value}`)
  const other = "DE.999"
  const P = "phone:+4915112345678"
  const B = `whatsapp_bsuid:${scoped(bsuid)}`
  const cases: ReadonlyArray<{
    readonly name: string
    readonly known: ReadonlyArray<Parameters<typeof from>[0]>
    readonly now: Parameters<typeof from>[0]
    /** Identities by which the known ones are found, strongest first. */
    readonly foundBy: ReadonlyArray<string>
    readonly sameLane: boolean
  }> = [
    { name: "1 number alone, nobody known", known: [], now: { phone }, foundBy: [], sameLane: false },
    { name: "2 id alone, nobody known", known: [], now: { bsuid }, foundBy: [], sameLane: false },
    {
      name: "3 number alone, number known",
      known: [{ phone }],
      now: { phone },
      foundBy: [P],
      sameLane: true,
    },
    { name: "4 id alone, id known", known: [{ bsuid }], now: { bsuid }, foundBy: [B], sameLane: true },
    {
      name: "5 both, only the number known",
      known: [{ phone }],
      now: { phone, bsuid },
      foundBy: [P],
      sameLane: false,
    },
    {
      name: "6 both, only the id known: the number appears",
      known: [{ bsuid }],
      now: { phone, bsuid },
      foundBy: [B],
      sameLane: true,
    },
    {
      name: "7 both, known as two people: they are one",
      known: [{ phone }, { bsuid }],
      now: { phone, bsuid },
      foundBy: [P, B],
      sameLane: true,
    },
    {
      name: "8 both known together, the number goes away",
      known: [{ phone, bsuid }],
      now: { bsuid },
      foundBy: [B],
      sameLane: true,
    },
  ]
  for (const { foundBy, known, name, now, sameLane } of cases) {
    it.live(name, () =>
      Effect.gen(function* () {
        const before = yield* Effect.forEach(known, (ids, i) => read(from(ids, `wamid.k${i}`)))
        const [message] = yield* read(from(now, "wamid.now"))
        assert.isDefined(message)
        if (message === undefined) return
        const old = new Set(before.flat().flatMap(identitiesOf))
        assert.deepStrictEqual(
          identitiesOf(message).filter((i) => old.has(i)),
          [...foundBy],
        )
        assert.strictEqual(
          before.flat().some((m) => m.thread.defaultKey === message.thread.defaultKey),
          sameLane,
        )
        const [stranger] = yield* read(from({ bsuid: other }, "wamid.other"))
        assert.isFalse(identitiesOf(stranger ?? message).some((i) => old.has(i)))
      }),
    )
  }

  it.effect("the contact book makes the right people of all eight", () =>
    Effect.gen(function* () {
      for (const { foundBy, known, now } of cases) {
        const people = yield* Effect.gen(function* () {
          const contacts = yield* Contacts
          const note = (ids: Parameters<typeof from>[0], id: string) =>
            Effect.gen(function* () {
              const [message] = yield* read(from(ids, id))
              if (message === undefined) return yield* Effect.die("no message")
              const { also = [], kind, name, value, verified } = message.sender
              return yield* contacts.resolve({
                orgId: OrgId.make("acme"),
                identity: { kind, value, verified },
                also,
                name,
                locale: null,
              })
            })
          const before = yield* Effect.forEach(known, (ids, i) => note(ids, `wamid.k${i}`))
          const found = yield* note(now, "wamid.now")
          const after = yield* Effect.forEach(before, (c) => contacts.get(OrgId.make("acme"), c.id))
          return { found, after: after.map((c) => c?.id) }
        }).pipe(Effect.provide(contactsMemory, { local: true }))
        for (const id of people.after) assert.strictEqual(id, people.found.id)
        assert.strictEqual(people.after.length > 0, foundBy.length > 0)
        for (const wanted of [now.phone === undefined ? [] : [P], now.bsuid === undefined ? [] : [B]].flat())
          assert.include(
            people.found.identities.map((i) => `${i.kind}:${i.value}`),
            wanted,
          )
      }
    }),
  )

  it.live("the same id under another WhatsApp account is another person", () =>
    Effect.gen(function* () {
      const events = yield* receive(
        A.signed(A.envelope(A.change({ messages: [from({ bsuid })] }))),
        A.metaSettings({ wabaId: "55555555" }),
      )
      assert.strictEqual(A.firstMessage(events).sender.value, `55555555:${bsuid}`)
      const { wabaId: _, ...settings } = A.metaSettings()
      const without = yield* receive(
        A.signed(A.envelope(A.change({ messages: [from({ bsuid })] }))),
        settings,
      )
      assert.strictEqual(A.firstMessage(without).sender.value, `${A.meta.phoneNumberId}:${bsuid}`)
    }),
  )
})

describe("contact cards", () => {
  it.live("complete what the message leaves out, and give the name", () =>
    Effect.gen(function* () {
      const events = yield* receive(
        A.signed(
          A.envelope(
            A.change({
              contacts: [
                7,
                { profile: { name: "Someone else" }, wa_id: "4900000000", user_id: "DE.other" },
                { profile: { name: "Ann" }, wa_id: phone, user_id: bsuid, parent_user_id: parent },
              ],
              messages: [from({ bsuid })],
            }),
          ),
        ),
      )
      const { sender, address } = A.firstMessage(events)
      assert.strictEqual(sender.name, "Ann")
      assert.strictEqual(sender.value, "+4915112345678")
      assert.strictEqual(JSON.parse(address).phone, phone)
    }),
  )
  it.live("a lone card with another spelling of the number gives the name, not its ids", () =>
    Effect.gen(function* () {
      const events = yield* receive(
        A.signed(
          A.envelope(
            A.change({
              contacts: [{ profile: { name: "Ana" }, wa_id: "5215512345678", user_id: "MX.1" }],
              messages: [from({ phone: "525512345678" })],
            }),
          ),
        ),
      )
      const { sender } = A.firstMessage(events)
      assert.strictEqual(sender.name, "Ana")
      assert.deepStrictEqual(sender.also, [])
    }),
  )
  it.live("a user name stands in for a missing name; without a card there is none", () =>
    Effect.gen(function* () {
      const events = yield* receive(
        A.signed(
          A.envelope(
            A.change({
              contacts: [{ profile: { username: "@ann" }, user_id: bsuid }],
              messages: [from({ bsuid })],
            }),
          ),
        ),
      )
      assert.strictEqual(A.firstMessage(events).sender.name, "@ann")
      const [bare] = yield* read(from({ phone }))
      assert.isNull(bare?.sender.name)
    }),
  )
})

describe("changes of address", () => {
  const changed = (...changes: ReadonlyArray<unknown>) =>
    Effect.map(receive(A.signed(A.envelope(...changes))), (events) =>
      events.map((e) => (e._tag === "IdentityChanged" ? `${e.from.value} > ${e.to.value}` : e._tag)),
    )
  const system = (system: Record<string, unknown>, over: Record<string, unknown> = {}) =>
    A.change({ messages: [A.inbound({ type: "system", text: undefined, system, ...over })] })

  it.live("a new number, as told before and after 2026", () =>
    Effect.gen(function* () {
      for (const body of [
        { type: "user_changed_number", wa_id: "4917000000000" },
        { type: "customer_changed_number", wa_id: "4917000000000", customer: phone },
        { type: "customer_changed_number", new_wa_id: 4917000000000 },
      ])
        assert.deepStrictEqual(yield* changed(system(body)), ["+4915112345678 > +4917000000000"])
    }),
  )
  it.live("a new id, by system message and by update, is one change", () =>
    Effect.gen(function* () {
      const events = yield* changed(
        system(
          { type: "user_changed_user_id", previous_user_id: bsuid, user_id: "DE.2" },
          { from: undefined },
        ),
        A.change(
          {
            user_id_update: [
              {
                user_id: { previous: bsuid, current: "DE.2" },
                parent_user_id: { previous: "DE.ENT.1", current: "DE.ENT.2" },
              },
              "bad",
              { user_id: { current: "DE.3" } },
            ],
          },
          "user_id_update",
        ),
      )
      assert.deepStrictEqual(events, [
        `${scoped(bsuid)} > ${scoped("DE.2")}`,
        `${scoped("DE.ENT.1")} > ${scoped("DE.ENT.2")}`,
        "Ignored",
        "Ignored",
      ])
    }),
  )
  it.live("new ids count for every number of the account, and for no other account", () =>
    Effect.gen(function* () {
      const update = (waba: string) => ({
        object: "whatsapp_business_account",
        entry: [
          {
            id: waba,
            changes: [
              A.change(
                { user_id_update: [{ user_id: { previous: bsuid, current: "DE.2" } }] },
                "user_id_update",
                "999999999",
              ),
            ],
          },
        ],
      })
      const tagsOf = (body: unknown) =>
        Effect.map(receive(A.signed(body)), (events) => events.map((e) => e._tag))
      assert.deepStrictEqual(yield* tagsOf(update(A.meta.wabaId)), ["IdentityChanged"])
      assert.deepStrictEqual(yield* tagsOf(update("666666")), ["Ignored"])
    }),
  )
  it.live("a system message without the previous id takes the sender's", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* changed(system({ type: "user_changed_user_id", user_id: "DE.2" })), [
        `${scoped(bsuid)} > ${scoped("DE.2")}`,
      ])
    }),
  )
})

describe("telephone numbers", () => {
  it("compare alike over WhatsApp and SMS, and are never thrown away", () => {
    for (const [wa, e164] of [
      ["4915112345678", "+4915112345678"],
      ["5215512345678", "+525512345678"],
      ["525512345678", "+525512345678"],
      ["551187654321", "+5511987654321"],
      ["5511987654321", "+5511987654321"],
      ["551133334444", "+551133334444"],
      ["5491112345678", "+5491112345678"],
      ["99999", "+99999"],
    ] as const)
      assert.strictEqual(comparablePhone(wa), e164)
    assert.strictEqual(waDigits("whatsapp:+4915112345678"), phone)
    for (const none of ["", "US.123", "+1 415", "anonymous", "1234"]) assert.isNull(waDigits(none))
  })
  it.live("the address that we write to stays as Meta wrote it", () =>
    Effect.gen(function* () {
      const [message] = yield* read(from({ phone: "5215512345678" }))
      assert.strictEqual(message?.sender.value, "+525512345678")
      assert.strictEqual(JSON.parse(message?.address ?? "{}").phone, "5215512345678")
    }),
  )
  it.live("ids of 128 characters make keys that fit", () =>
    Effect.gen(function* () {
      const [message] = yield* read(from({ bsuid: `US.${"a".repeat(128)}` }))
      assert.isAtMost(message?.thread.defaultKey.length ?? 999, 120)
    }),
  )
})
