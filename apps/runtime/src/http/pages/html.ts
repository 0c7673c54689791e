/** HTML without surprises: everything that is put into a page is escaped unless it was made here. */
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import { createHash } from "node:crypto"

const brand: unique symbol = Symbol("Html")

/** Markup that is known to be safe. */
export interface Html {
  readonly [brand]: true
  readonly text: string
}

const made = (text: string): Html => ({ [brand]: true, text })

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
}

const escape = (text: string): string => text.replace(/[&<>"']/g, (c) => entities[c] ?? c)

export type Part = Html | string | number | null | undefined | ReadonlyArray<Part>

const isHtml = (part: Part): part is Html => typeof part === "object" && part !== null && brand in part

const render = (part: Part): string => {
  if (part === null || part === undefined) return ""
  if (isHtml(part)) return part.text
  if (typeof part === "string" || typeof part === "number") return escape(String(part))
  return part.map(render).join("")
}

/** Template tag: literals are markup, values are escaped. */
export const html = (literals: TemplateStringsArray, ...parts: ReadonlyArray<Part>): Html =>
  made(literals.map((literal, index) => literal + render(parts[index])).join(""))

const style = `
:root{color-scheme:light dark;--line:#8884;--soft:#8882}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;background:Canvas;color:CanvasText;overflow-wrap:anywhere}
nav a,nav form{margin-inline-end:1rem} .wide{overflow-x:auto} th,td{overflow-wrap:normal} td.text{overflow-wrap:anywhere;min-width:9rem} td.when{white-space:nowrap}
@media(max-width:40rem){td.when{white-space:normal} td.text{min-width:6rem}}
h1{font-size:1.4rem} table{border-collapse:collapse;width:100%} td,th{text-align:start;padding:.4rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
article{border:1px solid var(--line);border-radius:.6rem;padding:.6rem 1rem;margin:.8rem 0} article>header{font-size:.85rem;opacity:.75}
.customer{border-inline-start:4px solid #2b6cb0}.ai{border-inline-start:4px solid #2f855a}.human{border-inline-start:4px solid #b7791f}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit;margin:.3rem 0}.state{white-space:nowrap;padding:.1rem .5rem;border-radius:1rem;background:var(--soft)}
details{margin-top:.4rem;font-size:.85rem} form.inline{display:inline} button,input{font:inherit;padding:.3rem .7rem;max-width:100%;box-sizing:border-box} code{background:var(--soft);padding:.1rem .3rem;border-radius:.3rem}
`

// Whole, because the policy's hash is over everything between the tags: no formatter may put a blank in there.
const styleElement = made(`<style>${style}</style>`)

/** A whole page. The only style is our own, by a nonce-free hash of its text. */
export const page = (title: string, body: Html, above: Part = null): Html =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <title>${title}</title>
        ${styleElement}
      </head>
      <body>
        ${above} ${body}
      </body>
    </html>`

const policy = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`

/** The page as an answer, with headers that let nothing else in. */
export const htmlAnswer = (content: Html, status = 200) =>
  HttpServerResponse.text(content.text, {
    status,
    contentType: "text/html; charset=utf-8",
    headers: {
      "content-security-policy": policy,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
    },
  })
