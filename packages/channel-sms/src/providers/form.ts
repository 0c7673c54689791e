/** Form bodies of webhooks. */
import type { RawRequest } from "@opencx/core"

/** All values of each name, in order. */
export type FormValues = ReadonlyMap<string, ReadonlyArray<string>>

const decoder = new TextDecoder("utf-8")

/** Reads `a=1&b=2`; both of a body and of a query string. */
export const parsePairs = (text: string): FormValues => {
  const values = new Map<string, Array<string>>()
  for (const [name, value] of new URLSearchParams(text)) {
    const before = values.get(name)
    if (before === undefined) values.set(name, [value])
    else before.push(value)
  }
  return values
}

export const bodyText = (request: RawRequest): string => decoder.decode(request.body)

export const formOf = (request: RawRequest): FormValues => parsePairs(bodyText(request))

/** The first value of each name, for a Schema. */
export const firstValues = (form: FormValues): Readonly<Record<string, string>> =>
  Object.fromEntries([...form].flatMap(([name, [value]]) => (value === undefined ? [] : [[name, value]])))

export const isJson = (request: RawRequest): boolean =>
  /^application\/(?:[\w.+-]*\+)?json/i.test(request.headers["content-type"] ?? "")
