/**
 * One part, at most once: what is known to be out is not sent again, what is doubtful is looked for first. Providers have no
 * idempotency for messages; see `AGENTS.md`.
 */
import { Clock, Effect } from "effect"
import { doubtful, type SendProblem } from "../providers/SendProblem.ts"
import type { Part, SmsProvider } from "../providers/SmsProvider.ts"
import type { Ledger } from "./Ledger.ts"
import type { PartName } from "./PartToken.ts"

/** An account that is open for sending. */
export interface Outbox {
  readonly provider: SmsProvider
  readonly ledger: Ledger
  /** Epoch milliseconds. */
  readonly openedAt: number
  /** How long a lost answer is waited for in callbacks and lists, in milliseconds. */
  readonly settleMs: number
}

/** A try: which part, and what is known about the delivery. Times in epoch milliseconds. */
export interface Try {
  readonly name: PartName
  readonly part: Part
  readonly firstAt: number
  readonly again: boolean
  readonly lastInboundAt: number | null
}

/** After a start, deliveries of the process before may come again: so long they are looked for before they are sent. */
const RECOVERY_MS = 600_000
/** No delivery is tried for longer than this (the engine's retry policy). */
const DELIVERY_LIFE_MS = 900_000
/** Clocks of ours and of the provider's may differ by so much. */
const SKEW_MS = 60_000
const FOREVER = Number.MAX_SAFE_INTEGER

/** The id of a part that is out already; null when it must be sent. Fails when that is not known. */
const lookUp = Effect.fnUntraced(function* (outbox: Outbox, attempt: Try) {
  const { ledger, provider } = outbox
  const { deliveryId, part } = attempt.name
  const known = ledger.sentId(deliveryId, part)
  if (known !== null || provider.find === null) return known
  const claimed = (id: string) => ledger.claimed(id)
  if (ledger.isDoubtful(deliveryId, part))
    return yield* provider.find.part(attempt.part, {
      after: attempt.firstAt - SKEW_MS,
      before: FOREVER,
      claimed,
    })
  const now = yield* Clock.currentTimeMillis
  if (attempt.again || !provider.find.byText || now - outbox.openedAt > RECOVERY_MS) return null
  // The same words before the customer's newest message were another answer.
  const after = Math.max(attempt.lastInboundAt ?? 0, outbox.openedAt - DELIVERY_LIFE_MS)
  return yield* provider.find
    .part(attempt.part, { after, before: outbox.openedAt + SKEW_MS, claimed })
    .pipe(Effect.orElseSucceed(() => null))
})

/** After a lost answer: waits for the part's callback, and looks into the provider's list. */
const settle = Effect.fnUntraced(function* ({ ledger, provider, settleMs }: Outbox, attempt: Try) {
  const { deliveryId, part } = attempt.name
  const rounds = 10
  for (let round = 1; round <= rounds; round++) {
    yield* Effect.sleep(settleMs / rounds)
    const told = ledger.sentId(deliveryId, part)
    if (told !== null) return told
    if (provider.find === null || (round !== 4 && round !== rounds)) continue
    const search = {
      after: attempt.firstAt - SKEW_MS,
      before: FOREVER,
      claimed: (id: string) => ledger.claimed(id),
    }
    const found = yield* provider.find.part(attempt.part, search).pipe(Effect.orElseSucceed(() => null))
    if (found !== null) return found
  }
  return null
})

const afterDoubt = Effect.fnUntraced(function* (outbox: Outbox, attempt: Try, detail: string) {
  const { deliveryId, part } = attempt.name
  outbox.ledger.markDoubtful(deliveryId, part)
  return (yield* settle(outbox, attempt)) ?? (yield* doubtful(detail))
})

/** Sends a part unless it is out. Answers with the provider's id. */
export const sendPart = Effect.fn("channel-sms.sendPart")(function* (
  outbox: Outbox,
  attempt: Try,
): Effect.fn.Return<string, SendProblem> {
  const { ledger, provider } = outbox
  const { deliveryId, part } = attempt.name
  const found = yield* lookUp(outbox, attempt)
  const id =
    found ??
    (yield* provider
      .send(attempt.part)
      .pipe(
        Effect.catchTag("SendProblem", (error) =>
          error.problem._tag === "Doubtful"
            ? afterDoubt(outbox, attempt, error.problem.detail)
            : Effect.fail(error),
        ),
      ))
  ledger.markSent(deliveryId, part, id)
  return id
})
