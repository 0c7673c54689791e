/**
 * Phone numbers in a form for comparing. Sending always uses the provider's own spelling; this form only finds the same
 * customer again. Nothing is refused: what is no number stays as it is.
 */
import { canonicalPhone } from "@opencx/core"
import { parsePhoneNumberFromString } from "libphonenumber-js/min"

/** What an address is: a person's number, or something that no person writes from. */
export interface MatchKey {
  readonly key: string
  readonly kind: "number" | "shortCode" | "name" | "withheld"
}

/** Numbers that carriers show for withheld callers: spelled on a keypad, `anonymous` and its kin. */
const withheld = new Set(["+266696687", "+86282452253", "+8656696", "+7378742833", "+2562533"])

const digitsOf = (address: string): string | null => {
  const compact = address.replace(/[\s().-]/g, "")
  if (/^\+\d{7,15}$/.test(compact)) return compact
  // Vonage and Plivo leave the plus out; shorter numbers without it are short codes.
  return /^\d{9,15}$/.test(compact) ? `+${compact}` : null
}

/** The comparing form of an address as a provider writes it (`+14155550101`, `14155550101`, `12345`, `ACME`). */
export const matchKeyOf = (address: string): MatchKey => {
  const bare = address.trim().replace(/^(?:sms|tel|whatsapp|rcs):/i, "")
  const digits = digitsOf(bare)
  if (digits !== null) {
    if (withheld.has(digits)) return { key: digits, kind: "withheld" }
    return { key: canonicalPhone(parsePhoneNumberFromString(digits)?.number ?? digits), kind: "number" }
  }
  if (/^\+?\d{3,8}$/.test(bare)) return { key: bare, kind: "shortCode" }
  const name = bare.slice(0, 50)
  const anonymous = name === "" || /^(?:anonymous|restricted|unavailable|unknown)$/i.test(name)
  return { key: name === "" ? "unknown" : name, kind: anonymous ? "withheld" : "name" }
}

/** True in countries whose carriers take pictures from application numbers: the United States, Canada and Australia. */
export const takesMms = (address: string): boolean => {
  const digits = digitsOf(address)
  const country = digits === null ? undefined : parsePhoneNumberFromString(digits)?.country
  return country === "US" || country === "CA" || country === "AU"
}
