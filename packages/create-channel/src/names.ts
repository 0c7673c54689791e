/** Which names a package and a channel may have. */
import { builtinModules } from "node:module"
import { Refusal } from "./Refusal.ts"
import { takenIds } from "./takenIds.ts"

/** npm: at most 214 characters with the scope. */
const longestName = 214
const part = /^[a-z0-9~-][a-z0-9._~-]*$/
const neverPackages = new Set(["node_modules", "favicon.ico", ...builtinModules])

/** A scope with its `@`, or null for none. Refuses what npm refuses. */
export const checkScope = (text: string): string | null => {
  if (text === "") return null
  const scope = text.startsWith("@") ? text : `@${text}`
  if (part.test(scope.slice(1))) return scope
  throw new Refusal(`"${text}" is no npm scope.`, "Use lower-case letters, digits and hyphens: @acme")
}

/** The whole name: `my-channel`, `@acme/my-channel`. Refuses what npm refuses. */
export const checkName = (text: string): string => {
  const [, scope, bare = ""] = /^(?:(@[^/]*)\/)?(.*)$/s.exec(text) ?? []
  if (scope !== undefined) checkScope(scope.slice(1) === "" ? "@" : scope)
  const hint = "Use lower-case letters, digits and hyphens: opencx-channel-line, or @acme/opencx-channel-line"
  if (text.length > longestName)
    throw new Refusal(`The package name has more than ${longestName} characters.`, hint)
  if (!part.test(bare)) throw new Refusal(`"${text}" is no npm package name.`, hint)
  if (scope === undefined && neverPackages.has(bare))
    throw new Refusal(`"${bare}" cannot be the name of a package.`, hint)
  return text
}

/** The name without its scope. */
export const bareName = (name: string): string => name.replace(/^@[^/]*\//, "")

/** A channel id. Refuses those of the runtime and of the channels that come with it. */
export const checkId = (id: string): string => {
  if (!/^[a-z][a-z0-9_-]{0,31}$/.test(id))
    throw new Refusal(
      `"${id}" is no channel id.`,
      "Begin with a lower-case letter; then letters, digits, _ and -, at most 32 characters: line",
    )
  const owner = takenIds.get(id)
  if (owner !== undefined)
    throw new Refusal(`The channel id "${id}" is taken: ${owner}.`, "Give your channel another id.")
  return id
}

/** What a channel in a package of this name is probably called: `opencx-channel-line` → `line`. */
export const idFor = (name: string): string =>
  bareName(name)
    .replace(/^opencx-/, "")
    .replace(/^channel-/, "")
    .replace(/-channel$/, "")
    .replace(/[^a-z0-9_-]/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, 32)

/** `my_line-chat` → `My line chat`. */
export const titleFor = (id: string): string => {
  const words = id.replace(/[_-]+/g, " ").trim()
  const title = words.slice(0, 1).toUpperCase() + words.slice(1)
  // A single letter is no title.
  return title.length > 1 ? title : `${title} channel`
}

/** What people read: one line, something in it, no quotation marks or backslashes that would end a string. */
export const checkTitle = (title: string): string => {
  if (/^[^\p{C}"\\]{2,60}$/u.test(title) && title.trim() === title) return title
  throw new Refusal(
    `The title ${JSON.stringify(title)} cannot be used.`,
    'Use 2 to 60 characters on one line, without " and \\: LINE',
  )
}
