/** The text of an outgoing message, with the articles that it rests on. */
import type { OutboundMessage } from "@opencx/core"
import { toWhatsapp } from "./marks.ts"

const MAX_SOURCES = 3

/** Links of articles that the text does not show yet, one a line. */
const sourcesOf = (message: OutboundMessage): ReadonlyArray<string> =>
  message.sources
    .flatMap(({ title, url }) => (url === null || message.text.includes(url) ? [] : [`${title}: ${url}`]))
    .slice(0, MAX_SOURCES)

export const renderMessage = (message: OutboundMessage): string =>
  [toWhatsapp(message.text), ...(message.author === "ai" ? [sourcesOf(message).join("\n")] : [])]
    .filter((part) => part.length > 0)
    .join("\n\n")

/** Template variables take no line breaks, tabs, or four spaces in a row. */
export const foldForTemplate = (text: string): string =>
  text
    .replace(/```/g, "")
    .replace(/\s*\n\s*/g, " · ")
    .replace(/\s+/g, " ")
    .trim()

/** At most `limit` units, cut at a word, with an ellipsis when something is missing. */
export const shortened = (text: string, limit: number): string => {
  if (text.length <= limit) return text
  const room = text.slice(0, limit - 1)
  const word = room.lastIndexOf(" ")
  const cut = word > limit / 2 ? room.slice(0, word) : room.replace(/[\ud800-\udbff]$/, "")
  return `${cut}…`
}
