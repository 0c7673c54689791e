/** What Twilio does by itself when a customer texts STOP, START or HELP. */
import type { CustomerText } from "./hooks.ts"
import type { TwilioState } from "./State.ts"

const STOP = /^(?:stop|stopall|unsubscribe|cancel|end|quit)$/i
const START = /^(?:start|yes|unstop)$/i
const HELP = /^(?:help|info)$/i

/** Twilio looks at single-word messages only, and sends the webhook all the same. */
const keyword = (text: string): "STOP" | "START" | "HELP" | null => {
  const word = text.trim()
  if (STOP.test(word)) return "STOP"
  if (START.test(word)) return "START"
  return HELP.test(word) ? "HELP" : null
}

const autoReplies = {
  STOP: "You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe.",
  START:
    "You have successfully been re-subscribed to messages from this number. Reply HELP for help. Reply STOP to unsubscribe.",
  HELP: "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
}

/** Twilio's own answer to a keyword; it changes who is opted out. */
export const autoReplyOf = (state: TwilioState, text: CustomerText): string | null => {
  const word = keyword(text.text)
  const pair = `${text.from}|${text.to}`
  const out = state.optedOut.has(pair)
  if (word === "STOP") state.optedOut.add(pair)
  if (word === "START") state.optedOut.delete(pair)
  // START answers only those who are out; those get no answer to HELP.
  if (word === null || (word === "START" && !out) || (word === "HELP" && out)) return null
  return word === "STOP" && out ? null : autoReplies[word]
}
