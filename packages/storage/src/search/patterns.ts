/** Foreign words as patterns of `LIKE`. */

/** The escape character of every pattern here: backslashes are frequent in JSON. */
const mark = "!"

const literal = (text: string): string => text.replace(/[!%_]/g, (char) => mark + char)

/** Matches texts that contain this one. Use with `ESCAPE '!'`. */
const containing = (text: string): string => `%${literal(text)}%`

/** Matches JSON in which a string value contains this text: quotes, backslashes and line breaks look different there. */
export const inJson = (text: string): string => containing(JSON.stringify(text).slice(1, -1))

/** Texts inside a decoded JSON value, without the names of its fields and variants. */
export const textsIn = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string") return [value]
  if (Array.isArray(value)) return value.flatMap(textsIn)
  if (typeof value !== "object" || value === null) return []
  return Object.entries(value).flatMap(([name, item]) => (name === "_tag" ? [] : textsIn(item)))
}
