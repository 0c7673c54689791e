/** Whether a finished call may be answered by SMS, and why not. */
import { parsePhoneNumberFromString } from "libphonenumber-js/max"
import type { TextLine } from "../settings/PhoneSettings.ts"
import type { ReplyAddress } from "./ReplyAddress.ts"

/** `no`: plain words for the rep, the end of a sentence that begins with "the call has ended and". */
export type MayText =
  | { readonly _tag: "yes"; readonly line: TextLine; readonly to: string }
  | { readonly _tag: "no"; readonly code: string; readonly why: string }

const no = (code: string, why: string): MayText => ({ _tag: "no", code, why })

/**
 * Numbers of mobiles, and those of countries whose plan does not tell mobiles from landlines (North America): there the
 * carrier refuses what it cannot deliver, and the rep is told. Everything else, unknown numbers included, is not texted:
 * a text to a landline may be read aloud to whoever answers, and a premium number costs money.
 */
const textable = new Set(["MOBILE", "FIXED_LINE_OR_MOBILE"])

/** Decides on configured facts, on the caller's number and on the key they pressed (`agreed`), never on what anybody said. */
export const mayText = (address: ReplyAddress, line: TextLine | null, agreed: boolean): MayText => {
  if (address.caller === null)
    return no("no-number", "the caller's number is withheld, so the reply cannot reach them")
  if (line === null)
    return no(
      "no-sms",
      "no number is set up for answering callers by text message, so the reply cannot reach them",
    )
  if (line.consent === "never")
    return no("no-consent", "callers are not to be texted (setting), so the reply cannot reach them")
  if (line.consent === "asked" && !agreed && address.agreed !== true)
    return no("no-consent", "the caller has not agreed to text messages, so the reply cannot reach them")
  const type = parsePhoneNumberFromString(address.caller)?.getType()
  if (type === undefined)
    return no("unknown-number", `${address.caller} is not known to be a mobile number, so it was not texted`)
  if (!textable.has(type))
    return no("no-mobile", `${address.caller} is not a mobile number, so the reply cannot reach them`)
  return { _tag: "yes", line, to: address.caller }
}
