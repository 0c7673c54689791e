/** Markdown that every channel must carry. `words` must arrive in this order, whatever the markup does to the rest. */

export interface CorpusItem {
  readonly name: string
  readonly markdown: string
  readonly words: ReadonlyArray<string>
  /** Must arrive in one piece, in one message. */
  readonly whole?: string
}

const longUrl = `https://help.acme.example/articles/${"long-path-segment-".repeat(12)}end?query=${"x".repeat(120)}`

const sentences = (count: number): string =>
  Array.from({ length: count }, (_, i) => `Sentence number ${i + 1} says that the lamp is lit.`).join(" ")

/** Texts as agents and the AI write them, and texts that break naive renderers. */
export const markdownCorpus: ReadonlyArray<CorpusItem> = [
  { name: "plain", markdown: "Your order is on its way.", words: ["order", "way"] },
  {
    name: "emphasis",
    markdown: "This is **important** and _urgent_, not ~~late~~.",
    words: ["important", "urgent", "late"],
  },
  {
    name: "list",
    markdown: "Do this:\n\n1. Unplug\n2. Wait\n   - ten seconds\n3. Plug in",
    words: ["Unplug", "Wait", "seconds", "Plug in"],
  },
  { name: "link", markdown: "See [the guide](https://help.acme.example/guide).", words: ["guide"] },
  {
    name: "right to left",
    markdown: "مرحبًا، تم شحن طلبك رقم 1234 اليوم.\n\nשלום, ההזמנה נשלחה.",
    words: ["طلبك", "1234", "ההזמנה"],
  },
  {
    name: "mixed directions",
    markdown: "طلبك `ORD-77` في [الدليل](https://help.acme.example/ar)",
    words: ["ORD-77", "الدليل"],
  },
  { name: "emoji", markdown: "Done 👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 🇯🇵 – thanks", words: ["Done", "👩‍👩‍👧‍👦", "🇯🇵", "thanks"] },
  {
    name: "combining marks",
    markdown: "Cafe\u0301 Zürich Việt नमस्ते ประเทศไทย",
    words: ["Zürich", "नमस्ते", "ประเทศไทย"],
  },
  {
    name: "CJK",
    markdown: "ご注文は発送されました。你的订单已发货。주문이 발송되었습니다.",
    words: ["発送", "订单", "발송"],
  },
  {
    name: "code",
    markdown: "Run `npm i` then:\n\n```sh\nopencx start --port 8080\n```",
    words: ["npm i", "opencx start"],
  },
  {
    name: "table",
    markdown: "| Plan | Price |\n|---|---|\n| Basic | 5 |\n| Pro | 12 |",
    words: ["Basic", "5", "Pro", "12"],
  },
  {
    name: "quote",
    markdown: "> You wrote: it is broken\n\nWe will replace it.",
    words: ["broken", "replace"],
  },
  { name: "long URL", markdown: `Open ${longUrl} please`, words: ["Open", "please"], whole: longUrl },
  {
    name: "special characters",
    markdown: '5 < 6 & 7 > 3, "quoted", it\'s 100% $5 #1 @you snake_case_name 2*3*4',
    words: ["5", "6", "quoted", "100%", "$5", "snake_case_name"],
  },
  {
    name: "markup of others",
    markdown: "<b>bold?</b> <script>alert(1)</script> {{ticket.id}} ${x}",
    words: ["bold?", "alert(1)", "{{ticket.id}}"],
  },
  {
    name: "10,000 characters",
    markdown: sentences(220).slice(0, 9_980) + " The end.",
    words: ["number 1 ", "number 100 ", "number 200 ", "The end."],
  },
  { name: "one long word", markdown: "a".repeat(3_000), words: ["aaaaaaaa"] },
]
