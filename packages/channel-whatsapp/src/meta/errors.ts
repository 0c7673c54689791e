/**
 * Meta's error codes: what they mean for a delivery, and in words for the rep. Titles and texts of errors are deprecated, so
 * only codes decide; an unknown code fails visibly.
 */
import { windowClosed } from "../outbound/window.ts"

export type ErrorClass =
  /** Nothing was sent; later it may be. */
  | "throttle"
  /** Too many messages to this one customer. */
  | "pair"
  | "server"
  /** The 24-hour window. */
  | "window"
  /** Our access: an operator must act. */
  | "auth"
  | "template"
  | "final"

interface Meaning {
  readonly kind: ErrorClass
  readonly words: string
}

const throttle = (words: string): Meaning => ({ kind: "throttle", words })
const final = (words: string): Meaning => ({ kind: "final", words })
const template = (words: string): Meaning => ({ kind: "template", words })
const server: Meaning = { kind: "server", words: "WhatsApp had a fault of its own." }
const auth: Meaning = {
  kind: "auth",
  words:
    "WhatsApp refuses our access token: make a new system user token in Meta Business settings and put it into this account's settings.",
}
const permission: Meaning = {
  kind: "auth",
  words:
    "The access token may not send for this number: give its system user the permission whatsapp_business_messaging and assign the WhatsApp account to it.",
}
const integrity = (words: string): Meaning => ({ kind: "auth", words })

const meanings: ReadonlyMap<number, Meaning> = new Map([
  [0, auth],
  [190, auth],
  [3, permission],
  [10, permission],
  [200, permission],
  [1, server],
  [2, server],
  [4, throttle("The app has used up its calls to WhatsApp for now.")],
  [33, final("The number that we send from does not exist any more; check phoneNumberId.")],
  [100, final("WhatsApp did not accept the message as it was.")],
  [
    368,
    integrity(
      "WhatsApp has blocked this business account for a while because of its policies; look into WhatsApp Manager.",
    ),
  ],
  [80007, throttle("The WhatsApp account is at its limit for now.")],
  [130429, throttle("The number sends more messages per second than it may.")],
  [130472, final("WhatsApp keeps messages from this customer as part of an experiment.")],
  [130497, final("WhatsApp does not let this business write to customers in that country.")],
  [131000, server],
  [131005, permission],
  [131008, final("WhatsApp misses something in the message.")],
  [131009, final("WhatsApp did not accept a part of the message.")],
  [131016, server],
  [131021, final("The message would have gone to the number that it comes from.")],
  [
    131026,
    final(
      "The message cannot reach this customer: the number is not on WhatsApp, has blocked the business, or uses a version that is too old. Try another channel.",
    ),
  ],
  [131031, integrity("WhatsApp has locked this business account; look into WhatsApp Manager.")],
  [131037, integrity("The display name of the WhatsApp number has not been approved yet.")],
  [
    131042,
    integrity("WhatsApp wants a valid method of payment for this account; look into WhatsApp Manager."),
  ],
  [131045, integrity("The WhatsApp number is not registered properly; register it again.")],
  [131047, { kind: "window", words: "" }],
  [131048, throttle("WhatsApp limits this number because customers have reported it.")],
  [
    131049,
    final(
      "WhatsApp did not deliver this message, to keep the number of marketing messages to this customer low.",
    ),
  ],
  [131050, final("The customer has told WhatsApp that they want no such messages from this business.")],
  [131051, final("WhatsApp does not carry this kind of message.")],
  [131052, final("The file could not be fetched.")],
  [131053, final("WhatsApp did not accept the file: its type or its size.")],
  [131056, { kind: "pair", words: "There were too many messages to this customer in a short time." }],
  [131057, server],
  [131062, final("This message cannot be sent to a customer who hides the telephone number.")],
  [132000, template("The template has another number of variables.")],
  [132001, template("The template does not exist in this language, or is not approved.")],
  [132005, template("The text is too long for the template.")],
  [132007, template("The text does not keep to WhatsApp's rules for templates.")],
  [132012, template("The template wants another kind of variable.")],
  [132015, template("WhatsApp has paused the template because of its quality.")],
  [132016, template("WhatsApp has disabled the template because of its quality.")],
  [133004, server],
  [133005, server],
  [133010, integrity("The WhatsApp number is not registered; register it in WhatsApp Manager.")],
  [133016, throttle("The WhatsApp number was registered too often lately.")],
])

/** Graph permission errors are a range. */
const meaningOf = (code: number): Meaning | undefined =>
  meanings.get(code) ?? (code > 200 && code < 300 ? permission : undefined)

/** `unknown`: nobody has written this code down yet. */
export const classOf = (code: number): ErrorClass | "unknown" => meaningOf(code)?.kind ?? "unknown"

const clean = (details: string | null): string =>
  details === null || details.trim().length === 0
    ? ""
    : ` WhatsApp says: ${details.replace(/\s+/g, " ").trim().slice(0, 300)}`

/** One or two sentences for the rep. `closesAt`: when the window closed, if we know. */
export const explainCode = (code: number | null, details: string | null, closesAt: number | null): string => {
  const meaning = code === null ? undefined : meaningOf(code)
  if (meaning?.kind === "window")
    return `${windowClosed(closesAt)}, so it was not delivered. Send it again when the customer has written, or reach them on another channel.`
  const words = meaning?.words ?? "WhatsApp did not deliver the message."
  return `${words}${meaning === undefined || meaning.kind === "final" || meaning.kind === "template" ? clean(details) : ""}${code === null ? "" : ` (${code})`}`
}
