/** What one relay connection may ask of us. Twilio stays far below all of it. */

/** Largest message taken, in bytes. */
export const MAX_FRAME_BYTES = 65_536
/** Longest prompt that is kept, in UTF-16 units. */
export const MAX_PROMPT = 10_000
/** Live calls of this process. */
export const MAX_CALLS = 1_000
/** Milliseconds in which a new connection must say which call it is. */
export const SETUP_MS = 10_000
/** Age of a relay token up to which it opens a connection. */
export const TICKET_MS = 600_000
/** Milliseconds in which Twilio closes a session that we have ended; then we do. */
export const END_MS = 10_000
/** Milliseconds after a lost connection in which the call may come back before it counts as over. */
export const GRACE_MS = 20_000
/** UTF-16 units that are sent without a word from the other side; more means that nobody reads. */
export const MAX_UNREAD = 262_144

const BURST = 60
const PER_SECOND = 20

/** A bucket of messages: bursts pass, floods do not. */
export class FrameRate {
  private tokens = BURST
  private last: number
  constructor(now: number) {
    this.last = now
  }
  /** False when this message is one too many. `now` in epoch milliseconds. */
  take(now: number): boolean {
    this.tokens = Math.min(BURST, this.tokens + (Math.max(0, now - this.last) / 1_000) * PER_SECOND)
    this.last = now
    if (this.tokens < 1) return false
    this.tokens -= 1
    return true
  }
}
