/**
 * WhatsApp's customer service window: free text only within 24 hours of the customer's last message. Meta tells late, by a
 * status, so we reckon ourselves.
 */
import type { OutboundThread } from "@opencx/core"
import { timeInWords } from "../render/time.ts"

export const WINDOW_MINUTES = 24 * 60

export interface Window {
  readonly open: boolean
  /** Epoch ms; null when we do not know when the customer last wrote. The provider decides then. */
  readonly closesAt: number | null
}

export const windowOf = (thread: OutboundThread, now: number): Window => {
  const closesAt = thread.lastInboundAt === null ? null : thread.lastInboundAt + WINDOW_MINUTES * 60_000
  return { open: closesAt === null || now < closesAt, closesAt }
}

/** For the rep. */
export const windowClosed = (closesAt: number | null): string =>
  `The WhatsApp 24-hour window closed${closesAt === null ? "" : ` at ${timeInWords(closesAt)}`}`

export const heldUntilTheyWrite = (closesAt: number | null): string =>
  `${windowClosed(closesAt)}; it will be sent when the customer writes again.`
