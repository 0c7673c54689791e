import { asArray, asInt, asString, parseJson } from "../world/json.ts"
import { ApiError, errorsEnvelope, json } from "./Reply.ts"
import type { ApiRequest } from "./Request.ts"

export interface Key {
  readonly value: number | string
  readonly id: number
}

export interface PageOptions<A> {
  readonly name: string
  readonly items: ReadonlyArray<A>
  readonly render: (item: A) => unknown
  /** Sort key of an item, in the order `items` already has. */
  readonly key: (item: A) => Key
  readonly descending?: boolean
  readonly baseUrl: string
  readonly defaultPerPage?: number
  /** Side-loads: members beside the list. */
  readonly sideLoads?: object
  /** Extra members of an offset-paged answer (the Help Center has some). */
  readonly offsetExtras?: (page: {
    readonly page: number
    readonly perPage: number
    readonly count: number
  }) => object
}

export const wantsCursor = (request: ApiRequest): boolean =>
  request.query.has("page[size]") || request.query.has("page[after]") || request.query.has("page[before]")

const encodeCursor = (key: Key): string =>
  Buffer.from(JSON.stringify([key.value, key.id])).toString("base64url")

const decodeCursor = (text: string): Key => {
  const parts = asArray(parseJson(Buffer.from(text, "base64url").toString("utf8")))
  const value = parts[0]
  const id = asInt(parts[1])
  if (id === undefined || (typeof value !== "number" && typeof value !== "string")) {
    throw errorsEnvelope(400, "InvalidCursor", "The cursor in page[after] or page[before] is not valid")
  }
  return { value, id }
}

const compare = (a: Key, b: Key): number => (a.value < b.value ? -1 : a.value > b.value ? 1 : a.id - b.id)

/** First index whose key is beyond `key` in the list's own direction. */
const firstBeyond = <A>(options: PageOptions<A>, key: Key, inclusive: boolean): number => {
  const sign = options.descending === true ? -1 : 1
  let low = 0
  let high = options.items.length
  while (low < high) {
    const middle = (low + high) >> 1
    const item = options.items[middle]
    const order = item === undefined ? 1 : sign * compare(options.key(item), key)
    if (order > 0 || (inclusive && order === 0)) high = middle
    else low = middle + 1
  }
  return low
}

const link = (
  request: ApiRequest,
  baseUrl: string,
  changes: Readonly<Record<string, string | null>>,
): string => {
  const query = new URLSearchParams(request.query)
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) query.delete(name)
    else query.set(name, value)
  }
  return `${baseUrl}${request.path}.json?${query.toString()}`
}

const cursorPage = <A>(request: ApiRequest, options: PageOptions<A>): object => {
  const size = Number(request.query.get("page[size]") ?? 100)
  if (!Number.isInteger(size) || size < 1 || size > 100) {
    throw errorsEnvelope(400, "InvalidPaginationParameter", "page[size] must be a number from 1 to 100")
  }
  const after = request.query.get("page[after]")
  const before = request.query.get("page[before]")
  const end = before === null ? options.items.length : firstBeyond(options, decodeCursor(before), true)
  const start =
    before !== null
      ? Math.max(0, end - size)
      : after === null
        ? 0
        : firstBeyond(options, decodeCursor(after), false)
  const slice = options.items.slice(start, before === null ? start + size : end)
  const first = slice[0]
  const last = slice.at(-1)
  const afterCursor = last === undefined ? null : encodeCursor(options.key(last))
  const beforeCursor = first === undefined ? null : encodeCursor(options.key(first))
  const hasMore = before === null ? start + slice.length < options.items.length : start > 0
  return {
    [options.name]: slice.map(options.render),
    meta: { has_more: hasMore, after_cursor: afterCursor, before_cursor: beforeCursor },
    links: {
      next:
        before === null && !hasMore
          ? null
          : link(request, options.baseUrl, { "page[after]": afterCursor, "page[before]": null }),
      prev:
        beforeCursor === null || start === 0
          ? null
          : link(request, options.baseUrl, { "page[before]": beforeCursor, "page[after]": null }),
    },
  }
}

const offsetPage = <A>(request: ApiRequest, options: PageOptions<A>): object => {
  const page = positive(request.query.get("page"), 1)
  const perPage = Math.min(100, positive(request.query.get("per_page"), options.defaultPerPage ?? 100))
  if (page * perPage > 10_000) {
    throw errorsEnvelope(
      400,
      "InvalidPaginationDepth",
      "Pagination depth must be 10000 records or fewer; use cursor pagination",
    )
  }
  const start = (page - 1) * perPage
  const count = options.items.length
  return {
    [options.name]: options.items.slice(start, start + perPage).map(options.render),
    count,
    next_page: start + perPage < count ? link(request, options.baseUrl, { page: String(page + 1) }) : null,
    previous_page: page > 1 ? link(request, options.baseUrl, { page: String(page - 1) }) : null,
    ...options.offsetExtras?.({ page, perPage, count }),
  }
}

const positive = (text: string | null, fallback: number): number => {
  const value = asInt(asString(text))
  return value === undefined || value < 1 ? fallback : value
}

/** Cursor paging when `page[size]` (or a cursor) is sent, offset paging otherwise. */
export const paged = <A>(request: ApiRequest, options: PageOptions<A>): ReturnType<typeof json> =>
  json(200, {
    ...(wantsCursor(request) ? cursorPage(request, options) : offsetPage(request, options)),
    ...options.sideLoads,
  })

export const idParam = (request: ApiRequest, name = "id"): number => {
  const id = asInt(request.params[name])
  if (id === undefined) {
    throw new ApiError(
      json(400, {
        error: {
          title: "Invalid attribute",
          message: `You passed an invalid value for the ${name} attribute. Invalid parameter: ${name} must be an integer`,
        },
      }),
    )
  }
  return id
}
