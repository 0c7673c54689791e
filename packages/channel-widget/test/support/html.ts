/** Nodes of the widget as text and as tags, without a browser. */
import { isValidElement, type ComponentChild } from "preact"

const childrenOf = (node: ComponentChild): ReadonlyArray<ComponentChild> => {
  if (!isValidElement(node)) return []
  const { children } = node.props
  return Array.isArray(children) ? children : children === undefined ? [] : [children]
}

const blocks = new Set(["p", "li", "br", "pre", "blockquote", "tr", "th", "td", "hr"])

/** What a reader sees. */
export const textOf = (node: ComponentChild): string => {
  if (!isValidElement(node)) return node === null || node === undefined ? "" : String(node)
  const inner = childrenOf(node).map(textOf).join("")
  return blocks.has(String(node.type)) ? `${inner}\n` : inner
}

/** Every element: its tag and attributes. */
export const elementsOf = (
  node: ComponentChild,
): ReadonlyArray<{
  readonly tag: string
  readonly attributes: Readonly<Record<string, unknown>>
  readonly text: string
}> => {
  if (!isValidElement(node)) return []
  const { children: _, ...attributes } = node.props
  return [{ tag: String(node.type), attributes, text: textOf(node) }, ...childrenOf(node).flatMap(elementsOf)]
}
