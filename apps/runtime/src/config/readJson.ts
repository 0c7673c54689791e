/** Reads a JSON text that a person wrote; what is wrong is told by its place, never by its words, which may be secret. */

type Read =
  | { readonly ok: true; readonly value: unknown }
  /** What is wrong, with line and column. */
  | { readonly ok: false; readonly problem: string }

const failureOf = (text: string): Error | null => {
  try {
    JSON.parse(text)
    return null
  } catch (cause) {
    return cause instanceof Error ? cause : new Error(String(cause))
  }
}

/** Whether this beginning of a text is broken for good, and not only cut off. */
const isBroken = (beginning: string): boolean => {
  const message = failureOf(beginning)?.message
  if (message === undefined || /^Unexpected end|^Unterminated string/.test(message)) return false
  return Number(/ at position (\d+)/.exec(message)?.[1] ?? -1) < beginning.length
}

/** How many characters can be read: V8 tells a position for some mistakes only, and quotes the text for others. */
const goodUntil = (text: string): number => {
  let good = 0
  let bad = text.length + 1
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2)
    if (isBroken(text.slice(0, middle))) bad = middle
    else good = middle
  }
  return good
}

const place = (text: string, at: number): string => {
  const before = text.slice(0, at).split("\n")
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
}

/** The value, or where it is no JSON. */
export const readJson = (text: string): Read => {
  const failure = failureOf(text)
  if (failure === null) return { ok: true, value: JSON.parse(text) }
  if (text.trim() === "") return { ok: false, problem: "it is empty" }
  const at = goodUntil(text)
  return at >= text.length
    ? {
        ok: false,
        problem: `it ends too early, in ${place(text, at)}: a bracket, brace or quote is not closed`,
      }
    : { ok: false, problem: `it is not JSON from ${place(text, at)} on` }
}
