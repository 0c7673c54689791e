/** The account's own ticket fields. Zendesk: `GET /api/v2/ticket_fields`; they change when an administrator changes them. */
import type { FieldKind, TicketField, TicketingError } from "@opencx/core"
import { Clock, Effect, Result, Schema, Semaphore } from "effect"
import type { ZendeskClient } from "../client/Client.ts"
import { ask } from "./Calls.ts"
import { idText, nextCursor, PageMeta, WireId } from "./Wire.ts"

const maybe = <S extends Schema.Constraint>(schema: S) => Schema.optionalKey(Schema.NullOr(schema))

const OptionWire = Schema.Struct({
  name: maybe(Schema.String),
  raw_name: maybe(Schema.String),
  value: maybe(Schema.String),
})

const FieldWire = Schema.Struct({
  id: WireId,
  type: Schema.String,
  title: maybe(Schema.String),
  raw_title: maybe(Schema.String),
  description: maybe(Schema.String),
  agent_description: maybe(Schema.String),
  active: maybe(Schema.Boolean),
  required: maybe(Schema.Boolean),
  removable: maybe(Schema.Boolean),
  custom_field_options: maybe(Schema.Array(OptionWire)),
  regexp_for_validation: maybe(Schema.String),
})
type FieldWire = typeof FieldWire.Type

const FieldList = Schema.Struct({ ticket_fields: Schema.Array(FieldWire), meta: PageMeta })

/** Zendesk's names. Parts of card numbers and links to other records are known and never filled. */
const kinds: Readonly<Record<string, FieldKind>> = {
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
}

/** Every ticket has these; they are named too, because `removable` may be missing. */
const system = new Set([
  "subject",
  "description",
  "status",
  "custom_status",
  "tickettype",
  "priority",
  "basic_priority",
  "group",
  "assignee",
])

const isOwn = (field: FieldWire): boolean => field.removable !== false && !system.has(field.type)

/** Titles with `{{dc.…}}` placeholders of dynamic content are rendered in `title`, raw in `raw_title`. */
const toField = (field: FieldWire): TicketField => ({
  id: idText(field.id),
  kind: kinds[field.type] ?? "other",
  title: (field.title ?? field.raw_title ?? "").trim(),
  description: (field.agent_description ?? "").trim() || (field.description ?? "").trim(),
  active: field.active !== false,
  required: field.required === true,
  options: (field.custom_field_options ?? []).flatMap(({ name, raw_name, value }) =>
    value === null || value === undefined || value === ""
      ? []
      : [{ value, label: name ?? raw_name ?? value }],
  ),
  pattern: field.regexp_for_validation ?? null,
})

/** 100 a page; accounts have some hundred fields at most. */
const maxPages = 20

const readAll = Effect.fnUntraced(function* (client: ZendeskClient) {
  const fields: Array<TicketField> = []
  let cursor: string | null = null
  for (let page = 0; page < maxPages; page += 1) {
    const list: typeof FieldList.Type = yield* ask(client, "fields", { what: "ticket fields" }, FieldList, {
      method: "GET",
      path: "/api/v2/ticket_fields",
      query: { "page[size]": "100", ...(cursor === null ? {} : { "page[after]": cursor }) },
    })
    fields.push(...list.ticket_fields.filter(isOwn).map(toField))
    cursor = nextCursor(list.meta)
    if (cursor === null) break
  }
  return fields
})

/** How long a list is good: an option that was added is offered after this at the latest. */
const goodForMs = 5 * 60_000
/** When Zendesk does not answer, a list is used up to this age: Zendesk checks the values once more. */
const usableForMs = 24 * 3_600_000

/** Reads the fields once in a while. One read at a time; a failed one falls back on what was known. */
export const makeFields = (client: ZendeskClient) => {
  const lock = Semaphore.makeUnsafe(1)
  let known: { readonly at: number; readonly fields: ReadonlyArray<TicketField> } | null = null
  const ageOf = Effect.map(Clock.currentTimeMillis, (now) =>
    known === null ? Number.POSITIVE_INFINITY : now - known.at,
  )
  const read = Effect.gen(function* () {
    const fields: ReadonlyArray<TicketField> = yield* readAll(client)
    known = { at: yield* Clock.currentTimeMillis, fields }
    return fields
  })
  const refreshed = (atMost: number): Effect.Effect<ReadonlyArray<TicketField>, TicketingError> =>
    Effect.gen(function* () {
      const age = yield* ageOf
      if (known !== null && age < atMost) return known.fields
      const before = known
      if (before === null || age > usableForMs) return yield* read
      const again = yield* Effect.result(read)
      if (Result.isSuccess(again)) return again.success
      const { message } = again.failure
      yield* Effect.logWarning("The ticket fields could not be read again; the known ones are used", message)
      return before.fields
    })
  return ({ fresh }: { readonly fresh: boolean } = { fresh: false }) =>
    fresh
      ? lock.withPermit(Effect.suspend(() => read))
      : lock.withPermit(Effect.suspend(() => refreshed(goodForMs)))
}
