/** What a reply may rest on: passages found in this turn, and what was said in the conversation. */
import type { Hit, Surface, TurnContext } from "@opencx/core"
import { fold } from "../../text/fold.ts"

export interface Material {
  /** Passages, titles and headings of found articles. */
  readonly found: string
  /** Everything that may be repeated: `found`, the conversation, the organization's name. */
  readonly all: string
  /** `all`, folded: for phrases. */
  readonly folded: string
  /** `all`, letters and digits only: for codes and numbers, however they are grouped. */
  readonly squeezed: string
  /** Addresses that a reply may link to: of found articles, and what the customer wrote. */
  readonly urls: ReadonlySet<string>
}

/** Letters and digits in lower case, without width, accents and everything between them. */
export const squeeze = (text: string): string => fold(text).replace(/[^\p{L}\p{N}]+/gu, "")

const address = /https?:\/\/[^\s<>"'()[\]]+/giu

export const urlsIn = (text: string): ReadonlyArray<string> =>
  [...text.matchAll(address)].map(([url]) => url.replace(/[.,;:!?…]+$/u, ""))

const foundText = (hits: ReadonlyArray<Hit<Surface>>): string =>
  hits.map(({ headings, passage, title }) => [title, ...headings, passage].join("\n")).join("\n")

export const materialOf = (
  context: Pick<TurnContext, "lines" | "organizationName" | "subject">,
  hits: ReadonlyArray<Hit<Surface>>,
): Material => {
  const found = foundText(hits)
  const said = [context.subject ?? "", ...context.lines.map((line) => line.text)].join("\n")
  const all = [found, said, context.organizationName].join("\n")
  const written = context.lines.flatMap((line) => (line.role === "customer" ? urlsIn(line.text) : []))
  const articles = hits.flatMap((hit) => (hit.url === null ? [] : [hit.url]))
  return {
    found,
    all,
    folded: fold(all),
    squeezed: squeeze(all),
    urls: new Set([...written, ...articles]),
  }
}
