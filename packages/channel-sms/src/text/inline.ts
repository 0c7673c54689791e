/** Markdown inside a line → plain words: links become `text: address`, marks go, code stays as it is. */

const token = new RegExp(
  [
    String.raw`(?<code>(?<ticks>\`{1,3})(?<inner>[^\n]{1,2000}?)\k<ticks>(?!\`))`,
    String.raw`(?<escape>\\(?<escaped>[!-/:-@\[-\`{-~]))`,
    String.raw`!?\[(?<label>(?:[^\[\]\n]|\[[^\[\]\n]{0,200}\]){0,500})\]\(\s*<?(?<target>[^\s<>()]{1,2000}(?:\([^\s()]{0,500}\)[^\s<>()]{0,1000})?)>?(?:\s+["'(][^\n]{0,300}?["')])?\s*\)`,
    String.raw`<(?<auto>(?:https?:\/\/|mailto:|tel:)[^\s<>]{1,2000})>`,
    String.raw`(?<bare>https?:\/\/[^\s<>"]{1,3000})`,
  ].join("|"),
  "g",
)

const OPEN = "\ue000"
const CLOSE = "\ue001"

const entities: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
  "&nbsp;": " ",
}

/** Emphasis only around whole words, so that `snake_case` and `2*3*4` stay what they are. */
const marks: ReadonlyArray<RegExp> = [
  /(?<![\p{L}\p{N}*])\*{3}(?=\S)([^*\n]{1,2000}?)(?<=\S)\*{3}(?![\p{L}\p{N}*])/gu,
  /(?<!\*)\*{2}(?=\S)((?:[^*\n]|\*(?!\*)){1,2000}?)(?<=\S)\*{2}(?!\*)/gu,
  /(?<![\p{L}\p{N}_])_{2}(?=\S)([^\n]{1,2000}?)(?<=\S)_{2}(?![\p{L}\p{N}_])/gu,
  /~~(?=\S)([^~\n]{1,2000}?)(?<=\S)~~/gu,
  /(?<![\p{L}\p{N}*])\*(?=[^\s*])([^*\n]{1,2000}?)(?<=[^\s*])\*(?![\p{L}\p{N}*])/gu,
  /(?<![\p{L}\p{N}_])_(?=[^\s_])([^_\n]{1,2000}?)(?<=[^\s_])_(?![\p{L}\p{N}_])/gu,
]

const withoutMarks = (text: string): string =>
  marks
    .reduce((rest, mark) => rest.replace(mark, "$1"), text)
    .replace(/&(?:amp|lt|gt|quot|#39|nbsp);/g, (e) => entities[e] ?? e)

/** How a link reads where nothing can be clicked but an address. */
const linkWords = (label: string, target: string): string => {
  const address = target.replace(/^(?:mailto|tel):/i, "")
  const words = inlineText(label).trim()
  return words.length === 0 || words === target || words === address ? address : `${words}: ${address}`
}

/** One line, or one block of running text, without markup. */
export const inlineText = (markdown: string): string => {
  const kept: Array<string> = []
  const keep = (text: string): string => `${OPEN}${kept.push(text) - 1}${CLOSE}`
  const safe = markdown.replace(/[\ue000\ue001]/g, "")
  const marked = safe.replace(token, (...all: ReadonlyArray<unknown>) => {
    const groups: unknown = all.at(-1)
    const group = (name: string): string | undefined => {
      if (typeof groups !== "object" || groups === null) return undefined
      const value: unknown = Reflect.get(groups, name)
      return typeof value === "string" ? value : undefined
    }
    const target = group("target")
    if (target !== undefined) return keep(linkWords(group("label") ?? "", target))
    return keep(
      group("inner")?.trim() ??
        group("escaped") ??
        group("auto")?.replace(/^(?:mailto|tel):/i, "") ??
        group("bare") ??
        "",
    )
  })
  return withoutMarks(marked).replace(/\ue000(\d+)\ue001/g, (_, index: string) => kept[Number(index)] ?? "")
}
