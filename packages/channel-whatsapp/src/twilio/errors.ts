/** Twilio's error codes on WhatsApp. Twilio splits codes without notice, so an unknown one fails visibly. */
import { windowClosed } from "../outbound/window.ts"

export type ErrorClass = "throttle" | "window" | "auth" | "template" | "final"

interface Meaning {
  readonly kind: ErrorClass
  readonly words: string
}

const meanings: ReadonlyMap<number, Meaning> = new Map<number, Meaning>([
  [20003, { kind: "auth", words: "Twilio refuses our credentials; check Account SID and auth token." }],
  [20429, { kind: "throttle", words: "Too many calls to Twilio at once." }],
  [21211, { kind: "final", words: "Twilio does not know the customer's number." }],
  [
    21610,
    {
      kind: "final",
      words: "The customer has opted out (STOP) and takes no messages until they write START.",
    },
  ],
  [21617, { kind: "final", words: "The message was too long for Twilio." }],
  [21655, { kind: "template", words: "The Content SID of the template is not valid." }],
  [21656, { kind: "template", words: "The variables do not fit the template." }],
  [30001, { kind: "throttle", words: "Twilio's queue is full." }],
  [30008, { kind: "final", words: "WhatsApp did not deliver the message and did not say why." }],
  [63001, { kind: "auth", words: "WhatsApp refuses the sender; look into Twilio's WhatsApp senders." }],
  [63003, { kind: "final", words: "The customer's number cannot be reached on WhatsApp." }],
  [63005, { kind: "final", words: "WhatsApp did not accept the contents of the message." }],
  [63007, { kind: "auth", words: "Twilio has no WhatsApp sender with this number; check `from`." }],
  [63013, { kind: "final", words: "The message does not keep to WhatsApp's rules." }],
  [63016, { kind: "window", words: "" }],
  [63018, { kind: "throttle", words: "The WhatsApp sender has reached its limit for now." }],
  [63019, { kind: "final", words: "WhatsApp could not fetch the file." }],
  [
    63024,
    { kind: "final", words: "The message cannot reach this customer on WhatsApp. Try another channel." },
  ],
  [63032, { kind: "final", words: "WhatsApp keeps messages from this customer as part of an experiment." }],
  [63038, { kind: "throttle", words: "The Twilio account has reached its number of messages for today." }],
  [
    63049,
    { kind: "final", words: "WhatsApp did not deliver it, to keep the number of marketing messages low." },
  ],
])

export const classOf = (code: number): ErrorClass | "unknown" => meanings.get(code)?.kind ?? "unknown"

/** One or two sentences for the rep. */
export const explainCode = (code: number | null, details: string | null, closesAt: number | null): string => {
  const meaning = code === null ? undefined : meanings.get(code)
  if (meaning?.kind === "window")
    return `${windowClosed(closesAt)}, so it was not delivered. Send it again when the customer has written, or reach them on another channel.`
  const said =
    details === null || details.trim().length === 0
      ? ""
      : ` Twilio says: ${details.replace(/\s+/g, " ").slice(0, 300)}`
  return `${meaning?.words ?? "WhatsApp did not deliver the message."}${meaning === undefined ? said : ""}${code === null ? "" : ` (${code})`}`
}
