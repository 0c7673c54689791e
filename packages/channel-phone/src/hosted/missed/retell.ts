/**
 * Retell's list of calls (`POST /v3/list-calls`, newest first by start) has no transcripts; each call is read by itself
 * (`GET /v2/get-call/{id}`). Filters are ours: those of the list changed between its versions.
 */
import type { Account, ChannelEvent } from "@opencx/core"
import { Effect, Option, Schema } from "effect"
import type { Fault } from "../../failures.ts"
import type { RetellSettings } from "../../settings/hosted.ts"
import { eventsOf, RetellCall } from "../retell.ts"
import { type Api, asking, type EndedCall } from "./ask.ts"

const PAGE = 100
const MAX_PAGES = 5

const maybe = <S extends Schema.Top>(schema: S) => Schema.optionalKey(Schema.NullOr(schema))

const Listed = Schema.Struct({
  call_id: Schema.NonEmptyString,
  agent_id: maybe(Schema.String),
  /** Epoch milliseconds. */
  start_timestamp: maybe(Schema.Number),
  end_timestamp: maybe(Schema.Number),
})
/** One call that cannot be read does not cost the others. */
const decode = Schema.decodeUnknownOption(Listed)

const Page = Schema.Struct({
  items: Schema.Array(Schema.Unknown),
  has_more: maybe(Schema.Boolean),
  pagination_key: maybe(Schema.String),
})
const Request = Schema.fromJsonString(
  Schema.Struct({
    sort_order: Schema.Literal("descending"),
    limit: Schema.Int,
    pagination_key: Schema.optionalKey(Schema.String),
  }),
)
const encode = Schema.encodeSync(Request)
const list = asking(Page)
const get = asking(RetellCall)

const listed = Effect.fnUntraced(function* (api: Api, since: number) {
  const calls: Array<typeof Listed.Type> = []
  let key: string | null = null
  for (let page = 0; page < MAX_PAGES; page++) {
    const body = encode({
      sort_order: "descending",
      limit: PAGE,
      ...(key === null ? {} : { pagination_key: key }),
    })
    const answer: typeof Page.Type = yield* list(api, "/v3/list-calls", body)
    const found = answer.items.flatMap((one) => Option.toArray(decode(one)))
    calls.push(...found)
    key = answer.has_more === true ? (answer.pagination_key ?? null) : null
    const isPast = found.some((call) => (call.start_timestamp ?? since) < since)
    if (key === null || isPast) break
  }
  return calls
})

/** Calls that ended between these times (epoch ms), unless they are known, with the events of their webhooks. */
export const endedAtRetell = Effect.fn("channel-phone.endedAtRetell")(function* (
  account: Account<RetellSettings>,
  since: number,
  until: number,
  isKnown: (id: string) => boolean,
): Effect.fn.Return<ReadonlyArray<EndedCall<ReadonlyArray<ChannelEvent>>>, Fault> {
  const { apiKey, missedReports } = account.settings
  if (missedReports === undefined) return []
  const api: Api = { provider: "Retell", baseUrl: missedReports.apiBaseUrl, apiKey }
  const ended = (yield* listed(api, since)).filter(
    ({ agent_id, call_id, end_timestamp }) =>
      missedReports.agentIds.includes(agent_id ?? "") &&
      (end_timestamp ?? 0) >= since &&
      (end_timestamp ?? Number.POSITIVE_INFINITY) <= until &&
      !isKnown(call_id),
  )
  const read = yield* Effect.forEach(ended, ({ call_id }) =>
    get(api, `/v2/get-call/${encodeURIComponent(call_id)}`, null).pipe(
      Effect.map((call) => [
        { id: call_id, events: eventsOf(call, "call_analyzed", account, call.end_timestamp ?? until) },
      ]),
      // The next look comes to it again.
      Effect.catch((fault) =>
        Effect.as(Effect.logWarning("A call at Retell was left out", fault.message), []),
      ),
    ),
  )
  return read.flat()
})
