/** How much of a draft an agent sent. */
import { assert, describe, it } from "@effect/vitest"
import { draftUse } from "../../src/engine/tasks/draftUse.ts"

const draft =
  "You can return the **helmet** within 30 days. Use the [return label](https://hc.example/r) in the box, and we refund you within a week of its arrival."
const sent =
  "You can return the helmet within 30 days. Use the return label in the box, and we refund you within a week of its arrival."

describe("a draft", () => {
  it("is kept when it is sent as it is, whatever became of the markup", () => {
    assert.deepInclude(draftUse(draft, draft), { use: "kept", distance: 0 })
    assert.deepInclude(draftUse(draft, sent.toUpperCase()), { use: "kept", distance: 0 })
  })

  it("is kept with a greeting and a signature", () => {
    const found = draftUse(draft, `Hi Ada,\n\n${sent}\n\nBest wishes, Grace from Larkspoke`)
    assert.strictEqual(found.use, "kept")
    assert.strictEqual(found.distance, 7)
  })

  it("is edited when words change or much is added", () => {
    const changed = sent.replace("within 30 days", "until the end of March").replace("a week", "two days")
    assert.strictEqual(draftUse(draft, changed).use, "edited")
    const more = Array.from({ length: 30 }, (_, i) => `word${i}`).join(" ")
    assert.strictEqual(draftUse(draft, `${sent} ${more}`).use, "edited")
  })

  it("is unused when the agent wrote something else, or nothing", () => {
    const other =
      "I have called you and left a message: the warehouse is looking for your parcel and the driver."
    assert.strictEqual(draftUse(draft, other).use, "unused")
    assert.deepInclude(draftUse(draft, null), { use: "unused", replyWords: 0 })
    assert.strictEqual(draftUse("", "words").use, "unused")
  })

  it("is compared by words in scripts without blanks and from right to left", () => {
    const chinese = "您可以在三十天内退回头盔，请使用盒子里的退货标签。"
    assert.strictEqual(draftUse(chinese, `你好！${chinese}`).use, "kept")
    assert.strictEqual(draftUse(chinese, "我们明天给您打电话。").use, "unused")
    const arabic = "يمكنك إرجاع الخوذة خلال ثلاثين يوما من استلامها"
    assert.strictEqual(draftUse(arabic, arabic).use, "kept")
  })

  it("is compared only so far as that is quick", () => {
    const long = "a word and another ".repeat(1_000_000)
    const found = draftUse(long, long)
    assert.deepInclude(found, { use: "kept", draftWords: 500, replyWords: 500 })
    assert.doesNotThrow(() => draftUse("\ud800 ".repeat(10_000), "😀\udc00"))
  })
})
