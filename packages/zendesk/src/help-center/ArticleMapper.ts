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
export const visibilityOf = (
  article: Pick<ArticleWire, "draft" | "user_segment_id" | "user_segment_ids">,
): Visibility => {
  const segments = article.user_segment_ids
  const noSegments = segments === undefined || (Array.isArray(segments) && segments.length === 0)
  return article.draft === false && article.user_segment_id === null && noSegments ? "public" : "internal"
}

/** Drafts are never stored, not even for agents. */
export const isDraft = (article: Pick<ArticleWire, "draft">): boolean => article.draft === true

const ids = (value: unknown): ReadonlyArray<string> =>
  (Array.isArray(value) ? value : [value]).flatMap((id: unknown) =>
    typeof id === "string" || typeof id === "number" ? [String(id)] : [],
  )

/** The audiences by either field, each once, in order. */
const segmentsOf = (article: ArticleWire): ReadonlyArray<string> =>
  [...new Set([...ids(article.user_segment_id), ...ids(article.user_segment_ids)])].toSorted()

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
        // Left out when empty, so that hashes of earlier releases still hold.
        ...(article.segments === undefined ? [] : [{ segments: article.segments }]),
        ...(article.contentTags === undefined ? [] : [{ contentTags: article.contentTags }]),
      ]),
    )
    .digest("hex")

const httpUrl = (url: string | null | undefined): string | null =>
  typeof url === "string" && /^https?:\/\//.test(url) ? url : null

const sha256 = (value: unknown): string => createHash("sha256").update(jsonText(value)).digest("hex")

/** Counts up when this release makes something else of the same article, so that all are converted anew. */
const mapperVersion = 1

/** Fingerprint of an article as it was listed. Votes and comments move `updated_at` alone, which is not in it. */
export const rowMark = (wire: ArticleWire): string =>
  sha256([
    mapperVersion,
    wire.title ?? null,
    wire.body ?? null,
    wire.draft ?? null,
    segmentsOf(wire),
    visibilityOf(wire),
    wire.section_id ?? null,
    wire.label_names ?? null,
    ids(wire.content_tag_ids),
    wire.html_url ?? null,
  ]).slice(0, 32)

/** The row's fingerprint and its place's: sections are renamed without a change of their articles. */
export const markOf = (wire: ArticleWire, structure: Structure): string =>
  `${rowMark(wire)}.${sha256(pathOf(structure, wire.section_id)).slice(0, 16)}`

/** True when the mark was made of the same row, whatever its place was called. */
export const isSameRow = (mark: string, wire: ArticleWire): boolean => mark.startsWith(`${rowMark(wire)}.`)

/** Epoch milliseconds of the article's last change of any kind; 0 when unknown. */
export const updatedAtOf = (wire: Pick<ArticleWire, "updated_at" | "edited_at">): number =>
  epochMillis(wire.updated_at ?? wire.edited_at)

/** Makes the stored form. `updatedAt` is not hashed: votes and comments move it without changing a word. */
export const toArticle = (input: {
  readonly sourceId: string
  readonly origin: string
  readonly wire: ArticleWire
  readonly structure: Structure
}): Article => {
  const { wire } = input
  const articleId = idText(wire.id)
  const segments = segmentsOf(wire)
  const contentTags = ids(wire.content_tag_ids)
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
    ...(segments.length === 0 ? {} : { segments }),
    ...(contentTags.length === 0 ? {} : { contentTags }),
    updatedAt: epochMillis(wire.edited_at ?? wire.updated_at),
  }
  return { ...plain, hash: hashOf(plain) }
}
