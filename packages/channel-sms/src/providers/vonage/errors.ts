/** Error codes of Vonage's Messages API in plain words. Source: developer.vonage.com/api-errors/messages. */
import type { ErrorTable } from "../SendProblem.ts"

const ours = {
  words:
    "Our own sender number or name is not allowed for this message. This is a configuration problem, not the customer's: an administrator must check it at Vonage.",
}
const credit = { words: "The Vonage account has no credit left. An administrator must top it up." }

export const vonageErrors: ErrorTable = {
  "1000": { words: "Too many messages at once.", retryAfterMs: 5_000 },
  "1010": { words: "The message was not complete." },
  "1020": { words: "Vonage did not accept the message's number or contents." },
  "1040": { words: "The customer's number is not one that text messages can be sent to." },
  "1050": {
    words:
      "The customer's number is on Vonage's list of numbers that may not be texted (it may have opted out with STOP).",
  },
  "1060": { words: "The Vonage account is suspended. An administrator must look at it." },
  "1070": credit,
  "low-balance": credit,
  "1080": ours,
  "1120": ours,
  "1140": { words: "The Vonage account may not use this feature. An administrator must look at it." },
  "1160": { words: "The customer's number is not among those that this Vonage account may text." },
}
