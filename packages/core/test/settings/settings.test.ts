import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { OrganizationSettings, textFor } from "../../src/index.ts"
import { settings } from "../support/fixtures.ts"

const decode = Schema.decodeUnknownEffect(OrganizationSettings)
const complaint = (input: unknown) =>
  Effect.map(Effect.flip(decode(input, { errors: "all" })), (error) => error.message)

describe("organization settings", () => {
  it.effect("need an id and a name; everything else has a default", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* decode({ id: "acme", name: "Acme" }), {
        id: "acme",
        name: "Acme",
        agentLanguage: "en",
        rollout: { channels: null, percent: 100 },
        tags: { prefix: "opencx", off: [], rename: {}, extra: [] },
        fields: [],
        handoff: {
          ticketForEveryConversation: false,
          escalateTopics: [],
          tellCustomer: true,
          sameSenderJoins: true,
          noHumanMinutes: null,
          noHuman: "tell_customer",
          paths: {},
          officeHours: null,
          outsideOfficeHours: "ticket",
          idleMinutes: null,
          maxAnswersPerTenMinutes: 5,
        },
        assist: {
          mode: "off",
          rules: [],
          quietTopics: [],
          mention: "@opencx",
          reviewMinutes: [240, 1440, 4320],
        },
        texts: {},
      } as unknown)
    }),
  )

  it.effect("what is given stands beside the defaults of the rest", () =>
    Effect.gen(function* () {
      const own = yield* decode({
        id: "a",
        name: "A",
        handoff: { noHumanMinutes: 0.5 },
        tags: { prefix: "bot" },
      })
      assert.deepInclude(own.handoff, { noHumanMinutes: 0.5, tellCustomer: true })
      assert.deepInclude(own.tags, { prefix: "bot", extra: [] })
    }),
  )

  it.effect("complain about everything at once, each with its place", () =>
    Effect.gen(function* () {
      const words = yield* complaint({
        id: "Acme GmbH",
        name: "",
        tags: { prefix: "Open CX" },
        handoff: { noHuman: "cry", idleMinutes: -3, noHumanMinutes: "5", maxAnswersPerTenMinutes: 0 },
        texts: { de: { noHuman: "  " } },
      })
      for (const place of [
        `["id"]`,
        `["name"]`,
        `["tags"]["prefix"]`,
        `["handoff"]["noHuman"]`,
        `["handoff"]["idleMinutes"]`,
        `["handoff"]["noHumanMinutes"]`,
        `["handoff"]["maxAnswersPerTenMinutes"]`,
        `["texts"]["de"]["noHuman"]`,
      ]) {
        assert.include(words, place)
      }
      assert.include(words, `"tell_customer" | "return_to_ai"`)
      assert.include(words, "Expected a sentence")
    }),
  )

  it.effect.each([
    null,
    "acme",
    [],
    { name: "x" },
    { id: "acme", name: "x", handoff: { idleMinutes: Number.NaN } },
    { id: "acme", name: "x", handoff: { idleMinutes: Number.POSITIVE_INFINITY } },
    { id: "acme", name: "x", handoff: { idleMinutes: 1e9 } },
  ])("refuse %j", (input) => Effect.map(complaint(input), (words) => assert.match(words, /Expected|Missing/)))
})

describe("sentences to the customer", () => {
  const english = textFor(settings(), "en", "handoffConfirmed")

  it.each(["en", "de", "es", "fr", "it", "nl", "pt", "ar", "ja"])(
    "are built in for %s, all of them",
    (code) => {
      for (const purpose of ["handoffConfirmed", "handoffFailed", "noHuman", "outsideOfficeHours"] as const) {
        const words = textFor(settings(), code, purpose)
        assert.isAbove(words.length, 20)
        if (code !== "en") assert.notStrictEqual(words, textFor(settings(), "en", purpose))
      }
    },
  )

  it.each([
    ["de-AT", "de"],
    ["PT_br", "pt"],
    ["AR", "ar"],
  ])("%s finds %s", (code, base) => {
    assert.strictEqual(textFor(settings(), code, "noHuman"), textFor(settings(), base, "noHuman"))
  })

  it.each(["tlh", "", "constructor", "__proto__", "-"])(
    "in an unknown language (%j) come in the agents' language",
    (code) => {
      const german = settings({ agentLanguage: "de" })
      assert.strictEqual(textFor(german, code, "noHuman"), textFor(german, "de", "noHuman"))
      assert.strictEqual(textFor(settings({ agentLanguage: "xx" }), code, "handoffConfirmed"), english)
    },
  )

  it("own wording goes first: the exact language, then its base; a missing sentence is the built-in one", () => {
    const own = settings({
      texts: { de: { noHuman: "Moment" }, "pt-BR": { noHuman: "Já vai" }, pt: { noHuman: "Pronto" } },
    })
    assert.strictEqual(textFor(own, "de-CH", "noHuman"), "Moment")
    assert.strictEqual(textFor(own, "pt-br", "noHuman"), "Já vai")
    assert.strictEqual(textFor(own, "pt-PT", "noHuman"), "Pronto")
    assert.strictEqual(textFor(own, "de", "handoffFailed"), textFor(settings(), "de", "handoffFailed"))
  })

  it("own wording for a language that is not built in", () => {
    assert.strictEqual(textFor(settings({ texts: { fi: { noHuman: "Hetki" } } }), "fi", "noHuman"), "Hetki")
  })
})
