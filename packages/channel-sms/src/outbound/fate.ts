/**
 * What became of a part whose answer was lost: its status callback tells, or the provider's list. Providers have no
 * idempotency for messages; see `AGENTS.md`.
 */
import type { PartFate, SendProgress } from "@opencx/core"
import { Effect } from "effect"
import type { Part, SmsProvider } from "../providers/SmsProvider.ts"

/** Clocks of ours and of the provider's may differ by so much. */
const SKEW_MS = 60_000
/** Looks for a callback; every fifth looks into the list, too. */
const ROUNDS = 10
const LIST_EVERY = 5

interface Search {
  readonly provider: SmsProvider
  readonly progress: SendProgress
  readonly name: string
  readonly part: Part
  /** How long callback and list are waited for, in milliseconds. */
  readonly settleMs: number
}

const sent = (providerId: string): PartFate => ({ _tag: "Sent", providerId })

/** In the provider's list: its newest match that is no other part's. */
const inList = Effect.fnUntraced(function* ({ part, progress, provider }: Search, since: number) {
  const unknown: PartFate = { _tag: "Unknown" }
  if (provider.find === null) return unknown
  const matches = yield* Effect.result(provider.find(part, since - SKEW_MS))
  if (matches._tag === "Failure") {
    const { problem } = matches.failure
    const detail = problem._tag === "Refused" ? problem.explanation : problem.detail
    return { _tag: "NotNow", detail } satisfies PartFate
  }
  for (const id of matches.success) if (!(yield* progress.isTaken(id))) return sent(id)
  return { _tag: "NotSent" } satisfies PartFate
})

/** Looks for the part, and waits for news of it. `since`: when its first try began, epoch milliseconds. */
export const fateOf = Effect.fn("channel-sms.fateOf")(function* (search: Search, since: number) {
  const { name, progress, settleMs } = search
  let listed: PartFate = { _tag: "Unknown" }
  for (let round = 0; round <= ROUNDS; round++) {
    if (round > 0) yield* Effect.sleep(settleMs / ROUNDS)
    const told = (yield* progress.known).find((part) => part.name === name)?.providerId ?? null
    if (told !== null) return sent(told)
    if (round % LIST_EVERY === 0) listed = yield* inList(search, since)
    if (listed._tag === "Sent") return listed
  }
  return listed
})
