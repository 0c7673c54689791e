/** Readers over foreign JSON: nothing is trusted, everything is narrowed. */

export type JsonObject = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Edge: the one place where foreign text becomes a value. `undefined` means "not JSON". */
export const parseJson = (text: string): unknown => {
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch {
    return undefined
  }
}

export const get = (value: unknown, key: string): unknown => (isObject(value) ? value[key] : undefined)

export const has = (value: unknown, key: string): boolean => isObject(value) && Object.hasOwn(value, key)

export const asObject = (value: unknown): JsonObject => (isObject(value) ? value : {})

export const asString = (value: unknown): string | undefined =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : undefined

/** Zendesk takes ids and counts as numbers or as digit strings. */
export const asInt = (value: unknown): number | undefined => {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : undefined
  if (typeof value === "string" && /^-?\d{1,16}$/.test(value.trim())) return Number(value)
  return undefined
}

export const asNumber = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined

export const asBool = (value: unknown): boolean | undefined =>
  value === true || value === "true" ? true : value === false || value === "false" ? false : undefined

export const asArray = (value: unknown): ReadonlyArray<unknown> => (Array.isArray(value) ? value : [])

export const strings = (value: unknown): ReadonlyArray<string> =>
  asArray(value).flatMap((item) => {
    const text = asString(item)
    return text === undefined ? [] : [text]
  })

export const ints = (value: unknown): ReadonlyArray<number> =>
  asArray(value).flatMap((item) => {
    const id = asInt(item)
    return id === undefined ? [] : [id]
  })
