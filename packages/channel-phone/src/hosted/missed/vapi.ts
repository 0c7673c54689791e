/** Vapi's list of calls: newest first, at most 100 a page (`GET /call` with `assistantId`, `createdAtGe`, `createdAtLt`). */
import type { Account, ChannelEvent } from "@opencx/core"
import { DateTime, Effect, Option, Schema } from "effect"
import type { Fault } from "../../failures.ts"
import type { VapiSettings } from "../../settings/hosted.ts"
import { ListedVapiCall, reportOf, timeOf } from "../vapi.ts"
import { type Api, asking, type EndedCall } from "./ask.ts"

const PAGE = 100
/** Pages per assistant and pass. */
const MAX_PAGES = 5

type Listed = typeof ListedVapiCall.Type

const list = asking(Schema.Array(Schema.Unknown))
/** One call that cannot be read does not cost the others. */
const decode = Schema.decodeUnknownOption(ListedVapiCall)
const iso = (ms: number): string => DateTime.formatIso(DateTime.makeUnsafe(ms))

const ofAssistant = Effect.fnUntraced(function* (api: Api, assistantId: string, since: number) {
  const calls: Array<Listed> = []
  let before: number | null = null
  for (let page = 0; page < MAX_PAGES; page++) {
    const query = new URLSearchParams({
      assistantId,
      limit: String(PAGE),
      createdAtGe: iso(since),
      ...(before === null ? {} : { createdAtLt: iso(before) }),
    })
    const raw: ReadonlyArray<unknown> = yield* list(api, `/call?${query}`, null)
    const found = raw.flatMap((one) => Option.toArray(decode(one)))
    calls.push(...found)
    before = found.reduce<number | null>((oldest, { createdAt }) => {
      const at = timeOf(createdAt)
      return at === null || (oldest !== null && oldest <= at) ? oldest : at
    }, null)
    if (raw.length < PAGE || before === null) break
  }
  return calls
})

/** Calls that ended between these times (epoch ms), with the events of their reports. */
export const endedAtVapi = Effect.fn("channel-phone.endedAtVapi")(function* (
  account: Account<VapiSettings>,
  since: number,
  until: number,
): Effect.fn.Return<ReadonlyArray<EndedCall<ReadonlyArray<ChannelEvent>>>, Fault> {
  const { missedReports } = account.settings
  if (missedReports === undefined) return []
  const api: Api = { provider: "Vapi", baseUrl: missedReports.apiBaseUrl, apiKey: missedReports.apiKey }
  const pages = yield* Effect.forEach(missedReports.assistantIds, (id) => ofAssistant(api, id, since))
  return pages.flat().flatMap((call) => {
    const endedAt = timeOf(call.endedAt)
    return endedAt === null || endedAt > until
      ? []
      : [{ id: call.id, events: reportOf(call, call.id, account, endedAt) }]
  })
})
