/** Foreign words as patterns of `LIKE`. */

/** The escape character of every pattern here: backslashes are frequent in JSON. */
const mark = "!"

const literal = (text: string): string => text.replace(/[!%_]/g, (char) => mark + char)

/** Matches texts that contain this one. Use with `ESCAPE '!'`. */
export const containing = (text: string): string => `%${literal(text)}%`

/** Matches texts that begin with this one. */
export const startingWith = (text: string): string => `${literal(text)}%`

/** Matches JSON in which a string value contains this text: quotes, backslashes and line breaks look different there. */
export const inJson = (text: string): string => containing(JSON.stringify(text).slice(1, -1))

/** Matches JSON with this very string in it: it cannot stand inside another string, whose quotes are escaped. */
export const wholeInJson = (text: string): string => containing(JSON.stringify(text))

/** Texts inside a decoded JSON value, without the names of its fields and variants. */
export const textsIn = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string") return [value]
  if (Array.isArray(value)) return value.flatMap(textsIn)
  if (typeof value !== "object" || value === null) return []
  return Object.entries(value).flatMap(([name, item]) => (name === "_tag" ? [] : textsIn(item)))
}
