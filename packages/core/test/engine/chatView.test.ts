/** What a channel's own pages show of a conversation, and what calls add to it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { type LiveEvent, ThreadKey, textFor, type VisibleLine } from "../../src/index.ts"
import { say } from "../support/FakeAgent.ts"
import { lane, orgId, settings } from "../support/fixtures.ts"
import { handedOff, news, replied, tell } from "../support/liveChat.ts"
import { mail, makeRig, onlySession, type Rig, settled, tagsOf, until, write } from "../support/Rig.ts"

const passedOn = textFor(settings(), "en", "handoffConfirmed")

describe("what the customer may see", () => {
  const thread = { orgId, accountId: lane.accountId, threadKey: ThreadKey.make("thread-1") }

  it.live("is what was said to them, in order and page by page, and no note of ours", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ path: "chat" })
      const view = rig.conversations.view(lane.channel)
      yield* write(rig, mail("where?"))
      yield* settled(rig)
      yield* handedOff(rig)
      yield* tell(rig, replied("Hello"))
      yield* write(rig, { _tag: "HumanDismissed", ...news() })
      yield* settled(rig)
      const all = yield* view.lines(thread, null, 100)
      assert.deepStrictEqual(
        all.map(({ author, text }) => [author, text]),
        [
          ["customer", "where?"],
          ["ai", "answer to: where?"],
          ["customer", "a human please"],
          ["system", passedOn],
          ["human", "Hello"],
        ],
      )
      const paged: Array<string> = []
      let after: string | null = null
      while (paged.length < 20) {
        const page: ReadonlyArray<VisibleLine> = yield* view.lines(thread, after, 1)
        if (page.length === 0) break
        paged.push(...page.map(({ id }) => id))
        after = page[0]?.cursor ?? null
      }
      assert.deepStrictEqual(
        paged,
        all.map(({ id }) => id),
      )
      const statuses = yield* view.deliveries(thread)
      assert.strictEqual(statuses.get(all[1]?.id ?? ""), "sent")
    }).pipe(Effect.scoped),
  )

  it.live("changes are hinted at, drafts too", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ path: "chat" })
      const view = rig.conversations.view(lane.channel)
      const seen: Array<LiveEvent> = []
      yield* view.changes(thread).pipe(
        Stream.runForEach((news) => Effect.sync(() => void seen.push(news))),
        Effect.forkScoped,
      )
      yield* Effect.sleep(20)
      const typing = () => seen.some(({ _tag }) => _tag === "Typing")
      rig.agent.script.push((_, onPartial) =>
        until("the customer sees that the AI writes", typing).pipe(
          Effect.andThen(onPartial("It is")),
          Effect.as(say("It is on its way.")),
        ),
      )
      yield* write(rig, mail("where?"))
      yield* settled(rig)
      assert.deepInclude(seen, { _tag: "Partial", text: "It is" })
      assert.strictEqual(seen[0]?._tag, "Changed")
      assert.strictEqual(seen.at(-1)?._tag, "Changed")
    }).pipe(Effect.scoped),
  )
})

describe("calls", () => {
  it.live("interrupted answers stand in the transcript as far as they were heard", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ path: "chat" })
      yield* write(rig, mail("where?"))
      yield* settled(rig)
      const deliveryId = rig.sent[0]?.deliveryId
      if (deliveryId === undefined) return assert.fail("an answer")
      yield* write(rig, { _tag: "Heard", dedupKey: "heard-1", deliveryId, text: "answer to", at: Date.now() })
      const conversation = yield* handedOff(rig)
      const ai = conversation.messages.find(({ author }) => author === "ai")
      assert.strictEqual(ai?.text, "answer to … (interrupted)")
    }).pipe(Effect.scoped),
  )

  it.live("of another assistant are handed over whole", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ path: "chat" })
      const lines = [
        { role: "customer", text: "Hi", at: 1 },
        { role: "assistant", text: "Hello!", at: 2 },
        { role: "customer", text: "A human", at: 3 },
      ] as const
      yield* write(rig, { _tag: "Transcript", lines, assistantName: "Riley", wantsHuman: true, ...news() })
      yield* settled(rig)
      const conversation = rig.chat.only()
      assert.deepStrictEqual(
        conversation.messages.slice(1).map(({ author, text }) => [author, text]),
        [
          ["customer", "Hi"],
          ["ai", "Hello!"],
          ["customer", "A human"],
        ],
      )
      assert.include(yield* tagsOf(rig, yield* onlySession(rig)), "AssistantLine")
    }).pipe(Effect.scoped),
  )

  const lines = [{ role: "customer", text: "A human", at: 1 }] as const
  const wish = () =>
    ({ _tag: "Transcript", lines, assistantName: "Riley", wantsHuman: true, ...news() }) as const
  const ended = (summary: string) =>
    ({ _tag: "CallEnded", reason: "hung up", summary, recordingUrl: null, ...news() }) as const
  const times = (rig: Rig, words: string) =>
    rig.chat.only().messages.filter(({ text }) => text.includes(words)).length

  it.live(
    "that end while the handoff is under way: the humans read of it once, however far the transcript was",
    () =>
      Effect.gen(function* () {
        const rig = yield* makeRig({ path: "chat" })
        const callsEnded = Effect.map(
          Effect.flatMap(onlySession(rig), (session) => tagsOf(rig, session)),
          (tags) => tags.filter((tag) => tag === "CallEnded").length,
        )
        rig.agent.duringBriefs.push(
          write(rig, ended("Late summary.")).pipe(
            Effect.andThen(until("both ends", () => Effect.map(callsEnded, (count) => count === 2))),
            Effect.orDie,
          ),
        )
        yield* write(rig, wish())
        yield* write(rig, ended("Early summary."))
        yield* settled(rig)
        assert.deepStrictEqual([times(rig, "Early summary."), times(rig, "Late summary.")], [1, 1])
        assert.strictEqual(rig.chat.only().messages.filter(({ author }) => author === "customer").length, 1)
      }).pipe(Effect.scoped),
  )
})
