/** Telephone numbers for comparing. What the provider wrote stays the address that we send to. */
import { parsePhoneNumberFromString } from "libphonenumber-js/min"

/** Mexican WhatsApp ids keep the `1` after the country code that the telephone network gave up. */
const mexican = /^521(\d{10})$/
/** Brazilian ids of before 2016 lack the `9` that every mobile number has now. */
const brazilian = /^55(\d{2})([6-9]\d{7})$/

const renumbered = (digits: string): string =>
  digits.replace(mexican, "52$1").replace(brazilian, (_, area: string, rest: string) => `55${area}9${rest}`)

/** The digits of a WhatsApp id (`4915112345678`, `+49…`, `whatsapp:+49…`); null when it is none. */
export const waDigits = (text: string): string | null =>
  /^(?:whatsapp:)?\+?(\d{5,20})$/.exec(text.trim())?.[1] ?? null

/**
 * E.164, the same for the same person over WhatsApp and SMS. Numbers that the metadata does not know stay as they are: a
 * WhatsApp id is never wrong, only unusual.
 */
export const comparablePhone = (digits: string): string => {
  const plus = `+${renumbered(digits)}`
  return parsePhoneNumberFromString(plus)?.number ?? plus
}
