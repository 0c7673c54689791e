/** Whatever an agent says, only what a field takes gets into a request. */
import { assert, describe, it } from "@effect/vitest"
import type { FieldKind, TicketField, TicketFieldValue } from "../../src/index.ts"
import { validValue } from "../../src/engine/tasks/fieldValues.ts"

const field = (kind: FieldKind, change: Partial<TicketField> = {}): TicketField => ({
  id: "1",
  kind,
  title: "Field",
  description: "",
  active: true,
  required: false,
  options: [
    { value: "refund_request", label: "Refund" },
    { value: "late_delivery", label: "Delivery::Late" },
  ],
  pattern: null,
  ...change,
})

type Case = readonly [TicketField, TicketFieldValue, TicketFieldValue | null]

const order = field("regexp", { pattern: "\\A[A-Z]{2}-\\d{4}\\z" })

const cases: ReadonlyArray<Case> = [
  [field("dropdown"), "refund_request", "refund_request"],
  [field("dropdown"), "Refund", null],
  [field("dropdown"), "REFUND_REQUEST", null],
  [field("dropdown"), "chargeback", null],
  [field("dropdown"), ["refund_request"], null],
  [field("multiselect"), ["late_delivery", "nonsense", "late_delivery"], ["late_delivery"]],
  [field("multiselect"), "refund_request", ["refund_request"]],
  [field("multiselect"), ["nonsense"], null],
  [field("multiselect"), [], null],
  [field("checkbox"), true, true],
  [field("checkbox"), false, false],
  [field("checkbox"), "true", null],
  [field("text"), "  order \n 1042 ", "order 1042"],
  [field("text"), "x".repeat(251), null],
  [field("text"), "   ", null],
  [field("text"), true, null],
  [field("textarea"), " two\nlines ", "two\nlines"],
  [field("textarea"), "x".repeat(2001), null],
  [field("integer"), 12, 12],
  [field("integer"), "12", 12],
  [field("integer"), 1.5, null],
  [field("integer"), Number.POSITIVE_INFINITY, null],
  [field("integer"), "12 bikes", null],
  [field("decimal"), "12.50", 12.5],
  [field("decimal"), "1e9", null],
  [field("decimal"), Number.NaN, null],
  [field("date"), "2026-11-21", "2026-11-21"],
  [field("date"), "2026-02-30", null],
  [field("date"), "21.11.2026", null],
  [order, "AB-1042", "AB-1042"],
  [order, "AB-1042 and more", null],
  [field("regexp", { pattern: "^(?>a+)b$" }), "aab", null],
  [field("regexp"), "anything", null],
  [field("other"), "4242", null],
]

describe("a field takes", () => {
  it.each(cases.map(([of, given, kept]) => ({ kind: of.kind, of, given, kept })))(
    "$kind: $given → $kept",
    ({ given, kept, of }) => assert.deepStrictEqual(validValue(of, given), kept),
  )
})
