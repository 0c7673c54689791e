/** Links of a reply. What leads elsewhere is taken off: an address can carry data out, and lead customers astray. */
import { visibleText } from "../prompts/fence.ts"

export interface CleanText {
  readonly text: string
  /** Links, pictures and markup that were taken off. */
  readonly removed: number
  /** Bare addresses that must not be there: the sentence around them would be broken without them. */
  readonly foreign: ReadonlyArray<string>
}

const named: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  colon: ":",
  sol: "/",
  period: ".",
  num: "#",
  lpar: "(",
  rpar: ")",
  lsqb: "[",
  rsqb: "]",
  excl: "!",
  nbsp: " ",
  tab: " ",
  newline: "\n",
}

const codePoint = (code: number): string =>
  Number.isInteger(code) && code > 31 && code <= 0x10ff_ff ? String.fromCodePoint(code) : " "

/** Markdown resolves these inside addresses, too, so they are resolved before anybody looks. */
const withoutEntities = (text: string): string =>
  text
    .replace(/&#x([0-9a-f]{1,6});?/gi, (_, hex: string) => codePoint(Number.parseInt(hex, 16)))
    .replace(/&#(\d{1,7});?/g, (_, digits: string) => codePoint(Number(digits)))
    .replace(/&([a-z]{2,8});/gi, (whole, name: string) => named[name.toLowerCase()] ?? whole)
    .replace(/\\(?=[/:.])/g, "")

const image = /!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])/g
const definition = /^[ \t]*\[[^\]\n]+\]:[ \t]*\S.*$/gm
const autolink = /<((?:[a-z][a-z0-9+.-]*:|www\.)[^<>\s]*)>/gi
const tag = /<\/?[a-z!?][^<>]*>/gi
const openTag = /<(?=[/!?]?[a-z])/gi
const inlineLink = /\[((?:[^[\]]|\[[^[\]]*\])*)\]\(\s*<?([^)\s>]*)(?:[>\s][^)]*)?\)/g
const bare =
  /(?:[a-z][a-z0-9+.-]{1,15}:)?\/\/[^\s<>"'()[\]]+|(?<![\p{L}\p{N}.])www\.[^\s<>"'()[\]]+|(?<![\p{L}])(?:javascript|vbscript|data|mailto|tel|sms|file|intent|blob):[^\s<>"')\]]+/giu

const counted = (text: string, pattern: RegExp, replacement: string): readonly [string, number] => {
  const count = text.match(pattern)?.length ?? 0
  return [text.replace(pattern, replacement), count]
}

/** Markup and pictures off. Taking off one tag can make another, so it is done until nothing changes. */
const withoutMarkup = (text: string): readonly [string, number] => {
  let out = text.replace(autolink, "$1")
  let removed = 0
  for (let round = 0; round < 5; round += 1) {
    const before = out
    for (const [pattern, by] of [
      [image, ""],
      [definition, ""],
      [tag, ""],
    ] as const) {
      const [next, count] = counted(out, pattern, by)
      out = next
      removed += count
    }
    if (out === before) break
  }
  const [closed, open] = counted(out, openTag, "")
  return [closed, removed + open]
}

const trimmed = (url: string): string => url.replace(/[.,;:!?…]+$/u, "")

/** `allowed`: the only addresses that may stay, letter for letter. */
export const cleanLinks = (text: string, allowed: ReadonlySet<string>): CleanText => {
  const [plain, taken] = withoutMarkup(withoutEntities(visibleText(text)))
  let removed = taken
  const linked = plain.replace(inlineLink, (_, label: string, url: string) => {
    if (allowed.has(url)) return `[${label}](${url})`
    removed += 1
    return label
  })
  // A label may hold an address, too: only the targets that were just allowed are not looked at.
  const rest = linked.replace(inlineLink, "[$1]")
  const foreign = [rest, rest.normalize("NFKC")].flatMap((one) =>
    [...one.matchAll(bare)].map(([url]) => trimmed(url)).filter((url) => !allowed.has(url)),
  )
  return {
    text: linked
      .replace(/[ \t]+$/gm, "")
      .replace(/\n{3,}/g, "\n\n")
      .trim(),
    removed,
    foreign: [...new Set(foreign)],
  }
}

/** Without the targets of links, for looking at the words alone. */
export const withoutTargets = (text: string): string => text.replace(inlineLink, "[$1]").replace(bare, " ")
