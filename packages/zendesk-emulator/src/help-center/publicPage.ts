import { type ApiRequest } from "../http/Request.ts"
import { html, type Reply } from "../http/Reply.ts"
import type { World } from "../world/World.ts"
import { escapeHtml } from "../support/text.ts"

const headers = {
  "content-security-policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
} as const

/** Tags become line ends: the page shows the words of an article and none of its markup. */
const words = (body: string): string =>
  body
    .replaceAll(/<(script|style)\b[\s\S]*?<\/\1>/gi, "")
    .replaceAll(/<\/(p|h\d|li|tr|div|table|ul|ol)>/gi, "\n")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/&nbsp;/g, " ")
    .replaceAll(/&lt;/g, "<")
    .replaceAll(/&gt;/g, ">")
    .replaceAll(/&quot;/g, '"')
    .replaceAll(/&amp;/g, "&")

const paragraphs = (body: string): string =>
  words(body)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => `<p dir="auto">${escapeHtml(line)}</p>`)
    .join("")

/** `/hc/{locale}/articles/{id}-…` as a visitor sees it: published and unrestricted articles, anything else 404. */
export const publicArticle = (world: World, request: ApiRequest): Reply | undefined => {
  const [, locale = "", id = ""] = /^\/hc\/([\w-]+)\/articles\/(\d+)/.exec(request.path) ?? []
  if (id === "" || request.method !== "GET") return undefined
  const article = world.helpCenter.articles.get(Number(id))
  const translation = article?.translations.get(locale.toLowerCase())
  const hidden = article === undefined || article.archived || article.userSegmentIds.length > 0
  if (hidden || translation === undefined || translation.draft)
    return html(404, "<!DOCTYPE html><title>Not found</title><p>There is no such article.</p>", headers)
  const title = escapeHtml(translation.title)
  return html(
    200,
    `<!DOCTYPE html><html lang="${escapeHtml(translation.locale)}"><title>${title}</title><h1 dir="auto">${title}</h1>${paragraphs(translation.body)}</html>`,
    headers,
  )
}
