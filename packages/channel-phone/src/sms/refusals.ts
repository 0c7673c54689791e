/** What Twilio's refusals of an SMS mean for a delivery. Codes change over the years: what is unknown is shown, not repeated. */
import type { SendFailure } from "@opencx/core"
import { permanent, retry } from "../failures.ts"
import type { Refused } from "./TwilioRest.ts"

const known: Readonly<Record<number, string>> = {
  21610: "the customer has opted out of text messages from this number",
  21211: "the caller's number is not valid for text messages",
  21214: "the caller's number cannot be reached by text message",
  21614: "the caller's number is not a mobile number",
  21408: "texting to the caller's country is not switched on in the Twilio account",
  21606: "the configured number cannot send text messages",
  30002: "the Twilio account is suspended",
  30003: "the caller's phone cannot be reached at the moment",
  30005: "the caller's number is unknown or not in service",
  30006: "the caller's number is a landline or cannot take text messages",
  30007: "the carrier filtered the text message",
  30032: "the toll-free number is not verified for text messages",
  30034: "the configured number is not registered for business texting in the US",
}

/** Plain words for a code, for a rep. */
export const explainCode = (code: number | null): string =>
  code === null
    ? "the text message was not delivered"
    : (known[code] ?? `the text message was not delivered (Twilio error ${code})`)

/** Wrong credentials are put right by an operator, so the reply waits. */
const LOGIN_MS = 300_000

/** Sorts an answer that says no for sure. */
export const refusal = (answer: Refused): SendFailure => {
  if (answer.status === 429) return retry("Twilio asks to slow down", answer.retryAfterMs)
  if (answer.status === 503) return retry("Twilio is out of order", answer.retryAfterMs)
  if (answer.status === 401 || answer.status === 403)
    return retry(
      `Twilio refused our credentials (${answer.status}); check accountSid and authToken`,
      LOGIN_MS,
    )
  if (answer.code === 30001) return retry("Twilio's queue is full", 60_000)
  return permanent(
    String(answer.code ?? answer.status),
    `The call has ended, and the reply could not be texted: ${explainCode(answer.code)}.`,
  )
}
