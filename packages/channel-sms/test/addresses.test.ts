import { assert, describe, it } from "@effect/vitest"
import { matchKeyOf, takesMms } from "../src/address/matchKey.ts"
import { consentOf, OPT_OUT_WORDS } from "../src/optout/words.ts"

describe("match keys", () => {
  const same: ReadonlyArray<readonly [string, ReadonlyArray<string>]> = [
    [
      "+14155550199",
      ["+14155550199", "14155550199", "+1 (415) 555-0199", "sms:+14155550199", "whatsapp:+14155550199"],
    ],
    ["+525512345678", ["+525512345678", "+5215512345678", "5215512345678"]],
    ["+5511987654321", ["+5511987654321", "+551187654321", "551187654321"]],
    ["+551132654321", ["+551132654321"]],
    ["+5491123456789", ["+5491123456789", "+541123456789"]],
    ["+447911123456", ["+447911123456", "+4407911123456"]],
    ["+201001234567", ["+201001234567", "201001234567"]],
  ]
  for (const [key, spellings] of same) {
    it(`${key}: ${spellings.length} spellings`, () => {
      for (const spelling of spellings)
        assert.deepStrictEqual(matchKeyOf(spelling), { key, kind: "number" }, spelling)
    })
  }

  it("short codes, names and withheld numbers stay what they are", () => {
    assert.deepStrictEqual(matchKeyOf("12345"), { key: "12345", kind: "shortCode" })
    assert.deepStrictEqual(matchKeyOf("ACME Bank"), { key: "ACME Bank", kind: "name" })
    assert.deepStrictEqual(matchKeyOf("anonymous").kind, "withheld")
    assert.deepStrictEqual(matchKeyOf("+266696687").kind, "withheld")
    assert.strictEqual(matchKeyOf("").key, "unknown")
  })

  it("an impossible number is still a number", () => {
    assert.deepStrictEqual(matchKeyOf("+1999999999999"), { key: "+1999999999999", kind: "number" })
  })

  it("MMS exists in three countries", () => {
    assert.deepStrictEqual(
      ["+14155550199", "+16135550199", "+61412345678", "+447911123456", "+525512345678", "12345", "ACME"].map(
        takesMms,
      ),
      [true, true, true, false, false, false, false],
    )
  })
})

describe("opt-out words", () => {
  it("only whole messages count, in any writing", () => {
    for (const word of [
      ...OPT_OUT_WORDS,
      "stop",
      " Stop. ",
      "STOP!",
      "stop all",
      "Opt-Out",
      "arrêt",
      "Arrêt !",
      "«STOP»",
    ])
      assert.strictEqual(consentOf(word, []), "out", word)
    for (const text of [
      "stop please",
      "please stop",
      "cancel my order",
      "the end",
      "don't stop",
      "",
      "…",
      "ok",
    ])
      assert.isNull(consentOf(text, []), text)
  })

  it("YES is an answer; START and UNSTOP are the customer's return", () => {
    assert.isNull(consentOf("YES", []))
    assert.isNull(consentOf("yes", []))
    assert.strictEqual(consentOf("START", []), "in")
    assert.strictEqual(consentOf("Unstop", []), "in")
    assert.isNull(consentOf("start over", []))
  })

  it("HELP and INFO are help; further words are an account's own", () => {
    assert.strictEqual(consentOf("help", []), "help")
    assert.strictEqual(consentOf("Info?", []), "help")
    assert.isNull(consentOf("help me", []))
    assert.isNull(consentOf("توقف", []))
    assert.strictEqual(consentOf("توقف", ["توقف", "Parar"]), "out")
    assert.strictEqual(consentOf("PARAR.", ["توقف", "Parar"]), "out")
  })
})
