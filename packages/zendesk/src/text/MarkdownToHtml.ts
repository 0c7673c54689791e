/** Markdown as the HTML of a Zendesk comment. Customers' words are in it, so nothing in it may act on the agent. */
import { Marked } from "marked"
import sanitizeHtml from "sanitize-html"

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
}

/** Makes a text safe inside HTML text and attributes. */
export const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (one) => escapes[one] ?? one)

const safeUrl = (href: string): boolean => /^(?:https?:\/\/|mailto:|tel:)/i.test(href.trim())

const marked = new Marked({
  gfm: true,
  breaks: true,
  renderer: {
    // What a customer typed as HTML is shown as typed, never rendered and never swallowed.
    html: ({ text }) => escapeHtml(text),
    // An image would be fetched when the agent opens the ticket, and tell a stranger so.
    image: ({ href, text }) => {
      const label = escapeHtml(text === "" ? href : text)
      return safeUrl(href) ? `<a href="${escapeHtml(href)}">${label}</a>` : label
    },
  },
})

const tags =
  "p div br hr h1 h2 h3 h4 h5 h6 ul ol li blockquote pre code strong em del a table thead tbody tr th td".split(
    " ",
  )

const sanitize = (html: string): string =>
  sanitizeHtml(html, {
    allowedTags: tags,
    allowedAttributes: { a: ["href"], div: ["dir"], ol: ["start"] },
    allowedSchemes: ["http", "https", "mailto", "tel"],
    allowProtocolRelative: false,
    disallowedTagsMode: "escape",
  })

/** Sanitized HTML; the text direction is left to the reader's browser, so that Arabic and Hebrew read right. */
export const markdownToHtml = (markdown: string): string =>
  `<div dir="auto">${sanitize(marked.parse(markdown, { async: false }))}</div>`

/** A link with a plain label; empty when the address is not one that may be shown. */
export const linkHtml = (href: string, label: string): string =>
  safeUrl(href) ? `<p><a href="${escapeHtml(href)}">${escapeHtml(label)}</a></p>` : ""

/** Size of a text in UTF-8 bytes: Arabic takes two per letter, most emoji four. */
export const byteLength = (text: string): number => new TextEncoder().encode(text).byteLength
