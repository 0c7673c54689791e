/**
 * Words that end or resume the contact. On WhatsApp only those that nobody uses for anything else: `CANCEL`, `END` and `YES`
 * are ordinary answers here, and no carrier acts on them.
 */
import type { ChannelEvent, MessageEvent } from "@opencx/core"

export const optOutWords = ["STOP", "STOPALL", "UNSUBSCRIBE"]
const optInWords = ["START", "UNSTOP"]

/** `true`: opts out; `false`: opts in again; null: an ordinary message. Only whole messages count. */
export const optOutOf = (text: string): boolean | null => {
  const word = text
    .trim()
    .replace(/[.!]{1,3}$/, "")
    .toUpperCase()
  if (optOutWords.includes(word)) return true
  return optInWords.includes(word) ? false : null
}

const consentEvent = (message: MessageEvent, optedOut: boolean): ChannelEvent => ({
  _tag: "OptOut",
  dedupKey: optedOut ? message.dedupKey : `${message.dedupKey}:opt-in`,
  sender: message.sender,
  thread: message.thread,
  address: message.address,
  at: message.sentAt,
  optedOut,
  text: message.text,
  messageId: message.messageId,
})

/**
 * A refusal takes the message's place. A resumption comes before the message, which is answered all the same: many people
 * begin with "start", and whoever takes messages again wants one.
 */
export const withConsent = (message: MessageEvent, verdict: boolean | null): ReadonlyArray<ChannelEvent> => {
  if (verdict === null || message.fetch !== undefined) return [message]
  return verdict ? [consentEvent(message, true)] : [consentEvent(message, false), message]
}
