/** Reports that were sent while nobody was there to hear of them are found in the provider's list of calls. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import {
  fakeRetell,
  fakeVapi,
  type RetellCall,
  startFakeRetellApi,
  startFakeVapiApi,
  type VapiCall,
} from "./support/fakes.ts"
import { germanMobile, retell, vapi } from "./support/settings.ts"
import { acceptInto, Journal, startWorld, until } from "./support/world.ts"

const minute = 60_000
const apiKey = "retell-key-1"

const scoped = <A extends { close(): Promise<void> }>(start: () => Promise<A>) =>
  Effect.acquireRelease(Effect.promise(start), (fake) => Effect.promise(() => fake.close()))

const vapiCall = (id: string, agoMs: number): VapiCall => ({
  id,
  number: germanMobile,
  startedAt: Date.now() - agoMs,
  endedAt: Date.now() - agoMs + minute,
  endedReason: "customer-ended-call",
  summary: `About ${id}.`,
  turns: [
    { role: "bot", message: "Hello?", time: Date.now() - agoMs + 1_000 },
    { role: "user", message: `أين طلبي؟ ${id}`, time: Date.now() - agoMs + 5_000 },
  ],
})

const retellCall = (callId: string, agoMs: number): RetellCall => ({
  callId,
  direction: "inbound",
  from: germanMobile,
  to: "+14155550100",
  startedAt: Date.now() - agoMs,
  endedAt: Date.now() - agoMs + minute,
  disconnectionReason: "user_hangup",
  summary: `About ${callId}.`,
  turns: [
    { role: "agent", content: "Hello?", start: 0.5 },
    { role: "user", content: `Where is ${callId}?`, start: 2 },
  ],
})

/** A runtime that looks, over a journal that may be older than it. */
const looking = Effect.fnUntraced(function* (settings: unknown, journal = new Journal()) {
  const world = yield* startWorld({ settings, journal })
  yield* (
    world.plugin.listen?.({ accounts: [world.account], options: {}, accept: acceptInto(journal) }) ??
      Effect.die("the plugin does not listen")
  )
  return world
})

const summaries = (journal: Journal) => journal.of("CallEnded").map(({ summary }) => summary)

describe("Vapi", () => {
  const start = scoped(() => startFakeVapiApi({ apiKey: "vapi-private-1" }))
  const settings = (url: string, over: Readonly<Record<string, unknown>> = {}) =>
    vapi({
      missedReports: { apiKey: "vapi-private-1", assistantIds: ["a1"], apiBaseUrl: url, ...over },
    })

  it.live(
    "a call whose report was lost is taken in like its report, and only ours, ended and not too old",
    () =>
      Effect.gen(function* () {
        const api = yield* start
        api.calls.push(
          { assistantId: "a1", call: vapiCall("lost", 30 * minute) },
          { assistantId: "a1", call: { raw: { id: 17, endedAt: [] } } },
          { assistantId: "a1", call: vapiCall("just-now", minute) },
          { assistantId: "a1", call: vapiCall("long-ago", 30 * 60 * minute) },
          { assistantId: "other", call: vapiCall("not-ours", 30 * minute) },
        )
        const { journal } = yield* looking(settings(api.url))
        yield* until("the lost call", () => (journal.events.length >= 2 ? true : null))
        assert.deepStrictEqual(summaries(journal), ["About lost."])
        const [transcript] = journal.of("Transcript")
        assert.deepStrictEqual(
          transcript?.lines.map(({ role, text }) => [role, text]),
          [
            ["assistant", "Hello?"],
            ["customer", "أين طلبي؟ lost"],
          ],
        )
        assert.strictEqual(transcript?.sender.value, germanMobile)
      }),
  )

  it.live("what came by webhook counts once, before and after a restart", () =>
    Effect.gen(function* () {
      const api = yield* start
      const call = vapiCall("told", 30 * minute)
      const before = yield* startWorld({ settings: settings(api.url) })
      const service = fakeVapi({
        url: before.hookUrl,
        proof: { kind: "bearer", token: "vapi-token-1" },
        now: Date.now,
      })
      yield* Effect.promise(() => service.endOfCall(call))
      const told = [...before.journal.events]
      assert.lengthOf(told, 2)
      api.calls.push({ assistantId: "a1", call }, { assistantId: "a1", call: vapiCall("lost", 20 * minute) })
      yield* looking(settings(api.url), before.journal)
      yield* until("the lost call", () => (before.journal.events.length >= 4 ? true : null))
      assert.deepStrictEqual(before.journal.events.slice(0, 2), told)
      assert.deepStrictEqual(summaries(before.journal), ["About told.", "About lost."])
    }),
  )

  it.live("more than a page is read to its end", () =>
    Effect.gen(function* () {
      const api = yield* start
      for (let n = 0; n < 130; n++)
        api.calls.push({ assistantId: "a1", call: vapiCall(`c${n}`, 30 * minute + n * 1_000) })
      const { journal } = yield* looking(settings(api.url))
      yield* until("all calls", () => (journal.of("CallEnded").length === 130 ? true : null))
      assert.lengthOf(
        api.requests.filter(({ path }) => path === "/call"),
        2,
      )
    }),
  )

  it.live("a list that is down, and a key that is refused, harm nobody", () =>
    Effect.gen(function* () {
      const api = yield* start
      api.calls.push({ assistantId: "a1", call: vapiCall("lost", 30 * minute) })
      const { journal } = yield* looking(settings(api.url, { apiKey: "wrong-key" }))
      yield* until("a look", () => (api.requests.length > 0 ? true : null))
      assert.lengthOf(journal.events, 0)
      api.faults.next("list", { kind: "resetBefore" })
      yield* looking(settings(api.url), journal)
      yield* until("another look", () => (api.requests.length > 1 ? true : null))
      assert.lengthOf(journal.events, 0, "the next look comes in five minutes")
    }),
  )

  it.live("an account without it makes no calls", () =>
    Effect.gen(function* () {
      const world = yield* looking(vapi())
      assert.lengthOf(world.journal.events, 0)
    }),
  )
})

