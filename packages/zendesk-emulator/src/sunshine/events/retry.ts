import type { SendResult } from "../../webhooks/send.ts"

/** The target has spoken its last word. */
const final = new Set([400, 401, 403, 404, 406])

const attempts = 5

/**
 * Milliseconds until the next attempt, or undefined. Five attempts within 15 minutes at doubling intervals: one
 * minute, two, four, eight. `attempt` counts from 1. A target that cannot be reached counts like a 5xx.
 */
export const nextMessagingRetry = (result: SendResult, attempt: number): number | undefined => {
  if (attempt >= attempts) return undefined
  if (result.kind === "answered" && final.has(result.status)) return undefined
  return 60_000 * 2 ** (attempt - 1)
}
