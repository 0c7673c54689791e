import { json, type Reply } from "../../http/Reply.ts"
import type { ApiRequest } from "../../http/Request.ts"
import { isObjectId } from "../world/objectIds.ts"
import { badRequest } from "./errors.ts"

export interface Paged<A> {
  readonly name: string
  /** In rising order of their ids. */
  readonly items: ReadonlyArray<A>
  readonly idOf: (item: A) => string
  readonly view: (item: A) => unknown
  readonly baseUrl: string
  /** A fixed size; `page[size]` is then ignored. */
  readonly fixedSize?: number
  /** The first page is the last one: messages. */
  readonly fromTheEnd?: boolean
}

const cursor = (request: ApiRequest, name: string): string | undefined => {
  const value = request.query.get(`page[${name}]`)
  if (value === null) return undefined
  if (!isObjectId(value)) throw badRequest("Invalid page query parameters")
  return value
}

const sizeOf = (request: ApiRequest, fixed: number | undefined): number => {
  if (fixed !== undefined) return fixed
  const size = Number(request.query.get("page[size]") ?? 25)
  if (!Number.isInteger(size) || size < 1 || size > 100) throw badRequest("Invalid page query parameters")
  return size
}

const linkTo = (request: ApiRequest, baseUrl: string, name: string, id: string): string => {
  const query = new URLSearchParams(request.query)
  query.delete("page[after]")
  query.delete("page[before]")
  query.set(`page[${name}]`, id)
  return `${baseUrl}${request.path}?${query.toString()}`
}

/** Cursor paging by record id; cursors and links exist only where there is something more. */
export const page = <A>(request: ApiRequest, options: Paged<A>): Reply => {
  const after = cursor(request, "after")
  const before = cursor(request, "before")
  if (after !== undefined && before !== undefined) throw badRequest("Invalid page query parameters")
  const size = sizeOf(request, options.fixedSize)
  const { items, idOf } = options
  const backwards = before !== undefined || (after === undefined && options.fromTheEnd === true)
  const end = before === undefined ? items.length : items.filter((item) => idOf(item) < before).length
  const start = backwards
    ? Math.max(0, end - size)
    : after === undefined
      ? 0
      : items.filter((item) => idOf(item) <= after).length
  const slice = items.slice(start, backwards ? end : start + size)
  const first = slice[0]
  const last = slice.at(-1)
  const older = start > 0 && first !== undefined ? idOf(first) : undefined
  const newer = start + slice.length < items.length && last !== undefined ? idOf(last) : undefined
  const links = {
    ...(older === undefined ? {} : { prev: linkTo(request, options.baseUrl, "before", older) }),
    ...(newer === undefined ? {} : { next: linkTo(request, options.baseUrl, "after", newer) }),
  }
  return json(200, {
    [options.name]: slice.map(options.view),
    meta: {
      hasMore: backwards ? older !== undefined : newer !== undefined,
      ...(newer === undefined ? {} : { afterCursor: newer }),
      ...(older === undefined ? {} : { beforeCursor: older }),
    },
    ...(Object.keys(links).length === 0 ? {} : { links }),
  })
}
