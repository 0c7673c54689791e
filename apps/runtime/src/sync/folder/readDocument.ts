/** From a file's text to an article: where it stands in the folder, what it says of itself, and its Markdown. */
import { htmlToMarkdown } from "@opencx/zendesk"
import { basename, dirname, extname } from "node:path/posix"
import type { FolderSourceConfig } from "../../config/SourceConfig.ts"
import { pageOf } from "../html/page.ts"
import type { Loaded } from "../listed/listedSync.ts"
import { type FrontMatter, frontMatterOf, textOf, textsOf } from "./frontMatter.ts"

type Settings = Pick<FolderSourceConfig, "locale" | "visibility">

const isLocale = (text: string): boolean => /^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*$/.test(text)

/** `pt_BR` and `pt-BR` are the same; locales are compared in lower case. */
const localeOf = (text: string | null, usual: string): string =>
  (text !== null && isLocale(text) ? text : usual).replaceAll("_", "-").toLowerCase()

const httpUrl = (text: string | null): string | null =>
  text !== null && /^https?:\/\//.test(text) && URL.canParse(text) ? text : null

/** A first heading is the title, and need not be said twice. */
const splitTitle = (markdown: string): { readonly title: string | null; readonly rest: string } => {
  const found = /^\s*#[ \t]([^\n]*)(?:\n|$)/.exec(markdown)
  const title = (found?.[1] ?? "")
    .trim()
    .replace(/(?<!#)#+$/, "")
    .trim()
  return found === null || title === ""
    ? { title: null, rest: markdown }
    : { title, rest: markdown.slice(found[0].length) }
}

const nameOf = (path: string): string => basename(path, extname(path)).replaceAll(/[-_]+/g, " ")

/** Only a plain word opens a file to everybody; a word that we do not know closes it. */
const visibilityOf = (head: FrontMatter, settings: Settings): "public" | "internal" => {
  if (head.isBroken) return "internal"
  if (!head.values.has("visibility")) return settings.visibility
  return textOf(head.values, "visibility")?.toLowerCase() === "public" ? "public" : "internal"
}

/** Anything but a plain no is a draft. */
const isDraft = (head: FrontMatter): boolean => {
  const said = textOf(head.values, "draft")
  return said !== null && !/^(?:false|no|0)$/i.test(said)
}

/**
 * `path` is relative to the folder, with `/`. Front matter: `title`, `locale` (or `lang`), `visibility` (`public` or
 * `internal`), `draft`, `id` (the same for all languages of an article), `url`, `labels`.
 */
export const readDocument = (path: string, text: string, updatedAt: number, settings: Settings): Loaded => {
  const head = frontMatterOf(text)
  if (isDraft(head)) return { _tag: "withdrawn" }
  const isHtml = /\.html?$/i.test(path)
  const page = isHtml ? pageOf(head.body) : null
  const markdown =
    page === null ? head.body : htmlToMarkdown(page.main, { origin: "https://localhost", images: "alt" })
  const { rest, title } = splitTitle(markdown)
  const given = textOf(head.values, "title")
  const body = (given === null ? rest : markdown).trim()
  if (body === "") return { _tag: "unreadable", detail: "there is no text in it" }
  const folders = dirname(path)
  return {
    _tag: "article",
    article: {
      articleId: textOf(head.values, "id") ?? path,
      locale: localeOf(textOf(head.values, "locale", "lang") ?? page?.lang ?? null, settings.locale),
      title: given ?? title ?? page?.title ?? nameOf(path),
      path: folders === "." ? [] : folders.split("/"),
      body,
      url: httpUrl(textOf(head.values, "url")),
      visibility: visibilityOf(head, settings),
      labels: textsOf(head.values, "labels"),
      updatedAt,
    },
  }
}
