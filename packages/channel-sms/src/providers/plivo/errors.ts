/** Plivo's error codes in plain words. Source: plivo.com/docs/messaging/troubleshooting/error-codes. */
import type { ErrorTable } from "../SendProblem.ts"

export const plivoErrors: ErrorTable = {
  "10": { words: "The carrier did not accept the message's contents." },
  "20": { words: "The customer's carrier had a network problem." },
  "30": {
    words: "A carrier filtered the message as unwanted. Other words or a registered sender may get through.",
  },
  "40": {
    words:
      "Our own sender number cannot send this message. This is a configuration problem, not the customer's: an administrator must check the number at Plivo.",
  },
  "50": { words: "The customer's number is not one that text messages can be sent to." },
  "70": { words: "The customer's number is unknown or not in service any more." },
  "80": { words: "The customer's phone could not be reached: it is switched off or has no service." },
  "90": { words: "There is no route from our number to the customer's number." },
  "100": { words: "The customer's carrier does not allow this message." },
  "110": { words: "The message is too long for one text message." },
  "200": {
    words:
      "The customer has opted out of text messages (sent STOP). They must text START before messages can reach them.",
  },
  "900": { words: "The Plivo account has no credit left. An administrator must top it up." },
}
