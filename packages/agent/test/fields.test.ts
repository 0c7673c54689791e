/** Fields are filled with what was said plainly, and left blank otherwise. */
import { assert, describe, it } from "@effect/vitest"
import { ChannelId, type FieldKind, type FieldRequest, OrgId, type TurnContext } from "@opencx/core"
import { fillFields } from "../src/fields/fill.ts"

const said = (text: string, change: Partial<TurnContext> = {}): TurnContext => ({
  orgId: OrgId.make("acme"),
  organizationName: "Acme",
  channel: ChannelId.make("email"),
  subject: null,
  lines: [{ role: "customer", text, at: 0 }],
  unanswered: 1,
  language: null,
  agentLanguage: "en",
  escalateTopics: [],
  ...change,
})

const field = (
  kind: FieldKind,
  title: string,
  change: Partial<FieldRequest["field"]> = {},
  instruction: string | null = null,
): FieldRequest => ({
  field: {
    id: "1",
    kind,
    title,
    description: "",
    active: true,
    required: false,
    options: [],
    pattern: null,
    ...change,
  },
  instruction,
})

const valueOf = (request: FieldRequest, text: string, change: Partial<TurnContext> = {}) =>
  fillFields([request], said(text, change))[0]?.value ?? null

const options = (...pairs: ReadonlyArray<readonly [string, string]>) => ({
  options: pairs.map(([label, value]) => ({ label, value })),
})

const reason = field(
  "dropdown",
  "Reason",
  options(
    ["Refund", "reason_1"],
    ["Delivery::Late", "reason_2"],
    ["Delivery::Damaged", "reason_3"],
    ["Account::Password", "reason_4"],
    ["Other", "reason_9"],
  ),
)

describe("a dropdown", () => {
  const cases = [
    ["I'd like my money back please", "reason_1"],
    ["My parcel is late, it should have been here on Monday.", "reason_2"],
    ["The frame arrived damaged", "reason_3"],
    ["the box came cracked and torn", "reason_3"],
    ["I forgot my passcode", "reason_4"],
    ["I want to talk to a human", null],
    ["What are your opening hours?", null],
    ["Do you sell anything else or other things?", null],
    ["", null],
    ["👍", null],
    ["أريد التحدث إلى شخص", null],
  ] as const
  it.each(cases)("%s → %s", (text, value) => assert.strictEqual(valueOf(reason, text), value))

  it("is chosen by what the organization says an option means", () => {
    const bare = field("dropdown", "Queue", options(["Team A", "a"], ["Team B", "b"]))
    assert.isNull(valueOf(bare, "My brakes squeal"))
    const told = field(
      "dropdown",
      "Queue",
      options(["Team A", "a"], ["Team B", "b"]),
      "Team A: brakes, gears, wheels\nTeam B: invoices and payments",
    )
    assert.strictEqual(valueOf(told, "My brakes squeal and the gears slip"), "a")
  })

  it("is blank when two options are as near", () => {
    assert.isNull(valueOf(reason, "A refund, because it came damaged and late, and my password is gone"))
  })

  it("is chosen from the subject, from every customer line, in German too, and never from the AI's words", () => {
    assert.strictEqual(valueOf(reason, "please help", { subject: "Refund" }), "reason_1")
    const german = field("dropdown", "Grund", options(["Erstattung", "e"], ["Lieferung", "l"]))
    assert.strictEqual(valueOf(german, "Ich hätte gerne eine Rückerstattung für meine Hose"), "e")
    const lines = [
      { role: "ai" as const, text: "A refund takes five days.", at: 0 },
      { role: "customer" as const, text: "I want to talk to a human", at: 0 },
    ]
    assert.isNull(valueOf(reason, "", { lines }))
  })
})

describe("a multiselect", () => {
  const parts = field("multiselect", "Parts", options(["Front wheel", "w"], ["Saddle", "s"], ["Bell", "b"]))
  it("takes everything that is named, and nothing else", () => {
    assert.deepStrictEqual([valueOf(parts, "The saddle and the bell are broken")].flat().sort(), ["b", "s"])
    assert.isNull(valueOf(parts, "Everything is broken"))
  })
})

