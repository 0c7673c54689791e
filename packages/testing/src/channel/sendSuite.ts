/** Sending: what the provider says becomes sent, retry, permanent or ambiguous; and every text arrives whole. */
import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import { type ChannelPlugin, CustomerText, type OutboundThread } from "@opencx/core"
import { Clock, Effect } from "effect"
import { type CorpusItem, markdownCorpus } from "./corpus.ts"
import type { ChannelFixtures, FakeProvider } from "./Fixtures.ts"
import { bindAccount, deliveryBook, deliveryIdOf, sampleMessage } from "./world.ts"

const openSender = Effect.fnUntraced(function* (
  plugin: ChannelPlugin,
  fixtures: ChannelFixtures,
  provider: FakeProvider,
) {
  const bound = yield* bindAccount(plugin, provider.settings, fixtures.signer)
  return yield* bound.open
})

/** The customer has just written, unless a scenario says otherwise. */
const threadOf = (provider: FakeProvider, now: number): OutboundThread => ({
  key: "contract-thread-1",
  address: provider.address,
  lastInboundAt: now,
})

const isPlainWords = (explanation: string): boolean =>
  explanation.length >= 10 && /\s/.test(explanation) && !/\n\s+at |\[object|undefined|^\{/.test(explanation)

const scenarioTests = (plugin: ChannelPlugin, fixtures: ChannelFixtures): void => {
  for (const scenario of fixtures.sending ?? []) {
    it.live(`${scenario.name}: ${scenario.expect}`, () =>
      Effect.gen(function* () {
        const provider = yield* scenario.start
        const sender = yield* openSender(plugin, fixtures, provider)
        const thread = { ...threadOf(provider, yield* Clock.currentTimeMillis), ...scenario.thread }
        const attempt = sender.send(sampleMessage(scenario.message), thread)
        if (scenario.expect === "sent") {
          const receipt = yield* attempt
          assert.isAtLeast((yield* provider.received).length, 1, "the provider got it")
          assert.isTrue(receipt.providerId === null || receipt.providerId.length > 0)
          return
        }
        const { kind } = yield* Effect.flip(attempt)
        assert.strictEqual(kind._tag, scenario.expect, inspect(kind, { depth: 6 }))
        if (kind._tag === "Permanent" || kind._tag === "Hold")
          assert.isTrue(isPlainWords(kind.explanation), `not plain words: ${kind.explanation}`)
        if (kind._tag === "Retry" && kind.afterMs !== null) assert.isAtLeast(kind.afterMs, 0)
        for (const secret of fixtures.secrets) assert.notInclude(inspect(kind, { depth: 6 }), secret)
      }),
    )
  }
}

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" })
const graphemes = (text: string): number => [...segmenter.segment(text)].length
const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

const checkItem = (item: CorpusItem, pieces: ReadonlyArray<string>, limit: number | null): void => {
  const joined = pieces.join("\n")
  assert.isAbove(joined.length, 0, "something arrives")
  assert.notMatch(joined, loneSurrogate, "no character is cut in two")
  let at = 0
  for (const word of item.words) {
    const found = joined.replace(/\s+/g, " ").indexOf(word, at)
    assert.isAtLeast(found, 0, `"${word}" is missing or out of order in: ${joined.slice(0, 400)}`)
    at = found + word.length
  }
  const { whole } = item
  if (whole !== undefined)
    assert.isTrue(
      pieces.some((p) => p.includes(whole)),
      "the long URL is cut",
    )
  if (limit === null) return
  for (const piece of pieces) assert.isAtMost(graphemes(piece), limit, "a piece is longer than textLimit")
}

const corpusTests = (plugin: ChannelPlugin, fixtures: ChannelFixtures): void => {
  const { rendering } = fixtures
  if (rendering === null) return
  markdownCorpus.forEach((item, index) => {
    const reason = rendering.leaveOut?.[item.name]
    if (reason !== undefined) {
      it.skip(`renders ${item.name} (left out: ${reason})`, () => undefined)
      return
    }
    it.live(`renders ${item.name}`, () =>
      Effect.gen(function* () {
        const provider = yield* rendering.start
        const sender = yield* openSender(plugin, fixtures, provider)
        const message = sampleMessage({
          deliveryId: deliveryIdOf(100 + index),
          text: CustomerText.make(item.markdown),
        })
        yield* sender.send(message, threadOf(provider, yield* Clock.currentTimeMillis))
        checkItem(item, yield* provider.received, plugin.capabilities.textLimit)
      }),
    )
  })
}

/** More than any channel with a limit takes at once. */
const longText = Array.from(
  { length: 400 },
  (_, n) => `Sentence number ${n + 1} says that all is well.`,
).join(" ")

/** A channel that needs several messages for a long text may die between any two of them. */
const onceTest = (plugin: ChannelPlugin, fixtures: ChannelFixtures): void => {
  const { rendering } = fixtures
  if (rendering === null || plugin.capabilities.textLimit === null) return
  it.live("what is out of a long text is not sent again, by another process neither", () =>
    Effect.gen(function* () {
      const provider = yield* rendering.start
      const progress = deliveryBook()(deliveryIdOf(99))
      const message = sampleMessage({
        deliveryId: deliveryIdOf(99),
        text: CustomerText.make(longText),
        progress,
      })
      const thread = threadOf(provider, yield* Clock.currentTimeMillis)
      const first = yield* openSender(plugin, fixtures, provider)
      yield* first.send(message, thread)
      const shown = yield* provider.received
      const second = yield* openSender(plugin, fixtures, provider)
      yield* second.send(message, thread)
      assert.deepStrictEqual(yield* provider.received, shown)
    }),
  )
}

/** Registers the tests on sending and rendering. */
export const sendSuite = (plugin: ChannelPlugin, fixtures: ChannelFixtures): void => {
  if (fixtures.sending !== null) describe("sending", () => scenarioTests(plugin, fixtures))
  if (fixtures.rendering !== null)
    describe("rendering", () => {
      corpusTests(plugin, fixtures)
      onceTest(plugin, fixtures)
    })
}
