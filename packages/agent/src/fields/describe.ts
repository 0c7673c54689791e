/** What an option is called, as terms that can be compared with a conversation. */
import type { FieldOption } from "@opencx/core"
import { analyze } from "../text/analyze.ts"
import { fold } from "../text/fold.ts"

export interface Described {
  readonly option: FieldOption
  /** Term → how much of the option it stands for. */
  readonly terms: ReadonlyMap<string, number>
  /** Terms of menus above, value and description alone: they help, and nobody expects a customer to use them. */
  readonly hints: ReadonlySet<string>
}

/** A label's own words; those of the menus above it; those of the value and of the description. */
const shares = { leaf: 1, parent: 0.5, value: 0.6, hint: 0.6 } as const

/** Options for everything else: nothing in a conversation speaks for them. */
const catchAll =
  /^(?:others?|other .*|misc(?:ellaneous)?|general|none(?: of .*)?|n\/?a|unknown|not sure|something else|else|sonstiges?|andere[srn]?|otros?|otras?|autres?|altro|overig|inne)$/u

export const isCatchAll = ({ label }: FieldOption): boolean =>
  catchAll.test(fold(label.split("::").at(-1) ?? label).trim())

/** `refund_request` and `refundRequest` are two words. */
const spaced = (value: string): string =>
  value.replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2").replace(/[_\-/.]+/g, " ")

/** Lines like `Late: parcel not there after the promised day` say what an option means. */
const hintFor = ({ label, value }: FieldOption, instruction: string): string => {
  const names = [label, label.split("::").at(-1) ?? label, value].map((name) => fold(name).trim())
  return instruction
    .split(/\n|;/)
    .flatMap((line) => {
      const [head = "", ...rest] = line.split(/\s*(?::|=|—|–|\s-\s)\s*/)
      return names.includes(fold(head.replace(/^[\s*•"'`-]+|["'`]+$/g, "")).trim()) ? [rest.join(" ")] : []
    })
    .join(" ")
}

export const wordsOfOption = (option: FieldOption, language: string, instruction: string): Described => {
  const parts = option.label.split("::")
  const terms = new Map<string, number>()
  const add = (text: string, share: number) => {
    for (const term of analyze(text, language)) if (!terms.has(term)) terms.set(term, share)
  }
  add(spaced(parts.at(-1) ?? ""), shares.leaf)
  const own = new Set(terms.keys())
  add(spaced(parts.slice(0, -1).join(" ")), shares.parent)
  add(spaced(option.value), shares.value)
  add(hintFor(option, instruction), shares.hint)
  return { option, terms, hints: new Set([...terms.keys()].filter((term) => !own.has(term))) }
}
