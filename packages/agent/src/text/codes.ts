/** Versions, error codes, order numbers: words with figures in them. */

const joined = /[\p{L}\p{N}]+(?:[-._][\p{L}\p{N}]+)+/gu
const shortest = 4
const longest = 40

/**
 * "7.0.0.2", "CVE-2017-1681", "MQ_9": their pieces are in many articles, the whole is in few. As index terms: small letters,
 * "v7.0.1" like "7.0.1".
 */
export const wholeCodesIn = (text: string): ReadonlyArray<string> =>
  (text.toLowerCase().match(joined) ?? []).flatMap((one) => {
    const code = one.replace(/^v(?=\d)/, "").replaceAll("_", "-")
    return /\d/.test(code) && code.length >= shortest && code.length <= longest ? [code] : []
  })

const numbered = /(?:(?<![\p{L}\p{N}])\p{Lu}{1,5}[-_ ]?)?\d{4,}[\p{L}\p{N}_-]*/gu

/** Without codes and long numbers that no article has: an order number is nobody's question. `isKnown`: of one of them. */
export const withoutUnknownCodes = (text: string, isKnown: (code: string) => boolean): string =>
  text.replace(numbered, (code) => (isKnown(code) ? code : " "))

/** Whether an index term is one of those. */
export const isLongNumber = (term: string): boolean => /\d{4}/.test(term)
