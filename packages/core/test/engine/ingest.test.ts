/** What comes in from outside: files, receipts, strangers, other threads, lost webhooks. */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber } from "effect"
import { AccountId, DeliveryId, OrgId, type ThreadHints } from "../../src/index.ts"
import { lane, orgId, uuid } from "../support/fixtures.ts"
import { mail, makeRig, onlySession, type Rig, settled, tagsOf, texts, write } from "../support/Rig.ts"

const thread = (defaultKey: string): ThreadHints => ({
  defaultKey,
  signedKey: null,
  references: [],
  participant: "eve@customer.example",
})

const handedOff = Effect.fnUntraced(function* (rig: Rig) {
  yield* write(rig, mail("a human please"))
  yield* settled(rig)
  return rig.desk.only()
})

describe("files", () => {
  it.live("are kept with a safe name and go to the ticket", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      const file = {
        fileName: "../../فاتورة\u202E.png",
        contentType: "image/png",
        bytes: new Uint8Array([1, 2, 3]),
      }
      yield* write(rig, mail("a human please", { files: [file] }))
      yield* settled(rig)
      const [entry] = yield* rig.store.timeline(orgId, (yield* onlySession(rig)).id)
      assert.deepInclude(entry?.body._tag === "CustomerMessage" ? entry.body.attachments[0] : null, {
        fileName: "فاتورة_.png",
        size: 3,
      })
      assert.include(rig.desk.only().comments[0]?.body, "_Attachments: فاتورة_.png_")
    }).pipe(Effect.scoped),
  )
})

describe("a message of a megabyte", () => {
  it.live("is read as far as eight pages, between characters, and goes to the humans whole", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      const words = `a human please ${"🚲".repeat(500_000)} the end`
      yield* write(rig, mail(words))
      yield* settled(rig)
      const [entry] = yield* rig.store.timeline(orgId, (yield* onlySession(rig)).id)
      const body = entry?.body._tag === "CustomerMessage" ? entry.body : null
      assert.isAtMost(body?.text.length ?? 0, 16_000)
      assert.isAbove(body?.text.length ?? 0, 15_990)
      assert.isTrue(body?.text.isWellFormed())
      assert.strictEqual(body?.fullText, words)
      assert.isTrue(rig.desk.only().comments.some((comment) => comment.body.includes("the end")))
    }).pipe(Effect.scoped),
  )
})

describe("automatic messages", () => {
  it.live("are kept and answered by nobody", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      yield* write(rig, mail("I am away", { automatic: "Auto-Submitted: auto-replied" }))
      yield* settled(rig)
      assert.deepStrictEqual(yield* tagsOf(rig, yield* onlySession(rig)), ["CustomerMessage", "SystemEvent"])
      assert.deepStrictEqual([rig.agent.turns, rig.sent, rig.desk.calls], [[], [], []])
    }).pipe(Effect.scoped),
  )
})

describe("receipts", () => {
  const bounce = (deliveryId: string, dedupKey = "bounce-1") =>
    ({
      _tag: "Delivery",
      dedupKey,
      deliveryId: DeliveryId.make(deliveryId),
      status: "failed",
      explanation: "mailbox full",
      at: 5,
    }) as const

  it.live("a bounce becomes one note on the ticket, however often it is reported", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      const ticket = yield* handedOff(rig)
      const [sent] = rig.sent
      if (sent === undefined) return assert.fail("something was sent")
      yield* write(rig, bounce(sent.deliveryId), bounce(sent.deliveryId))
      yield* settled(rig)
      const notes = ticket.comments.slice(1).filter((c) => !c.public)
      assert.deepStrictEqual(
        notes.map((n) => n.body),
        ["A message could not be delivered to the customer: mailbox full"],
      )
    }).pipe(Effect.scoped),
  )

  it.live("for what we never sent, and events without use, are nothing", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      yield* write(rig, bounce(uuid(77)), { _tag: "Ignored", dedupKey: "x", why: "a reaction" })
      yield* settled(rig)
      assert.deepStrictEqual(yield* rig.store.sessions(orgId, { limit: 10 }), [])
    }).pipe(Effect.scoped),
  )
})

describe("messages that come at the same time", () => {
  it.live("are kept in the order of coming, also when the first has more to keep", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      const picture = { fileName: "a.png", contentType: "image/png", bytes: new Uint8Array([1, 2, 3]) }
      const words = ["look", "at", "this", "bent", "fork"]
      yield* Effect.all(
        words.map((text, n) => write(rig, mail(text, n === 0 ? { files: [picture] } : {}))),
        { concurrency: "unbounded" },
      )
      yield* settled(rig)
      const { id } = yield* onlySession(rig)
      const said = (yield* rig.store.timeline(orgId, id)).flatMap(({ body }) =>
        body._tag === "CustomerMessage" ? [body.text] : [],
      )
      assert.deepStrictEqual(said, words)
    }).pipe(Effect.scoped),
  )
})

