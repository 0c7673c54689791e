import { escapeHtml } from "../../support/text.ts"

/** Enough of Markdown for messages: paragraphs, bold, italics, links, code. Zendesk's exact rules are not public. */
export const markdownToHtml = (markdown: string): string =>
  markdown
    .split(/\n{2,}/)
    .map((part) => {
      const heading = /^(#{1,6}) +(.*)$/.exec(part)
      const inner = escapeHtml(heading?.[2] ?? part)
        .replaceAll(/\*\*([^*]+)\*\*/g, "<strong>$1</strong>")
        .replaceAll(/(?<![\w*])[*_]([^*_]+)[*_](?![\w*])/g, "<em>$1</em>")
        .replaceAll(/`([^`]+)`/g, "<code>$1</code>")
        .replaceAll(/\[([^\]]+)\]\((https?:[^)\s]+)\)/g, '<a href="$2">$1</a>')
        .replaceAll("\n", "<br>")
      const level = heading?.[1]?.length
      return level === undefined ? `<p>${inner}</p>` : `<h${level}>${inner}</h${level}>`
    })
    .join("")
