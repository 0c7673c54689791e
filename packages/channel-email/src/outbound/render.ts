/** Markdown → the two bodies of a mail: plain text, and HTML that is minimal, accessible and safe. */
import { Marked } from "marked"
import sanitizeHtml from "sanitize-html"

const marked = new Marked({ gfm: true, breaks: true, async: false })

const allowed: sanitizeHtml.IOptions = {
  allowedTags:
    "p br a b strong i em s del code pre blockquote ul ol li h1 h2 h3 h4 h5 h6 table thead tbody tr th td hr".split(
      " ",
    ),
  // Direction per block: a mail may mix Arabic and English.
  allowedAttributes: { a: ["href"], th: ["align"], td: ["align"], ol: ["start"], "*": ["dir"] },
  allowedSchemes: ["https", "http", "mailto", "tel"],
  allowProtocolRelative: false,
  disallowedTagsMode: "escape",
  transformTags: Object.fromEntries(
    ["p", "ul", "ol", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "table"].map((tag) => [
      tag,
      (tagName: string, attribs: sanitizeHtml.Attributes) => ({
        tagName,
        attribs: { ...attribs, dir: "auto" },
      }),
    ]),
  ),
}

/** Pictures would be fetched from elsewhere (and tell who reads): they become links. */
const imagesToLinks = (markdown: string): string =>
  markdown.replace(/!\[([^\]\n]{0,300})\]\(/g, (_, alt: string) => `[${alt.length > 0 ? alt : "image"}](`)

const escapeHtml = (text: string): string =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;")

const page = (body: string, delimiter: string | null): string =>
  [
    "<!doctype html>",
    '<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"></head>',
    "<body style=\"margin:0;padding:16px;font-family:system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif;font-size:16px;line-height:1.5\">",
    ...(delimiter === null ? [] : [`<p style="color:#595959;font-size:13px">${escapeHtml(delimiter)}</p>`]),
    `<div dir="auto" style="max-width:640px">${body.trim()}</div>`,
    "</body></html>",
  ].join("\n")

/** HTML in the Markdown is text, not markup: nobody who writes here writes HTML. */
const neutral = (markdown: string): string => markdown.replace(/<(?!https?:\/\/|mailto:)/g, "&lt;")

/** Text outside code in which a literal `<` is written as an entity; code is escaped by the renderer itself. */
const neutralOutsideCode = (markdown: string): string =>
  markdown
    .split(/(```[^]*?(?:```|$)|`[^`\n]+`)/)
    .map((part, i) => (i % 2 === 1 ? part : neutral(imagesToLinks(part))))
    .join("")

/** The HTML body. */
export const renderHtml = (markdown: string, delimiter: string | null): string =>
  page(sanitizeHtml(marked.parse(neutralOutsideCode(markdown), { async: false }), allowed), delimiter)

/** The plain body: Markdown reads well as it is; links become `text (url)`, emphasis marks go. */
export const renderText = (markdown: string, delimiter: string | null): string => {
  const text = markdown
    .split(/(```[^]*?(?:```|$)|`[^`\n]+`)/)
    .map((part, i) =>
      i % 2 === 1
        ? part
        : part
            .replace(
              /!?\[([^\]\n]{0,500})\]\((https?:\/\/[^)\s]{1,2000}|mailto:[^)\s]{1,300})(?:\s+"[^"\n]{0,300}")?\)/g,
              (_, label: string, url: string) =>
                label === url || label.length === 0 ? url : `${label} (${url.replace(/^mailto:/, "")})`,
            )
            .replace(/\*\*([^*\n]{1,2000})\*\*/g, "$1")
            .replace(/^#{1,6}\s+/gm, ""),
    )
    .join("")
    .trim()
  return delimiter === null ? text : `${delimiter}\n\n${text}`
}
