/**
 * Zendesk takes 30 updates in 10 minutes per user and ticket. Forwarded messages use at most 20 of them, so that notes,
 * tags and handoffs always find room; a message that finds none waits, and is folded into one comment with what follows.
 */
import { Clock, Context, Effect, Layer } from "effect"
import type { TicketId } from "../../domain/Ids.ts"

const windowMs = 600_000
const perWindow = 20

export class UpdateBudget extends Context.Service<
  UpdateBudget,
  {
    /** Waits until one more update of this ticket is within the limit. */
    take(ticketId: TicketId): Effect.Effect<void>
  }
>()("@opencx/core/engine/tasks/UpdateBudget") {
  static readonly layer = Layer.sync(UpdateBudget, () => {
    const taken = new Map<TicketId, ReadonlyArray<number>>()
    const forgetOld = (now: number) => {
      if (taken.size < 10_000) return
      for (const [id, times] of taken) if ((times.at(-1) ?? 0) < now - windowMs) taken.delete(id)
    }
    const take = (ticketId: TicketId): Effect.Effect<void> =>
      Effect.flatMap(Clock.currentTimeMillis, (now) => {
        const recent = (taken.get(ticketId) ?? []).filter((at) => at > now - windowMs)
        const oldest = recent[0]
        if (recent.length >= perWindow && oldest !== undefined) {
          return Effect.andThen(
            Effect.sleep(oldest + windowMs - now + 1),
            Effect.suspend(() => take(ticketId)),
          )
        }
        taken.set(ticketId, [...recent, now])
        forgetOld(now)
        return Effect.void
      })
    return { take }
  })
}
