/** One post as the messages that it takes: texts within the limit, then one per file, each with its own marker. */
import type { ChatPost, OutboundFile } from "@opencx/core"
import { markdownToText } from "../../text/MarkdownToText.ts"
import { splitText, type TextLimit } from "@opencx/core"

/** Zendesk: a message's text has at most 4,096 characters. */
export const messageLimit: TextLimit = { max: 4_096, unit: "characters" }

/** Where a message carries its marker, and who of us wrote it. */
export const markerKey = "opencx_marker"
export const authorKey = "opencx_author"

export type Piece = { readonly marker: string } & (
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "file"; readonly file: OutboundFile }
)

/** A customer's words are shown as typed; only what we wrote is Markdown for certain. */
const plainText = (post: ChatPost): string =>
  post.author === "customer" ? post.text : markdownToText(post.text)

/** The pieces in order. The same post always gives the same pieces, so that a retry can tell which are there. */
export const piecesOf = (post: ChatPost, limit: TextLimit): ReadonlyArray<Piece> => {
  const texts = splitText(plainText(post), limit).map((text) => ({ kind: "text" as const, text }))
  const files = post.files.map((file) => ({ kind: "file" as const, file }))
  return [...texts, ...files].map((piece, index) => ({ ...piece, marker: `${post.marker}#${index + 1}` }))
}
