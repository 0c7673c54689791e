/** AI fields in a handoff, through the real engine: they help, and never cost it. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import {
  chatFaults,
  deskFaults,
  type FilledField,
  Invalid,
  PermissionDenied,
  SupportAgentError,
  type TicketField,
  Unavailable,
} from "../../src/index.ts"
import { orgId } from "../support/fixtures.ts"
import { mail, makeRig, onlySession, type Rig, type RigOptions, settled, write } from "../support/Rig.ts"

const { loseAnswer, refuse } = deskFaults

const field = (id: string, change: Partial<TicketField> = {}): TicketField => ({
  id,
  kind: "text",
  title: `Field ${id}`,
  description: "",
  active: true,
  required: false,
  options: [],
  pattern: null,
  ...change,
})

const reason = field("31", {
  kind: "dropdown",
  title: "Reason",
  options: [
    { value: "refund_request", label: "Refund" },
    { value: "other_reason", label: "Other" },
  ],
})
const order = field("32", { title: "Order number" })

const filled = (id: string, value: FilledField["value"]): FilledField => ({ id, value, confidence: 0.9 })

const rigWith = Effect.fnUntraced(function* (
  fields: NonNullable<NonNullable<RigOptions["settings"]>["fields"]>,
  values: ReadonlyArray<FilledField>,
  path: RigOptions["path"] = "ticket",
) {
  const rig = yield* makeRig({ settings: { fields }, path })
  rig.desk.fields.push(reason, order)
  rig.agent.fills.push(Effect.succeed(values))
  return rig
})

const handedOff = Effect.fnUntraced(function* (rig: Rig) {
  yield* write(rig, mail("a human please, my refund for order 1042"))
  yield* settled(rig)
})

const events = Effect.fnUntraced(function* (rig: Rig) {
  const entries = yield* rig.store.timeline(orgId, (yield* onlySession(rig)).id)
  return entries.flatMap(({ body }) => (body._tag === "SystemEvent" ? [body.text] : []))
})

const both = [{ id: 31, description: "why they write" }, { id: "32" }]

describe("a ticket", () => {
  it.live("carries the values, each checked; the agent is told what the fields are for", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith(both, [
        filled("32", "1042"),
        filled("31", "refund_request"),
        filled("99", "never asked for"),
      ])
      yield* handedOff(rig)
      assert.deepStrictEqual(
        [...rig.desk.only().fields],
        [
          ["31", "refund_request"],
          ["32", "1042"],
        ],
        "in the order of the settings",
      )
      assert.deepStrictEqual(rig.agent.asked[0], [
        { field: reason, instruction: "why they write" },
        { field: order, instruction: null },
      ])
    }).pipe(Effect.scoped),
  )

  it.live("never carries a value outside the options, whatever the agent says", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith(both, [filled("31", "Refund"), filled("32", "1042")])
      yield* handedOff(rig)
      assert.deepStrictEqual([...rig.desk.only().fields], [["32", "1042"]])
      assert.strictEqual(rig.desk.count("create"), 1)
    }).pipe(Effect.scoped),
  )

  it.live("has no fields where none are mapped, switched off, unknown or inactive", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith(
        [{ id: "31", on: false }, { id: "404" }, { id: "33" }],
        [filled("31", "refund_request")],
      )
      rig.desk.fields.push(field("33", { active: false, title: "Old" }))
      yield* handedOff(rig)
      assert.strictEqual(rig.desk.only().fields.size, 0)
      assert.deepStrictEqual(rig.agent.asked, [], "nothing to ask")
      const told = (yield* events(rig)).join("\n")
      assert.include(told, "Field 404 is left blank: the help desk has no such field")
      assert.include(told, "Field Old is left blank: switched off")
      const bare = yield* makeRig()
      yield* handedOff(bare)
      assert.strictEqual(bare.desk.count("fields"), 0, "no call without a mapping")
    }).pipe(Effect.scoped),
  )

  it.live("is filled once: a retry sends the same values, whatever the agent would say now", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith(both, [filled("32", "1042")])
      rig.agent.fills.push(Effect.succeed([filled("32", "another")]))
      rig.desk.next("create", refuse(new Unavailable({ detail: "down", retryAfterMs: null })), loseAnswer)
      yield* handedOff(rig)
      assert.deepStrictEqual([...rig.desk.only().fields], [["32", "1042"]])
      assert.lengthOf(rig.agent.asked, 1)
      assert.strictEqual(rig.desk.count("create"), 2)
    }).pipe(Effect.scoped),
  )
})

describe("the handoff survives", () => {
  it.live("an option that was removed meanwhile: that field is dropped, the session says so", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith(both, [filled("31", "refund_request"), filled("32", "1042")])
      rig.desk.next("prepare", (call) =>
        Effect.andThen(
          Effect.sync(() => void rig.desk.fields.splice(0, 1, { ...reason, options: [] })),
          call,
        ),
      )
      yield* handedOff(rig)
      assert.deepStrictEqual([...rig.desk.only().fields], [["32", "1042"]])
      const told = yield* events(rig)
      assert.isTrue(
        told.some((text) => text.startsWith("Field Reason is left blank: the help desk refused it")),
      )
      assert.isFalse(told.some((text) => text.includes("Order number")))
      assert.strictEqual((yield* onlySession(rig)).state, "handing_off")
    }).pipe(Effect.scoped),
  )

  it.live("a refusal that names no field: all are dropped, the ticket is made", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith(both, [filled("31", "refund_request"), filled("32", "1042")])
      rig.desk.next("create", refuse(new Invalid({ issues: ["something is wrong"], hint: "Look." })))
      yield* handedOff(rig)
      assert.strictEqual(rig.desk.only().fields.size, 0)
      assert.lengthOf(
        (yield* events(rig)).filter((text) => text.includes("something is wrong")),
        2,
      )
    }).pipe(Effect.scoped),
  )

  it.live("a refusal about something else fails as before, after one more try", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith(both, [filled("32", "1042")])
      const suspended = refuse(new Invalid({ issues: ["Requester is suspended."], hint: "Unsuspend." }))
      rig.desk.next("create", suspended, suspended)
      yield* handedOff(rig)
      assert.strictEqual(rig.desk.count("create"), 2)
      assert.strictEqual((yield* onlySession(rig)).state, "ai")
    }).pipe(Effect.scoped),
  )

  it.live("fields that may not be read, at once; that cannot be read now, after some tries", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith(both, [])
      rig.desk.next("fields", refuse(new PermissionDenied({ hint: "Give the scope read." })))
      yield* handedOff(rig)
      assert.strictEqual(rig.desk.count("fields"), 1)
      assert.isTrue((yield* events(rig)).some((text) => text.includes("Give the scope read.")))
      const other = yield* rigWith(both, [filled("32", "1042")])
      const down = refuse(new Unavailable({ detail: "down", retryAfterMs: null }))
      other.desk.next("fields", down, down, down, down, down)
      yield* handedOff(other)
      assert.strictEqual(other.desk.count("fields"), 3)
      assert.strictEqual(other.desk.only().fields.size, 0)
    }).pipe(Effect.scoped),
  )

  it.live("an agent that cannot fill", () =>
    Effect.gen(function* () {
      const rig = yield* makeRig({ settings: { fields: both } })
      rig.desk.fields.push(reason, order)
      const broken = new SupportAgentError({
        operation: "fill",
        reason: new Unavailable({ detail: "no model", retryAfterMs: null }),
      })
      rig.agent.fills.push(Effect.fail(broken))
      yield* handedOff(rig)
      assert.strictEqual(rig.desk.only().fields.size, 0)
      assert.isTrue((yield* events(rig)).some((text) => text.includes("the AI could not fill them")))
    }).pipe(Effect.scoped),
  )
})

describe("a live chat", () => {
  it.live("gets the values with control, once decided the same for every pass", () =>
    Effect.gen(function* () {
      const rig = yield* rigWith(both, [filled("32", "1042"), filled("31", "refund_request")], "chat")
      rig.agent.fills.push(Effect.succeed([filled("32", "another")]))
      // Accepted and not done the first time.
      rig.chat.next("pass", chatFaults.refuse(new Unavailable({ detail: "down", retryAfterMs: null })))
      rig.chat.stickPasses(1)
      yield* handedOff(rig)
      const { passes } = rig.chat.only()
      assert.deepStrictEqual(
        passes.map((pass) => pass.done),
        [false, true],
      )
      for (const pass of passes)
        assert.deepStrictEqual(pass.fields, [
          { id: "31", value: "refund_request" },
          { id: "32", value: "1042" },
        ])
      assert.lengthOf(rig.agent.asked, 1)
    }).pipe(Effect.scoped),
  )
})
