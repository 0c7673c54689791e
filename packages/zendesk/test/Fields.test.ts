/** The account's own fields over sockets: kinds, pages, memory, and what is missing or odd in an answer. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { makeTicketing } from "../src/index.ts"
import { overHttp } from "./fake/http.ts"
import { type Reply, routes, scripted } from "./fake/ScriptedServer.ts"
import { connectionTo } from "./fake/zendesk.ts"

const route = "GET /api/v2/ticket_fields"

const listed = (fields: ReadonlyArray<object>, meta: object = { has_more: false }): Reply => ({
  json: { ticket_fields: fields, meta },
})

const text = (id: number, more: object = {}) => ({
  id,
  type: "text",
  title: `Field ${id}`,
  removable: true,
  ...more,
})

const over = (script: Parameters<typeof routes>[0]) =>
  Effect.gen(function* () {
    const server = yield* scripted(routes(script))
    return { server, ticketing: yield* makeTicketing(connectionTo(server.url)) }
  })

describe("the account's own fields", () => {
  it.live("of every type of Zendesk's, and none that every ticket has", () =>
    Effect.gen(function* () {
      const types = {
        tagger: "dropdown",
        multiselect: "multiselect",
        text: "text",
        textarea: "textarea",
        integer: "integer",
        decimal: "decimal",
        checkbox: "checkbox",
        date: "date",
        regexp: "regexp",
        partialcreditcard: "other",
        lookup: "other",
        something_new: "other",
      } as const
      const system = "subject description status custom_status tickettype priority group assignee".split(" ")
      const { ticketing } = yield* over({
        [route]: listed([
          // `removable` may be missing on old accounts.
          ...system.map((type, at) => ({
            id: at + 1,
            type,
            title: type,
            removable: at % 2 === 0 ? false : undefined,
          })),
          ...Object.keys(types).map((type, at) => ({ id: 100 + at, type, title: type, removable: true })),
        ]),
      })
      const found = yield* ticketing.fields()
      assert.deepStrictEqual(
        found.map((one) => one.kind),
        Object.values(types),
      )
    }).pipe(overHttp, Effect.scoped),
  )

  it.live("with what is missing or odd read as well as it can be", () =>
    Effect.gen(function* () {
      const { ticketing } = yield* over({
        [route]: listed([
          {
            id: "9007199254740993",
            type: "tagger",
            title: null,
            raw_title: "{{dc.reason}}",
            custom_field_options: null,
          },
          {
            id: 2,
            type: "tagger",
            title: " Reason ",
            description: "for customers",
            agent_description: "for agents",
            active: false,
            required: true,
            custom_field_options: [
              { id: 1, name: "Delivery::Late", raw_name: "x", value: "late", position: 0, default: false },
              { name: null, raw_name: "{{dc.refund}}", value: "refund" },
              { name: "No value", value: "" },
              { name: "No value at all" },
            ],
          },
          { id: 3, type: "regexp", title: "Serial", regexp_for_validation: "\\A\\d+\\z" },
        ]),
      })
      assert.deepStrictEqual(yield* ticketing.fields(), [
        {
          id: "9007199254740993",
          kind: "dropdown",
          title: "{{dc.reason}}",
          description: "",
          active: true,
          required: false,
          options: [],
          pattern: null,
        },
        {
          id: "2",
          kind: "dropdown",
          title: "Reason",
          description: "for agents",
          active: false,
          required: true,
          options: [
            { value: "late", label: "Delivery::Late" },
            { value: "refund", label: "{{dc.refund}}" },
          ],
          pattern: null,
        },
        {
          id: "3",
          kind: "regexp",
          title: "Serial",
          description: "",
          active: true,
          required: false,
          options: [],
          pattern: "\\A\\d+\\z",
        },
      ])
    }).pipe(overHttp, Effect.scoped),
  )

  it.live("page by page, and no further than an account can have", () =>
    Effect.gen(function* () {
      const { server, ticketing } = yield* over({
        [route]: (seen) => {
          const after = Number(seen.query.get("page[after]") ?? 0)
          const more = after < 2
          return listed([text(after)], { has_more: more, after_cursor: more ? String(after + 1) : null })
        },
      })
      assert.lengthOf(yield* ticketing.fields(), 3)
      assert.strictEqual(server.to(route)[0]?.query.get("page[size]"), "100")
      const endless = yield* over({
        [route]: () => listed([text(1)], { has_more: true, after_cursor: "again" }),
      })
      yield* endless.ticketing.fields()
      assert.lengthOf(endless.server.to(route), 20)
    }).pipe(overHttp, Effect.scoped),
  )

  it.live("from memory, once for many who ask at the same time, and anew when that is wanted", () =>
    Effect.gen(function* () {
      const { server, ticketing } = yield* over({ [route]: (_, nth) => listed([text(nth)]) })
      const all = yield* Effect.all(
        Array.from({ length: 5 }, () => ticketing.fields()),
        { concurrency: "unbounded" },
      )
      assert.lengthOf(server.to(route), 1)
      assert.deepStrictEqual(new Set(all.map((fields) => fields[0]?.id)), new Set(["1"]))
      assert.strictEqual((yield* ticketing.fields({ fresh: true }))[0]?.id, "2")
      assert.strictEqual((yield* ticketing.fields())[0]?.id, "2")
    }).pipe(overHttp, Effect.scoped),
  )

  it.live("not at all when they never could be read; the reason is told", () =>
    Effect.gen(function* () {
      const { ticketing } = yield* over({
        [route]: (_, nth) =>
          nth === 1
            ? { status: 403, json: { error: { title: "Forbidden", message: "no" } } }
            : listed([text(1)]),
      })
      assert.strictEqual((yield* Effect.flip(ticketing.fields())).reason._tag, "PermissionDenied")
      assert.lengthOf(yield* ticketing.fields(), 1, "a failure is not remembered")
    }).pipe(overHttp, Effect.scoped),
  )

  it.effect(
    "as they were known, for a day, while Zendesk does not answer; read again after five minutes",
    () =>
      Effect.gen(function* () {
        let isDown = false
        const { server, ticketing } = yield* over({
          [route]: (_, nth) => (isDown ? { status: 500, json: { error: "oops" } } : listed([text(nth)])),
        })
        const first = Effect.map(ticketing.fields(), (fields) => fields[0]?.id)
        assert.strictEqual(yield* first, "1")
        yield* TestClock.adjust("4 minutes")
        assert.strictEqual(yield* first, "1")
        yield* TestClock.adjust("2 minutes")
        assert.strictEqual(yield* first, "2")
        isDown = true
        yield* TestClock.adjust("6 minutes")
        assert.strictEqual(yield* first, "2")
        assert.lengthOf(server.to(route), 3)
        assert.strictEqual((yield* Effect.flip(ticketing.fields({ fresh: true }))).reason._tag, "Unavailable")
        yield* TestClock.adjust("25 hours")
        yield* Effect.flip(ticketing.fields())
      }).pipe(overHttp, Effect.scoped),
  )
})
