/** What the desk in memory does beyond the contract of `Ticketing`: people, files, faults. */
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Layer } from "effect"
import {
  deskFaults,
  layerMemory,
  MemoryDesk,
  RateLimited,
  SessionId,
  StoreError,
  type TicketDraft,
  Ticketing,
} from "../../src/index.ts"
import { uuid } from "../support/fixtures.ts"

const draft = (change: Partial<TicketDraft> = {}): TicketDraft => ({
  sessionId: SessionId.make(uuid(1)),
  idempotencyKey: "k",
  requester: {
    knownId: null,
    name: "Eve",
    email: "Eve@customer.example",
    phone: null,
    externalId: "opencx:contact:eve",
    locale: null,
  },
  subject: "Parcel",
  summary: "Wants a parcel",
  transcript: "Eve: where?",
  sessionUrl: "https://us.example/s/1",
  tags: ["opencx"],
  fields: [],
  files: [],
  followUpOf: null,
  ...change,
})

const bytes = new TextEncoder().encode("فاتورة")
const file = {
  fileName: "f.txt",
  contentType: "text/plain",
  size: bytes.length,
  bytes: Effect.succeed(bytes),
}

/** A desk of its own for each test. */
const onDesk = <A, E>(
  use: (ticketing: Ticketing["Service"], desk: MemoryDesk["Service"]) => Effect.Effect<A, E>,
) =>
  Effect.gen(function* () {
    return yield* use(yield* Ticketing, yield* MemoryDesk)
  }).pipe(Effect.provide(Layer.fresh(layerMemory.ticketing)))

const opened = Effect.fnUntraced(function* (
  ticketing: Ticketing["Service"],
  change: Partial<TicketDraft> = {},
) {
  return yield* ticketing.create(yield* ticketing.prepare(draft(change)))
})

describe("the desk in memory", () => {
  it.effect("people change the status as they do on a real desk", () =>
    onDesk(
      Effect.fnUntraced(function* (ticketing, desk) {
        const { ticketId } = yield* opened(ticketing)
        const status = Effect.map(ticketing.get(ticketId), (ticket) => ticket.status)
        assert.strictEqual(yield* status, "new")
        desk.note(ticketId, "psst")
        assert.strictEqual(yield* status, "new")
        desk.reply(desk.only(), "here")
        assert.strictEqual(yield* status, "open")
        desk.solve(ticketId)
        assert.strictEqual(yield* status, "solved")
        desk.customerReply(ticketId, "not so fast")
        assert.strictEqual(yield* status, "open")
        desk.close(ticketId)
        assert.strictEqual(yield* status, "closed")
        assert.throws(() => desk.reply(ticketId, "too late"), /is closed/)
        assert.throws(() => desk.close(ticketId), /is closed/)
        assert.deepStrictEqual(
          desk.only().comments.map((one) => [one.by, one.public]),
          [
            ["us", false],
            ["agent", false],
            ["agent", true],
            ["customer", true],
          ],
        )
      }),
    ),
  )

  it.effect("every change moves the time stamp, also within one millisecond", () =>
    onDesk(
      Effect.fnUntraced(function* (ticketing, desk) {
        const { ticketId } = yield* opened(ticketing)
        const seen = new Set<number>()
        for (const change of [() => desk.reply(ticketId, "a"), () => desk.solve(ticketId)]) {
          seen.add((yield* ticketing.get(ticketId)).updatedAt)
          change()
        }
        seen.add((yield* ticketing.get(ticketId)).updatedAt)
        assert.strictEqual(seen.size, 3)
      }),
    ),
  )

  it.effect("files arrive with the ticket and come back with a reply, within the limit", () =>
    onDesk(
      Effect.fnUntraced(function* (ticketing, desk) {
        const { requesterId, ticketId } = yield* opened(ticketing, { files: [file] })
        assert.deepStrictEqual(desk.only().comments[0]?.files[0]?.bytes, bytes)
        desk.reply(ticketId, "yours", [{ fileName: "r.txt", contentType: "text/plain", bytes }])
        const { comments } = yield* ticketing.humanComments({ ticketId, requesterId, after: null })
        const [attached] = comments[0]?.files ?? []
        if (attached === undefined) return assert.fail("a file")
        assert.strictEqual(attached.size, bytes.length)
        assert.deepStrictEqual(yield* attached.fetch(bytes.length), bytes)
        const tooBig = yield* Effect.flip(attached.fetch(bytes.length - 1))
        assert.strictEqual(tooBig.reason._tag, "Invalid")
      }),
    ),
  )

  it.effect("bad requests say what to do; a store that is down is worth another try", () =>
    onDesk(
      Effect.fnUntraced(function* (ticketing, desk) {
        for (const idempotencyKey of ["", "k".repeat(256)]) {
          const refused = yield* Effect.flip(ticketing.prepare(draft({ idempotencyKey })))
          assert.strictEqual(refused.reason._tag, "Invalid")
        }
        const gone = new StoreError({ operation: "Blobs.get", detail: "disk gone" })
        const unread = { ...file, bytes: Effect.fail(gone) }
        const down = yield* Effect.flip(ticketing.prepare(draft({ files: [unread] })))
        assert.isTrue(down.isRetryable)
        assert.include(down.message, "disk gone")
        const prepared = yield* ticketing.prepare(draft())
        const foreign = yield* Effect.flip(ticketing.create({ ...prepared, body: "{}" }))
        assert.strictEqual(foreign.reason._tag, "Invalid")
        assert.deepStrictEqual(desk.tickets, [])
        assert.throws(() => desk.only(), /0 tickets/)
      }),
    ),
  )

  it.effect("faults strike one call each, in order, and calls are counted", () =>
    onDesk(
      Effect.fnUntraced(function* (ticketing, desk) {
        const gate = yield* Deferred.make<void>()
        const busy = new RateLimited({ retryAfterMs: 5 })
        desk.next(
          "create",
          deskFaults.refuse(busy),
          deskFaults.loseAnswer,
          deskFaults.hold(Deferred.await(gate)),
        )
        const prepared = yield* ticketing.prepare(draft())
        const create = ticketing.create(prepared)
        assert.strictEqual((yield* Effect.flip(create)).reason._tag, "RateLimited")
        assert.lengthOf(desk.tickets, 0)
        assert.strictEqual((yield* Effect.flip(create)).reason._tag, "Ambiguous")
        assert.lengthOf(desk.tickets, 1)
        const held = yield* Effect.forkChild(create)
        yield* Effect.yieldNow
        assert.isUndefined(held.pollUnsafe())
        yield* Deferred.succeed(gate, undefined)
        assert.strictEqual((yield* Fiber.join(held)).ticketId, desk.only().id)
        assert.strictEqual(desk.count("create"), 3)
        assert.deepStrictEqual(desk.calls, ["prepare", "create", "create", "create"])
      }),
    ),
  )
})
