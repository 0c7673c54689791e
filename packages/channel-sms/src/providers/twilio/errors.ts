/**
 * Twilio's error codes in plain words. Twilio splits codes and advises against logic on them (changelog, July 2024): what is
 * not listed is shown and not tried again. Sources: twilio.com/docs/api/errors, and `AGENTS.md`.
 */
import type { ErrorTable } from "../SendProblem.ts"

const MINUTE = 60_000
const notANumber = { words: "The customer's number is not one that text messages can be sent to." }
const ours = {
  words:
    "Our own sender number cannot send this message. This is a configuration problem, not the customer's: an administrator must check the number at Twilio.",
}
const optedOut = {
  words:
    "The customer has opted out of text messages (sent STOP). They must text START before messages can reach them.",
}

export const twilioErrors: ErrorTable = {
  "20003": {
    words:
      "Twilio does not accept this account's credentials, so no text message can be sent. An administrator must correct the SMS account's settings.",
  },
  "20005": { words: "The Twilio account is not active. An administrator must look at it." },
  "20429": { words: "Too many messages at once.", retryAfterMs: 5_000 },
  "14107": { words: "Too many messages at once.", retryAfterMs: 5_000 },
  "21211": notANumber,
  "21214": notANumber,
  "21217": notANumber,
  "21614": { words: "The customer's number cannot receive text messages (it is no mobile number)." },
  "21212": ours,
  "21606": ours,
  "21603": ours,
  "21659": ours,
  "21660": ours,
  "21408": {
    words:
      "Text messages to the customer's country are switched off. This is a configuration problem: an administrator can allow the country in Twilio's geographic permissions.",
  },
  "21610": optedOut,
  "21611": { words: "Too many messages are waiting at our sender number.", retryAfterMs: MINUTE },
  "21612": { words: "There is no route from our number to the customer's number." },
  "21617": { words: "The message is too long for one text message." },
  "21620": { words: "The attachment's address was not accepted." },
  "21623": { words: "There are too many attachments." },
  "30001": { words: "Too many messages were waiting at our sender number.", retryAfterMs: MINUTE },
  "30002": { words: "The Twilio account is suspended. An administrator must look at it." },
  "30003": { words: "The customer's phone could not be reached: it is switched off or has no service." },
  "30004": { words: "The customer's carrier or phone blocks messages from our number." },
  "30005": { words: "The customer's number is unknown or not in service any more." },
  "30006": { words: "The customer's number is a landline, or its carrier cannot be reached." },
  "30007": {
    words: "A carrier filtered the message as unwanted. Other words or a registered sender may get through.",
  },
  "30008": { words: "The carrier did not deliver the message and gave no reason." },
  "30010": { words: "The message costs more than the account allows." },
  "30011": { words: "The customer's carrier does not take attachments by MMS. Send a link instead." },
  "30019": { words: "The attachment is larger than the customer's carrier allows." },
  "30022": { words: "The sender's daily limit of messages is reached." },
  "30023": { words: "The sender's daily limit of messages is reached." },
  "30024": ours,
  "30032": {
    words:
      "Our toll-free number is not verified, so carriers block its messages. This is a configuration problem: an administrator must finish toll-free verification at Twilio.",
  },
  "30034": {
    words:
      "Our number is not registered for business messages in the United States (A2P 10DLC), so carriers block it. This is a configuration problem: an administrator must finish the registration at Twilio.",
  },
  "30035": {
    words:
      "Our number's business registration (A2P 10DLC) is incomplete. This is a configuration problem: an administrator must finish it at Twilio.",
  },
  "30410": { words: "The carrier did not answer in time." },
  "30450": { words: "Twilio held the message back to protect the account from abuse." },
}
