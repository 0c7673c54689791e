/** Questions that are nearly the same stand together, and nobody's addresses stand there at all. */
import { assert, describe, it } from "@effect/vitest"
import { ChannelId, SessionId, type UnansweredQuestion } from "@opencx/core"
import { anonymous } from "../../src/report/anonymous.ts"
import { groupQuestions } from "../../src/report/groupQuestions.ts"

const session = (n: number) => SessionId.make(`00000000-0000-4000-8000-${String(n).padStart(12, "0")}`)

const question = (text: string, at = 1, change: Partial<UnansweredQuestion> = {}): UnansweredQuestion => ({
  sessionId: session(at),
  channel: ChannelId.make("email"),
  language: null,
  text,
  at,
  ...change,
})

const counts = (texts: ReadonlyArray<string>) =>
  groupQuestions(
    texts.map((text, i) => question(text, i + 1)),
    50,
  ).map(({ count }) => count)

describe("near-identical questions", () => {
  it.each([
    ["English", "Do you ship to Norway?", "do you ship to norway", "Hi, do you ship to Norway??"],
    [
      "German",
      "Wie ändere ich meine Lieferadresse?",
      "wie andere ich meine Lieferadresse",
      "WIE ÄNDERE ICH MEINE LIEFERADRESSE!",
    ],
    ["Arabic", "كيف أغير عنوان التوصيل؟", "كيف أغيّر عنوان التوصيل", "كيف أغير عنوان التوصيل!!"],
    ["Chinese", "怎么更改送货地址？", "怎么更改送货地址", "请问怎么更改送货地址？"],
    [
      "Japanese",
      "配送先の住所を変更できますか？",
      "配送先の住所を変更できますか",
      "配送先の住所を変更できますか。",
    ],
    ["Thai", "เปลี่ยนที่อยู่จัดส่งอย่างไร", "เปลี่ยนที่อยู่จัดส่งอย่างไรครับ", "เปลี่ยนที่อยู่จัดส่งอย่างไร?"],
  ])("are one in %s", (_, ...texts) => {
    assert.deepStrictEqual(counts(texts), [3])
  })

  it("that differ in what they ask are several", () => {
    assert.deepStrictEqual(
      counts([
        "Do you ship to Norway?",
        "Can I return a helmet after a year?",
        "怎么更改送货地址？",
        "如何取消我的订单？",
        "Wie ändere ich meine Lieferadresse?",
      ]),
      [1, 1, 1, 1, 1],
    )
  })

  it("that differ only in somebody's numbers and addresses are one", () => {
    const texts = [
      "Where is order 8812345? Write to a@b.example",
      "Where is order 9954321? Write to c.d@e.example",
    ]
    assert.deepStrictEqual(counts(texts), [2])
  })

  it("come with the newest wording, where and when they were asked, most first", () => {
    const ask = (text: string, at: number, channel: string, language: string | null) =>
      question(text, at, { channel: ChannelId.make(channel), language })
    const groups = groupQuestions(
      [
        ask("Do you ship to Norway", 1, "email", "en"),
        ask("How heavy is it?", 9, "sms", null),
        ask("Do you ship to Norway?!", 3, "widget", "en"),
        ask("?!…", 4, "sms", null),
      ],
      5,
    )
    assert.deepStrictEqual(groups, [
      {
        question: "Do you ship to Norway?!",
        count: 2,
        channels: ["email", "widget"],
        languages: ["en"],
        lastAt: 3,
        sessions: [session(3), session(1)],
      },
      {
        question: "How heavy is it?",
        count: 1,
        channels: ["sms"],
        languages: [],
        lastAt: 9,
        sessions: [session(9)],
      },
    ])
    assert.lengthOf(groupQuestions([question("a b c"), question("x y z")], 1), 1)
  })

  it("of any size and shape take bounded time", () => {
    const texts = [
      "x".repeat(5_000_000),
      "word ".repeat(100_000),
      "\ud800\udc00".repeat(1_000),
      "\udc00 half",
      "@".repeat(100_000),
      "1 ".repeat(100_000),
      "a.".repeat(100_000),
    ]
    const groups = groupQuestions(
      texts.map((text) => question(text)),
      10,
    )
    assert.isTrue(groups.every((group) => group.question.length <= 281 && group.question.isWellFormed()))
  })
})

describe("what could be somebody's", () => {
  it.each([
    ["Mail ada.l+x@mail.customer.example please", "Mail [email] please"],
    ["كتبت من ada@عربي.example أمس", "كتبت من [email] أمس"],
    ["call +1 (415) 555-0100 or 0043 1 234 56 78", "call [phone] or [phone]"],
    ["اتصل بي على ٠٥٠١٢٣٤٥٦٧", "اتصل بي على [phone]"],
    ["card 4111 1111 1111 1111.", "card [phone]."],
    ["order 55123 of 2026", "order [number] of 2026"],
    ["see https://x.example/reset?token=abc now", "see [link] now"],
    ["2 helmets, size 54, within 30 days", "2 helmets, size 54, within 30 days"],
    ["two\n\n lines\t", "two lines"],
  ])("is cut out of %j", (text, expected) => {
    assert.strictEqual(anonymous(text), expected)
  })
})
