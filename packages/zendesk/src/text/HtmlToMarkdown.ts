/** HTML from Zendesk, as Markdown: what a reader of the page would see, and nothing that was hidden from them. */
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { htmlToMarkdown as convert, initSync } from "mdream/wasm"
import sanitizeHtml from "sanitize-html"

/**
 * The WebAssembly build of mdream runs on every platform; its native build needs an optional package per platform that
 * installers leave out now and then. Loaded on first use, so that importing this file does nothing.
 */
let ready = false
const load = (): void => {
  if (ready) return
  initSync({
    module: readFileSync(createRequire(import.meta.url).resolve("mdream/wasm/mdream_edge_bg.wasm")),
  })
  ready = true
}

const invisible =
  /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])|mso-hide\s*:\s*all)/i

const isHidden = (attributes: Readonly<Record<string, string>>): boolean =>
  "hidden" in attributes || attributes["aria-hidden"] === "true" || invisible.test(attributes["style"] ?? "")

const dropped = [
  "script",
  "style",
  "noscript",
  "template",
  "iframe",
  "object",
  "embed",
  "form",
  "svg",
  "head",
  "title",
]
const kept =
  "h1 h2 h3 h4 h5 h6 p div section article span br hr blockquote ul ol li dl dt dd table caption thead tbody tfoot tr th td pre code kbd samp b strong i em u s del sub sup mark a img details summary figure figcaption".split(
    " ",
  )

/** `origin`: what relative links are resolved against. `images`: keep them as Markdown images, or only their alt text. */
export interface HtmlOptions {
  readonly origin: string
  readonly images: "keep" | "alt"
}

/** Removes scripts, styles, hidden elements and everything else that a reader does not see. */
const visibleOnly = (html: string, options: HtmlOptions): string =>
  sanitizeHtml(html, {
    allowedTags: kept,
    allowedAttributes: {
      a: ["href"],
      img: ["src", "alt"],
      code: ["class"],
      pre: ["class"],
      td: ["colspan"],
      th: ["colspan"],
    },
    allowedSchemes: ["http", "https", "mailto", "tel"],
    allowProtocolRelative: false,
    nonTextTags: dropped,
    exclusiveFilter: (frame) => isHidden(frame.attribs),
    transformTags: {
      img: (tagName, attribs) =>
        options.images === "alt"
          ? { tagName: "span", attribs: {}, text: attribs["alt"] ?? "" }
          : { tagName, attribs },
    },
  })

const cleaning = {
  redundantLinks: true,
  emptyLinks: true,
  emptyLinkText: true,
  blankLines: true,
  emptyImages: true,
}

/** Markdown of what is visible in `html`. Total: when the converter gives up, the plain text is returned. */
export const htmlToMarkdown = (html: string, options: HtmlOptions): string => {
  load()
  const visible = visibleOnly(html, options)
  try {
    return convert(visible, { origin: options.origin, clean: cleaning }).trim()
  } catch {
    // A panic leaves the WebAssembly instance unusable: a new one for the next document.
    ready = false
    return sanitizeHtml(visible, { allowedTags: [], allowedAttributes: {} }).trim()
  }
}
