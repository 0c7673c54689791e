/** Takes out of a customer's words what could be somebody's: addresses, phone numbers, long numbers, links. */

/** Bounded like an address itself (RFC 5321, 4.5.3.1), so that a long text without any is read once. */
const email = /[\p{L}\p{N}._%+'-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,10}/gu
const link = /\b(?:https?:\/\/|www\.)\S+/giu
/** Digits of any script, as phone numbers are written; also cards, accounts and orders of five digits and more. */
const long = /[+(]*\p{Nd}(?:[\p{Nd}\s().\-/\u2010-\u2015]*\p{Nd})?/gu

const shortestNumber = 5

const digitsIn = (text: string): number => text.match(/\p{Nd}/gu)?.length ?? 0

const isPhone = (text: string): boolean => /^[+(]/.test(text) || digitsIn(text) >= 7

const number = (text: string): string =>
  digitsIn(text) < shortestNumber ? text : isPhone(text) ? "[phone]" : "[number]"

/** The same words for people to read, on one line. Names stay: nothing tells them from other words. */
export const anonymous = (text: string): string =>
  text.replace(link, "[link]").replace(email, "[email]").replace(long, number).replace(/\s+/g, " ").trim()
