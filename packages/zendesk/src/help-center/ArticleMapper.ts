/** From an article on the wire to what is stored: Markdown, its place, who may read it. */
import { createHash } from "node:crypto"
import type { Article, Visibility } from "@opencx/core"
import { epochMillis } from "../support/Tickets.ts"
import { idText } from "../support/Wire.ts"
import { htmlToMarkdown } from "../text/HtmlToMarkdown.ts"
import { pathOf, type Structure } from "./Paths.ts"
import type { ArticleWire } from "./Wire.ts"
import { jsonText } from "../client/Json.ts"

/** Unique within a source. Locales are compared in lower case, as Zendesk's URLs have them. */
export const keyOf = (articleId: string, locale: string): string => `${articleId}:${locale.toLowerCase()}`

/** The two halves of a key. */
export const splitKey = (key: string): { readonly articleId: string; readonly locale: string } => {
  const at = key.indexOf(":")
  return at < 0 ? { articleId: key, locale: "" } : { articleId: key.slice(0, at), locale: key.slice(at + 1) }
}

/**
 * `public` only when all of it is certain: not a draft, and no user segment by either field. In Zendesk `null` means
 * everybody; a missing `user_segment_id`, or one of another kind, means that we do not know, and so agents only.
 * Plans with a single segment leave `user_segment_ids` out, which is therefore fine as long as the other one says null.
 */
export const visibilityOf = (article: ArticleWire): Visibility => {
  const segments = article.user_segment_ids
  const noSegments = segments === undefined || (Array.isArray(segments) && segments.length === 0)
  return article.draft === false && article.user_segment_id === null && noSegments ? "public" : "internal"
}

/** Drafts are never stored, not even for agents. */
export const isDraft = (article: ArticleWire): boolean => article.draft === true

const hashOf = (article: Omit<Article, "hash">): string =>
  createHash("sha256")
    .update(
      jsonText([
        article.locale,
        article.title,
        article.path,
        article.body,
        article.url,
        article.visibility,
        article.labels,
      ]),
    )
    .digest("hex")

const httpUrl = (url: string | null | undefined): string | null =>
  typeof url === "string" && /^https?:\/\//.test(url) ? url : null

/** Makes the stored form. `updatedAt` is not hashed: votes and comments move it without changing a word. */
export const toArticle = (input: {
  readonly sourceId: string
  readonly origin: string
  readonly wire: ArticleWire
  readonly structure: Structure
}): Article => {
  const { wire } = input
  const articleId = idText(wire.id)
  const plain: Omit<Article, "hash"> = {
    sourceId: input.sourceId,
    key: keyOf(articleId, wire.locale),
    articleId,
    locale: wire.locale.toLowerCase(),
    title: (wire.title ?? "").trim(),
    path: pathOf(input.structure, wire.section_id),
    body: htmlToMarkdown(wire.body ?? "", {
      origin: httpUrl(wire.html_url) === null ? input.origin : new URL(wire.html_url ?? "").origin,
      images: "alt",
    }),
    url: httpUrl(wire.html_url),
    visibility: visibilityOf(wire),
    labels: wire.label_names ?? [],
    updatedAt: epochMillis(wire.edited_at ?? wire.updated_at),
  }
  return { ...plain, hash: hashOf(plain) }
}
