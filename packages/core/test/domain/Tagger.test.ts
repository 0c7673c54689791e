import { assert, describe, it } from "@effect/vitest"
import { normalizeTag, type TagFacts, tagsFor } from "../../src/index.ts"
import { brief, settings, type SettingsInput } from "../support/fixtures.ts"

const facts: TagFacts = {
  channelTag: "email",
  mode: "autopilot",
  handedOff: false,
  createdOnHandoff: false,
  brief: null,
  skipped: null,
}
const everything: TagFacts = {
  ...facts,
  handedOff: true,
  createdOnHandoff: true,
  brief: { ...brief, language: "pt-BR" },
  skipped: "topic_no_assist",
}
const tags = (change: Partial<TagFacts>, input: SettingsInput["tags"] = {}) =>
  tagsFor({ ...facts, ...change }, settings({ tags: input }).tags)

describe("tags", () => {
  it("of a plain conversation", () => {
    assert.deepStrictEqual(tags({}), ["opencx", "opencx_autopilot", "opencx_channel_email"])
  })

  it("all of them, in a stable order", () => {
    assert.deepStrictEqual(tags(everything), [
      "opencx",
      "opencx_autopilot",
      "opencx_handedoff",
      "opencx_channel_email",
      "opencx_sentiment_negative",
      "opencx_language_pt-br",
      "opencx_ticket_created_on_handoff",
      "opencx_skipped_topic_no_assist",
    ])
    assert.deepStrictEqual(tags(everything), tags({ ...everything }))
  })

  it.each(["happy", "neutral", "negative"] as const)("sentiment %s", (sentiment) => {
    assert.include(tags({ brief: { ...brief, sentiment } }), `opencx_sentiment_${sentiment}`)
  })

  it("assist mode instead of autopilot; the other skip reason; no language when it is not known", () => {
    assert.include(tags({ mode: "assist" }), "opencx_assist_mode")
    assert.notInclude(tags({ mode: "assist" }), "opencx_autopilot")
    assert.include(tags({ skipped: "not_helpful_answer" }), "opencx_skipped_not_helpful_answer")
    const unknown = tags({ brief: { ...brief, language: null } })
    assert.isFalse(unknown.some((tag) => tag.startsWith("opencx_language")))
  })

  it.each(["email", "whatsapp", "sms", "web", "phone", "messenger", "my_channel"])(
    "channel %s",
    (channelTag) => {
      assert.include(tags({ channelTag }), `opencx_channel_${channelTag}`)
    },
  )
})

describe("an organization's own tags", () => {
  it("switches single tags and whole families off", () => {
    const off = ["opencx", "opencx_autopilot", "opencx_sentiment", "opencx_language", "opencx_channel_email"]
    assert.deepStrictEqual(tags(everything, { off }), [
      "opencx_handedoff",
      "opencx_ticket_created_on_handoff",
      "opencx_skipped_topic_no_assist",
    ])
    assert.include(tags({ channelTag: "sms" }, { off }), "opencx_channel_sms")
  })

  it("renames, under an own prefix, and adds", () => {
    const own = tags(
      {},
      { prefix: "bot", rename: { opencx_autopilot: "Fully Automatic" }, extra: ["VIP Kunde", "bot"] },
    )
    assert.deepStrictEqual(own, ["bot", "fully_automatic", "bot_channel_email", "vip_kunde"])
  })

  it("off goes before rename; a name that comes to nothing is left out", () => {
    assert.deepStrictEqual(tags({}, { off: ["opencx"], rename: { opencx: "x" }, extra: ["   ", "!!!"] }), [
      "opencx_autopilot",
      "opencx_channel_email",
    ])
  })
})

describe("normalization", () => {
  it.each([
    ["Größe  XL", "gro_e_xl"],
    ["Été à la plage", "ete_a_la_plage"],
    ["a/b-c_d", "a/b-c_d"],
    ["__a__b__", "a_b"],
    ["ＦＵＬＬ", "full"],
    ["İstanbul", "istanbul"],
    ["مرحبا", ""],
    ["😀", ""],
    ["tag,with,commas", "tag_with_commas"],
    ["\u0000\n\t", ""],
  ])("%j becomes %j", (raw, expected) => {
    assert.strictEqual(normalizeTag(raw), expected)
  })

  it("keeps to 80 characters, never ends in an underscore, and is stable", () => {
    for (const raw of ["x".repeat(200), `${"y".repeat(79)} z`, `${"ä ".repeat(60)}`, " a "]) {
      const once = normalizeTag(raw)
      assert.isAtMost(once.length, 80)
      assert.notMatch(once, /^_|_$/)
      assert.strictEqual(normalizeTag(once), once)
    }
  })
})
