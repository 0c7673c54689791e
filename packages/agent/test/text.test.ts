import { assert, describe, it } from "@effect/vitest"
import { analyze, baseLanguage } from "../src/text/analyze.ts"
import { matterOf, withoutNoise } from "../src/text/clean.ts"
import { detectLanguage } from "../src/language/detect.ts"

describe("analyze", () => {
  const same: ReadonlyArray<readonly [string, string, string]> = [
    ["en", "cancelled orders", "cancel order"],
    ["de", "Rücksendungen", "ruecksendung"],
    ["es", "devoluciones", "devolucion"],
    ["es", "devolución", "devolucion"],
    ["fr", "L’expédition", "expedition"],
    ["pt", "devoluções", "devolucões"],
    ["ru", "возвраты", "возврата"],
    ["ar", "الطَّلَبات", "الطلبات"],
    ["tr", "SİPARİŞLERİM", "siparişlerim"],
    ["en", "ＲＥＦＵＮＤ", "refund"],
  ]
  for (const [language, one, other] of same) {
    it(`takes ${one} and ${other} for the same (${language})`, () => {
      assert.deepStrictEqual(analyze(one, language), analyze(other, language))
    })
  }
  it("cuts Chinese, Japanese and Korean by pairs and Thai by words", () => {
    assert.deepStrictEqual(analyze("退款政策", "zh"), ["退款", "款政", "政策"])
    assert.includeMembers([...analyze("ฉันต้องการคืนสินค้า", "th")], ["คืน", "สินค้า"])
  })
  it("keeps letters that marks make different", () => {
    assert.notDeepEqual(analyze("がき", "ja"), analyze("かき", "ja"))
    assert.notDeepEqual(analyze("мой край", "xx"), analyze("мои краи", "xx"))
  })
  it("knows languages under all their names", () => {
    assert.deepStrictEqual(["de-AT", "pt_br", "no", "nn-NO", "en-us"].map(baseLanguage), [
      "de",
      "pt",
      "nb",
      "nb",
      "en",
    ])
  })
})

describe("matterOf", () => {
  it("drops greeting, sign-off, signature and quotes", () => {
    const mail =
      "Hi Larkspoke team,\n\nmy parcel is late.\n\nBest regards,\nJo Ott\nCall me: +49 170 1234567\n\nAm 3. Feb 2026 schrieb Shop:\n> Hello"
    assert.strictEqual(matterOf(mail), "my parcel is late.")
  })
  it("keeps a question that starts with a greeting", () => {
    assert.strictEqual(matterOf("Hello, where is my parcel?"), "where is my parcel?")
    assert.strictEqual(
      matterOf("Hi where is my parcel and when does it come?"),
      "Hi where is my parcel and when does it come?",
    )
  })
  it("never returns nothing for something", () => {
    for (const text of ["Thanks!", "> quoted only", "Best regards", "-- \nJo"])
      assert.notStrictEqual(matterOf(text), "")
  })
})

describe("withoutNoise", () => {
  it("drops addresses and numbers that no article has, keeps error codes", () => {
    const text = withoutNoise(
      "E33 on https://x.example/a?b order LS-20418833 #4711 me@mail.example +49 170 1234567 👍",
    )
    assert.strictEqual(text.replace(/\s+/g, " ").trim(), "E33 on order")
  })
})

describe("detectLanguage", () => {
  const written: ReadonlyArray<readonly [string, string]> = [
    ["en", "Where is my order? It should have arrived yesterday."],
    ["de", "Wo ist meine Bestellung? Sie sollte gestern ankommen."],
    ["es", "¿Dónde está mi pedido? Tenía que llegar ayer."],
    ["fr", "Où est ma commande ? Elle devait arriver hier."],
    ["it", "Dov'è il mio ordine? Doveva arrivare ieri."],
    ["pt", "Onde está a minha encomenda? Devia ter chegado ontem."],
    ["nl", "Waar is mijn bestelling? Die had gisteren moeten komen."],
    ["pl", "Gdzie jest moje zamówienie? Miało przyjść wczoraj."],
    ["tr", "Siparişim nerede? Dün gelmesi gerekiyordu."],
    ["ru", "Где мой заказ? Он должен был прийти вчера."],
    ["ar", "أين طلبي؟ كان يجب أن يصل أمس."],
    ["he", "איפה ההזמנה שלי?"],
    ["ja", "注文した商品はどこですか"],
    ["ko", "제 주문은 어디에 있나요"],
    ["zh", "我的订单在哪里"],
    ["th", "คำสั่งซื้อของฉันอยู่ที่ไหน"],
    ["nb", "Hvor er bestillingen min? Den skulle ha kommet i går, og jeg har ikke hørt noe."],
  ]
  for (const [language, text] of written) {
    it(`knows ${language}`, () => assert.strictEqual(detectLanguage(text, null), language))
  }
  it("keeps what is known when the text says nothing", () => {
    for (const text of ["ok", "👍", "12345", "https://example.com/de/bestellung", "PayPal", "me@firma.de"]) {
      assert.strictEqual(detectLanguage(text, "de"), "de", text)
      assert.isNull(detectLanguage(text, null), text)
    }
  })
  it("follows a customer who changes the language clearly", () => {
    assert.strictEqual(
      detectLanguage("Sorry, can we continue in English? I do not understand this.", "de"),
      "en",
    )
  })
})
