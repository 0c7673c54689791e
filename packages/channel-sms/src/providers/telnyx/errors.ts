/** Telnyx's error codes in plain words. Source: developers.telnyx.com, messaging error codes. */
import type { ErrorTable } from "../SendProblem.ts"

const MINUTE = 60_000
const registration = {
  words:
    "Our number is not registered for business messages in the United States (10DLC), so carriers block it. This is a configuration problem: an administrator must finish the registration at Telnyx.",
}
const ours = {
  words:
    "Our own sender number cannot send this message. This is a configuration problem, not the customer's: an administrator must check the number and its messaging profile at Telnyx.",
}
const notANumber = { words: "The customer's number is not one that text messages can be sent to." }
const filtered = {
  words: "A carrier filtered the message as unwanted. Other words or a registered sender may get through.",
}

export const telnyxErrors: ErrorTable = {
  "10009": {
    words:
      "Telnyx does not accept this account's API key, so no text message can be sent. An administrator must correct the SMS account's settings.",
  },
  "10011": { words: "Too many messages at once.", retryAfterMs: 5_000 },
  "10002": notANumber,
  "10016": notANumber,
  "40001": { words: "The customer's number is a landline or cannot receive text messages." },
  "40002": filtered,
  "40003": filtered,
  "40004": { words: "The customer's carrier refused the message and gave no reason." },
  "40005": { words: "The message could not be delivered before it expired." },
  "40006": { words: "The customer's carrier could not be reached." },
  "40008": { words: "The customer's carrier did not take the message." },
  "40009": { words: "The carrier did not accept the message's contents." },
  "40010": registration,
  "40011": { words: "The carrier took no more messages from our number at that time." },
  "40012": notANumber,
  "40013": ours,
  "40014": { words: "The message waited too long and expired." },
  "40015": filtered,
  "40300": {
    words:
      "The customer has opted out of text messages (sent STOP). They must text START before messages can reach them.",
  },
  "40302": { words: "The message is too long for one text message." },
  "40305": ours,
  "40306": ours,
  "40309": {
    words:
      "Text messages to the customer's country are switched off. This is a configuration problem: an administrator can allow the country in the Telnyx messaging profile.",
  },
  "40310": notANumber,
  "40312": ours,
  "40314": { words: "Messaging is switched off for our Telnyx account. An administrator must look at it." },
  "40318": { words: "Too many messages are waiting at our sender number.", retryAfterMs: MINUTE },
  "40322": filtered,
  "40329": {
    words:
      "Our toll-free number is not verified, so carriers block its messages. This is a configuration problem: an administrator must finish toll-free verification at Telnyx.",
  },
  "40333": {
    words: "The messaging profile's spending limit is reached. An administrator must raise it at Telnyx.",
  },
}
