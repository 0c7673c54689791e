/** TwiML, Twilio's XML, with everything escaped. */

/** An element; attributes that are `undefined` are left out. */
export interface Element {
  readonly name: string
  readonly attributes?: Readonly<Record<string, string | number | boolean | undefined>>
  readonly children?: ReadonlyArray<Element | string>
}

const named: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
}

/** Characters that XML 1.0 cannot hold in any form are dropped. */
const escape = (text: string): string =>
  text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "")
    .replace(/[&<>"']/g, (c) => named[c] ?? c)

const render = (node: Element | string): string => {
  if (typeof node === "string") return escape(node)
  const attributes = Object.entries(node.attributes ?? {})
    .flatMap(([name, value]) => (value === undefined ? [] : [` ${name}="${escape(String(value))}"`]))
    .join("")
  const children = (node.children ?? []).map(render).join("")
  return children === ""
    ? `<${node.name}${attributes}/>`
    : `<${node.name}${attributes}>${children}</${node.name}>`
}

/** A whole document. */
export const twiml = (...children: ReadonlyArray<Element>): string =>
  `<?xml version="1.0" encoding="UTF-8"?>${render({ name: "Response", children })}`
