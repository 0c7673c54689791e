/**
 * What a text costs: carriers bill per segment. GSM 03.38 holds 160 septets (153 in a chain of several), anything else is
 * sent as UCS-2 with 70 UTF-16 code units (67 in a chain). A character is never divided between two segments.
 */

/** The encoding that a text needs, its size in that encoding's units, and the number of billed segments. */
export interface Segments {
  readonly encoding: "GSM-7" | "UCS-2"
  /** Septets for GSM-7 (an extended character counts two), UTF-16 code units for UCS-2. */
  readonly units: number
  readonly segments: number
}

const basic = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
)
const extended = new Set("\f^{}\\[~]|€")

/** Septets of one character; null when GSM-7 does not know it. */
const septets = (char: string): number | null => (basic.has(char) ? 1 : extended.has(char) ? 2 : null)

/** True when the whole text can travel as GSM-7. */
export const isGsm = (text: string): boolean => {
  for (const char of text) if (septets(char) === null) return false
  return true
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" })

/** Sizes of what must stay together: characters in GSM-7, graphemes in UCS-2 as long as they fit a segment at all. */
const sizesOf = (text: string, gsm: boolean): ReadonlyArray<number> =>
  gsm
    ? Array.from(text, (char) => septets(char) ?? 1)
    : Array.from(graphemes.segment(text), ({ segment }) => segment).flatMap((grapheme) =>
        grapheme.length <= 67 ? [grapheme.length] : Array.from(grapheme, (char) => char.length),
      )

/** Counts the segments of a text, for cost estimates and tests. Empty text takes one segment. */
export const countSegments = (text: string): Segments => {
  const gsm = isGsm(text)
  const sizes = sizesOf(text, gsm)
  const units = sizes.reduce((sum, size) => sum + size, 0)
  const encoding = gsm ? "GSM-7" : "UCS-2"
  if (units <= (gsm ? 160 : 70)) return { encoding, units, segments: 1 }
  const perSegment = gsm ? 153 : 67
  let segments = 1
  let used = 0
  for (const size of sizes) {
    if (used + size > perSegment) {
      segments++
      used = 0
    }
    used += size
  }
  return { encoding, units, segments }
}
