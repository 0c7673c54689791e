/** A reply as text messages of at most 1600 characters, which is what Twilio takes at once. */

import { splitText } from "@opencx/core"

const LIMIT = 1_600

/** Links stay (they can be tapped), the rest of the markup goes. */
const plain = (markdown: string): string =>
  markdown
    .replace(/\r\n?/g, "\n")
    .replace(/^\s*(?:```|~~~).*$/gm, "")
    .replace(/!?\[([^\]]*)\]\(([^)\s]*)(?:\s+"[^"]*")?\)/g, (_, text: string, url: string) =>
      text === "" || text === url ? url : `${text}: ${url}`,
    )
    .replace(/(\*\*\*|\*\*|__|~~)(?=\S)(.+?)(?<=\S)\1/gu, "$2")
    .replace(/`([^`]+)`/g, "$1")
    .replace(/^#{1,6}\s+/gm, "")
    .replace(/^>\s?/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim()

/** In order; cut between words and sentences, never inside a character or a link. */
export const textsOf = (sender: string, markdown: string): ReadonlyArray<string> => {
  const body = plain(markdown)
  return body === "" ? [] : splitText(`${sender}: ${body}`, { max: LIMIT, unit: "characters" })
}