describe("a file that must be fetched", () => {
  const bytes = new Uint8Array([1, 2, 3])
  const picture = { fileName: "a.png", contentType: "image/png", bytes }

  it.live("is waited for in turn: a word written after it does not overtake it, others go on", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      const arrived = yield* Deferred.make<void>()
      const fetch = Effect.as(Deferred.await(arrived), {
        text: "my bill",
        fullText: null,
        files: [picture],
      })
      const first = yield* Effect.forkChild(write(rig, mail("", { fetch })))
      const second = yield* Effect.forkChild(write(rig, mail("is it right?")))
      yield* write(rig, mail("hello", { thread: thread("thread-2") }))
      yield* settled(rig)
      const others = yield* rig.store.sessions(orgId, { limit: 10 })
      assert.deepStrictEqual(
        others.map(({ threadKey }) => threadKey),
        ["thread-2"],
      )
      yield* Deferred.succeed(arrived, undefined)
      yield* Fiber.join(first)
      yield* Fiber.join(second)
      yield* settled(rig)
      const all = yield* rig.store.sessions(orgId, { limit: 10 })
      const mine = all.filter(({ threadKey }) => threadKey !== "thread-2")
      const timelines = yield* Effect.forEach(mine, ({ id }) => rig.store.timeline(orgId, id))
      const said = timelines
        .flat()
        .flatMap(({ body }) =>
          body._tag === "CustomerMessage" ? [[body.text, body.attachments.length]] : [],
        )
      assert.deepStrictEqual(said, [
        ["my bill", 1],
        ["is it right?", 0],
      ])
    }).pipe(Effect.scoped),
  )

  it.live("of one webhook are fetched side by side, and kept in order", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      const atOnce = { now: 0, most: 0 }
      const late = (text: string, ms: number) =>
        Effect.gen(function* () {
          atOnce.now += 1
          atOnce.most = Math.max(atOnce.most, atOnce.now)
          yield* Effect.sleep(ms)
          atOnce.now -= 1
          return { text, fullText: null, files: [] }
        })
      const delays = [60, 5, 30, 5, 5, 5]
      yield* write(rig, ...delays.map((ms, n) => mail("", { fetch: late(`file ${n}`, ms) })))
      yield* settled(rig)
      const { id } = yield* onlySession(rig)
      const said = (yield* rig.store.timeline(orgId, id)).flatMap(({ body }) =>
        body._tag === "CustomerMessage" ? [body.text] : [],
      )
      assert.deepStrictEqual(
        said,
        delays.map((_, n) => `file ${n}`),
      )
      assert.strictEqual(atOnce.most, 4)
    }).pipe(Effect.scoped),
  )
})

describe("threads", () => {
  it.live("a new mail of a known sender joins the conversation that a human has open", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      const ticket = yield* handedOff(rig)
      yield* write(rig, mail("by the way", { thread: thread("thread-2") }))
      yield* settled(rig)
      yield* onlySession(rig)
      assert.strictEqual(ticket.comments.at(-1)?.body, "by the way")
    }).pipe(Effect.scoped),
  )

  it.live.each([
    { name: "is switched off", handoff: { sameSenderJoins: false }, verified: true },
    { name: "comes from a sender who proved nothing", handoff: {}, verified: false },
  ])("but not where that $name", ({ handoff, verified }) =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ handoff })
      yield* handedOff(rig)
      const sender = { kind: "email", value: "eve@customer.example", verified, name: null } as const
      yield* write(rig, mail("by the way", { thread: thread("thread-2"), sender }))
      yield* settled(rig)
      assert.strictEqual((yield* rig.store.sessions(orgId, { limit: 10 })).length, 2)
      assert.include(texts(rig), "answer to: by the way")
    }).pipe(Effect.scoped),
  )

  it.live("nor in live conversations: a second call of the same person is one of its own", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ path: "chat" })
      yield* write(rig, mail("a human please"))
      yield* settled(rig)
      yield* write(rig, mail("by the way", { thread: thread("call-2") }))
      yield* settled(rig)
      assert.strictEqual((yield* rig.store.sessions(orgId, { limit: 10 })).length, 2)
      assert.include(texts(rig), "answer to: by the way")
    }).pipe(Effect.scoped),
  )

  it.live("an answer to our mail is found by its references, only for a participant", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      yield* write(rig, mail("where?", { messageId: "<a@x>" }))
      yield* settled(rig)
      const references = ["<a@x>"]
      yield* write(rig, mail("still?", { thread: { ...thread("thread-2"), references } }))
      yield* settled(rig)
      yield* onlySession(rig)
      const stranger = { kind: "email", value: "mallory@x.example", verified: true, name: null } as const
      const theirs = { ...thread("thread-3"), references, participant: "mallory@x.example" }
      yield* write(rig, mail("show me", { thread: theirs, sender: stranger }))
      yield* settled(rig)
      assert.strictEqual((yield* rig.store.sessions(orgId, { limit: 10 })).length, 2)
    }).pipe(Effect.scoped),
  )
})

describe("what nobody is there for", () => {
  it.live("an unknown organization or account: the provider is asked to come again", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig()
      const stranger = { orgId: OrgId.make("nobody"), accountId: lane.accountId }
      const noOrg = yield* Effect.flip(rig.ingest.events(stranger, [mail("x")]))
      assert.match(noOrg.message, /no organization "nobody"/)
      const down = { orgId, accountId: AccountId.make("other") }
      const noAccount = yield* Effect.flip(rig.ingest.events(down, [mail("x")]))
      assert.match(noAccount.message, /no channel account "other" is up/)
    }).pipe(Effect.scoped),
  )
})
