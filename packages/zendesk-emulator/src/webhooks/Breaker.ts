import type { Webhook } from "../world/model.ts"
import type { World } from "../world/World.ts"

const span = 5 * 60_000

/** 70 % failures, or more than 1000 errors, in five minutes pause a webhook for a while. */
export const record = (world: World, webhook: Webhook, ok: boolean): void => {
  const { breaker, breakerMinimum, breakerPauseMs } = world.settings.webhooks
  const now = world.now()
  const outcomes = webhook.outcomes
  outcomes.push({ at: now, ok })
  while (outcomes[0] !== undefined && outcomes[0].at < now - span) outcomes.shift()
  if (outcomes.length > 20_000) outcomes.splice(0, outcomes.length - 20_000)
  if (!breaker || ok) return
  const failures = outcomes.filter((outcome) => !outcome.ok).length
  const ratio = outcomes.length >= breakerMinimum && failures / outcomes.length >= 0.7
  if (!ratio && failures <= 1_000) return
  webhook.pausedUntil = performance.now() + world.timers.scaled(breakerPauseMs)
  // The pause starts a new count, else one failure after it would pause again at once.
  outcomes.length = 0
}

/** The pause is real, scaled time: a test may move the account's clock without opening the breaker. */
export const isPaused = (webhook: Webhook): boolean => webhook.pausedUntil > performance.now()