describe("a text", () => {
  const order = field("text", "Order number")
  const cases: ReadonlyArray<readonly [FieldRequest, string, string | null]> = [
    [order, "Where is my order LK-20418?", "LK-20418"],
    [order, "order no. 20418 has not come", "20418"],
    [order, "My order #20418", "20418"],
    [order, "Order 20418 and order 20419 are missing", null],
    [order, "I ordered two weeks ago", null],
    [order, "Call me at +44 20 7946 0958", null],
    [order, "My invoice is RE-77", null],
    [field("text", "Rechnungsnummer", { description: "Nummer der Rechnung" }), "Rechnung RE-77 fehlt", null],
    [field("text", "Reference"), "It says AB-1234 on the box", "AB-1234"],
    [field("text", "Contact email"), "write to dana@example.com", "dana@example.com"],
    [field("text", "Contact email"), "dana@example.com or lee@example.com", null],
    [field("text", "Phone"), "Call me at +44 20 7946 0958 please", "+44 20 7946 0958"],
    [field("text", "Product colour"), "The blue one", null],
    [field("textarea", "Issue summary"), "I want to talk to a human", null],
    [
      field("textarea", "Issue summary"),
      "Hello, my bike squeaks on every hill.",
      "my bike squeaks on every hill.",
    ],
  ]
  it.each(cases.map(([request, text, value]) => ({ title: request.field.title, request, text, value })))(
    "$title of “$text”: $value",
    ({ request, text, value }) => assert.strictEqual(valueOf(request, text), value),
  )
})

describe("numbers, dates, ticks and patterns", () => {
  const cases: ReadonlyArray<readonly [FieldRequest, string, unknown]> = [
    [field("integer", "Quantity"), "quantity: 3", 3],
    [field("integer", "Number of helmets"), "I bought 2 helmets on 3 May 2026", 2],
    [field("integer", "Quantity"), "I bought 3", null],
    [field("integer", "Number"), "the number 12", null],
    [field("integer", "Quantity"), "a quantity of 2.5", null],
    [field("decimal", "Amount"), "the amount was 1,299.90 euros", 1299.9],
    [field("decimal", "Amount"), "der Betrag (amount) war 1.299,90", 1299.9],
    [field("decimal", "Amount"), "an amount of 1,299", null],
    [field("decimal", "Amount"), "an amount of LK-20418", null],
    [field("date", "Purchase date"), "I bought it on 3 May 2026.", "2026-05-03"],
    [field("date", "Purchase date"), "purchased 2026-05-03, returned 2026-06-01", "2026-05-03"],
    [field("date", "Purchase date"), "bought on 03/04/2026", null],
    [field("date", "Purchase date"), "bought on 23/04/2026", "2026-04-23"],
    [field("date", "Purchase date"), "bought on 31 February 2026", null],
    [field("date", "Purchase date"), "My birthday is on 3 May 2026.", null],
    [field("date", "Date"), "It happened on 3rd of May 2026.", "2026-05-03"],
    [field("date", "Kaufdatum"), "am 3. Mai 2026", null],
    [field("checkbox", "Gift"), "It was a gift.", true],
    [field("checkbox", "Gift"), "It was not a gift.", null],
    [field("checkbox", "Gift"), "It was for me.", null],
    [field("regexp", "Serial", { pattern: "^LS-\\d{6}$" }), "serial LS-204188.", "LS-204188"],
    [field("regexp", "Serial", { pattern: "\\ALS-\\h{6}\\z" }), "serial LS-20418f", "LS-20418f"],
    [field("regexp", "Serial", { pattern: "^LS-\\d{6}$" }), "LS-204188 and LS-204189", null],
    [field("regexp", "Serial", { pattern: "^LS-\\d{6}$" }), "LS-20418", null],
    [field("regexp", "Serial", { pattern: "^(?>a+)$" }), "LS-204188", null],
    [field("regexp", "Serial", { pattern: ".*" }), "no figures here", null],
    [field("other", "Card"), "4242 4242 4242 4242", null],
  ]
  it.each(cases.map(([request, text, value]) => ({ title: request.field.title, request, text, value })))(
    "$title of “$text”: $value",
    ({ request, text, value }) => assert.strictEqual(valueOf(request, text), value),
  )
})

describe("any text", () => {
  it("is read in bounded time, whatever it is", () => {
    const nasty = [
      "a".repeat(200_000),
      "1-".repeat(100_000),
      "1,111,".repeat(50_000),
      "x@".repeat(50_000),
      `${"order ".repeat(30_000)}1042`,
      "+1 ".repeat(60_000),
    ]
    const requests = [
      reason,
      field("text", "Order number"),
      field("text", "Email"),
      field("text", "Phone"),
      field("decimal", "Amount"),
      field("date", "Purchase date"),
      field("regexp", "Serial", { pattern: "^[A-Z]{2}\\d+$" }),
    ]
    for (const text of nasty) assert.isAtMost(fillFields(requests, said(text)).length, requests.length)
  }, 20_000)
})
