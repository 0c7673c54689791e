/** The account's own fields, and tickets that carry values for them. */
import { assert, it } from "@effect/vitest"
import type { TicketField } from "@opencx/core"
import { Effect } from "effect"
import { openTicket } from "./drafts.ts"
import type { MakeHelpDesk } from "./HelpDesk.ts"

const field = (change: Partial<TicketField> & Pick<TicketField, "id" | "kind" | "title">): TicketField => ({
  description: "",
  active: true,
  required: false,
  options: [],
  pattern: null,
  ...change,
})

/** One of each kind. */
export const contractFields: ReadonlyArray<TicketField> = [
  field({
    id: "9101",
    kind: "dropdown",
    title: "Grund der Anfrage",
    description: "Why the customer writes",
    options: [
      { value: "refund_request", label: "Refund" },
      { value: "late_delivery", label: "Delivery::Late" },
    ],
  }),
  field({
    id: "9102",
    kind: "multiselect",
    title: "Products",
    options: [
      { value: "bike_city", label: "City bike" },
      { value: "bike_gravel", label: "Gravel bike" },
    ],
  }),
  field({ id: "9103", kind: "text", title: "Order number", required: true }),
  field({ id: "9104", kind: "textarea", title: "Details" }),
  field({ id: "9105", kind: "integer", title: "Quantity" }),
  field({ id: "9106", kind: "decimal", title: "Amount" }),
  field({ id: "9107", kind: "checkbox", title: "VIP" }),
  field({ id: "9108", kind: "date", title: "Purchase date" }),
  field({ id: "9109", kind: "regexp", title: "Serial", pattern: "^[A-Z]{2}-\\d{4}$" }),
  field({ id: "9110", kind: "text", title: "No longer used", active: false }),
]

const listing = (make: MakeHelpDesk) =>
  it.live(
    "lists the account's own fields with kind, options, pattern and state, and nothing that every ticket has",
    () =>
      Effect.gen(function* () {
        const desk = yield* make
        yield* desk.setFields(contractFields)
        const fields = yield* desk.ticketing.fields({ fresh: true })
        const byId = (a: TicketField, b: TicketField) => (a.id < b.id ? -1 : 1)
        assert.deepStrictEqual([...fields].sort(byId), [...contractFields])
        assert.deepStrictEqual(yield* desk.ticketing.fields(), fields, "the same from memory")
      }),
  )

const renewed = (make: MakeHelpDesk) =>
  it.live("options that were added are there as soon as a fresh list is asked for", () =>
    Effect.gen(function* () {
      const desk = yield* make
      const [dropdown, ...others] = contractFields
      if (dropdown === undefined) return assert.fail("a dropdown")
      yield* desk.setFields(contractFields)
      yield* desk.ticketing.fields({ fresh: true })
      const more = { ...dropdown, options: [...dropdown.options, { value: "warranty", label: "Warranty" }] }
      yield* desk.setFields([more, ...others])
      const found = (yield* desk.ticketing.fields({ fresh: true })).find((one) => one.id === dropdown.id)
      assert.deepStrictEqual(found?.options, more.options)
    }),
  )

const carried = (make: MakeHelpDesk) =>
  it.live("a ticket carries the value of every kind of field", () =>
    Effect.gen(function* () {
      const desk = yield* make
      yield* desk.setFields(contractFields)
      const fields = [
        { id: "9101", value: "late_delivery" },
        { id: "9102", value: ["bike_city", "bike_gravel"] },
        { id: "9103", value: "#1042 مرحبا" },
        { id: "9104", value: "two\nlines" },
        { id: "9105", value: 3 },
        { id: "9106", value: 12.5 },
        { id: "9107", value: true },
        { id: "9108", value: "2026-11-21" },
        { id: "9109", value: "AB-1042" },
      ]
      const { ticketId } = yield* openTicket(desk, { fields })
      const held = new Map(yield* desk.fieldsOf(ticketId))
      // Help desks keep decimals as text.
      for (const { id, value } of fields)
        assert.strictEqual(String(held.get(id)), String(value), `field ${id}`)
    }),
  )

const refused = (make: MakeHelpDesk) =>
  it.live("an option that does not exist is Invalid and names its field, and no ticket is made", () =>
    Effect.gen(function* () {
      const desk = yield* make
      yield* desk.setFields(contractFields)
      const fields = [
        { id: "9103", value: "1042" },
        { id: "9101", value: "never_there" },
      ]
      const { reason } = yield* Effect.flip(openTicket(desk, { fields }))
      if (reason._tag !== "Invalid") return assert.fail(reason._tag)
      const said = reason.issues.join("\n")
      assert.isTrue(said.includes("Grund der Anfrage") || said.includes("9101"), said)
      assert.isFalse(said.includes("Order number"), said)
      assert.deepStrictEqual(yield* desk.tickets, [])
      const without = yield* openTicket(desk, { fields: fields.slice(0, 1), idempotencyKey: "contract:2" })
      assert.lengthOf(yield* desk.tickets, 1)
      assert.strictEqual(new Map(yield* desk.fieldsOf(without.ticketId)).get("9103"), "1042")
    }),
  )

/** Reading fields, and tickets with values. */
export const fieldTests = (make: MakeHelpDesk): void => {
  for (const test of [listing, renewed, carried, refused]) test(make)
}
