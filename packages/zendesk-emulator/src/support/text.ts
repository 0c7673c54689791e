const entities: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
  "&nbsp;": " ",
}

export const escapeHtml = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;")

/** A plain body as Zendesk stores it in HTML: paragraphs at blank lines, breaks at the rest. */
export const textToHtml = (text: string): string => {
  const paragraphs = text
    .split(/\r?\n\r?\n/)
    .map((part) => `<p dir="auto">${escapeHtml(part).replaceAll(/\r?\n/g, "<br>")}</p>`)
  return `<div class="zd-comment" dir="auto">${paragraphs.join("")}</div>`
}

const dropped = /<(script|style|iframe|object|embed|form|textarea|title)\b[\s\S]*?(<\/\1\s*>|$)/gi
const handlers = /\s(on[a-z]+|srcdoc)\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi
const scriptUrls = /\s(href|src)\s*=\s*("\s*javascript:[^"]*"|'\s*javascript:[^']*'|javascript:[^\s>]+)/gi

/** What Zendesk lets through of a comment's HTML: no scripts, no handlers. */
export const cleanHtml = (html: string): string =>
  `<div class="zd-comment" dir="auto">${html
    .replaceAll(dropped, "")
    .replaceAll(handlers, "")
    .replaceAll(scriptUrls, "")}</div>`

export const htmlToText = (html: string): string =>
  html
    .replaceAll(dropped, "")
    .replaceAll(/<br\s*\/?>/gi, "\n")
    .replaceAll(/<\/(p|div|h[1-6]|tr|ul|ol|blockquote)>/gi, "\n\n")
    .replaceAll(/<li\b[^<>]*>/gi, "- ")
    .replaceAll(/<\/li>/gi, "\n")
    .replaceAll(/<[^<>]*>/g, "")
    .replaceAll(/&(amp|lt|gt|quot|nbsp|#39);/g, (entity) => entities[entity] ?? entity)
    .replaceAll(/[ \t]+\n/g, "\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim()