describe("Retell", () => {
  const settings = (url: string) => retell({ missedReports: { agentIds: ["g1"], apiBaseUrl: url } })

  it.live("lost calls are read one by one, and one that cannot be read does not cost the others", () =>
    Effect.gen(function* () {
      const api = yield* scoped(() => startFakeRetellApi({ apiKey, page: 2 }))
      api.calls.push(
        { agentId: "g1", call: retellCall("first", 50 * minute) },
        { agentId: "g1", call: retellCall("second", 40 * minute) },
        { agentId: "g1", call: retellCall("third", 30 * minute) },
        { agentId: "g2", call: retellCall("not-ours", 30 * minute) },
      )
      api.faults.next("get", { kind: "refuse", status: 500 })
      const { journal } = yield* looking(settings(api.url))
      yield* until("two of them", () => (journal.of("CallEnded").length === 2 ? true : null))
      assert.deepStrictEqual(summaries(journal), ["About second.", "About first."])
      assert.lengthOf(
        api.requests.filter(({ path }) => path.startsWith("/v2/get-call/")),
        3,
      )
      const lines = journal.of("Transcript")[0]?.lines.map(({ text }) => text)
      assert.deepStrictEqual(lines, ["Hello?", "Where is second?"])
    }),
  )

  it.live("what came by webhook counts once", () =>
    Effect.gen(function* () {
      const api = yield* scoped(() => startFakeRetellApi({ apiKey }))
      const call = retellCall("told", 30 * minute)
      const world = yield* startWorld({ settings: settings(api.url) })
      const service = fakeRetell({ url: world.hookUrl, apiKey, now: Date.now })
      yield* Effect.promise(() => service.send("call_ended", call))
      yield* Effect.promise(() => service.send("call_analyzed", call))
      const told = world.journal.events.length
      api.calls.push({ agentId: "g1", call }, { agentId: "g1", call: retellCall("lost", 20 * minute) })
      yield* looking(settings(api.url), world.journal)
      yield* until("the lost call", () => (world.journal.events.length >= told + 2 ? true : null))
      assert.deepStrictEqual(
        world.journal.of("Transcript").map((e) => e.thread.defaultKey),
        ["told", "lost"],
      )
    }),
  )
})
