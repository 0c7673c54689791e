/** Mail addresses in the one form in which they are compared. */

/**
 * Trimmed, small letters. The Kelvin sign stays what it is: it is the one character outside of ASCII whose small form lies
 * inside, so that with it somebody could have an address of their own that is another's to us (U+212A and `k`).
 */
export const foldAddress = (address: string): string =>
  address
    .trim()
    .split("\u212A")
    .map((part) => part.toLowerCase())
    .join("\u212A")
