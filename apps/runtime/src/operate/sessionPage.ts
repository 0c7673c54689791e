/** One page of a search for sessions; the place where it ended is a text that the next request brings along. */
import { type OrgId, SessionId, type SessionQuery, SessionSearch } from "@opencx/core"
import { Effect, Option, Schema } from "effect"

/** `<updatedAt>:<session id>` */
const Cursor = Schema.TemplateLiteralParser([Schema.FiniteFromString, ":", SessionId])
const decodeCursor = Schema.decodeUnknownOption(Cursor)

/** What was given as the end of a page is none. */
export class NoPageEnd extends Schema.TaggedError<NoPageEnd>("@opencx/runtime/NoPageEnd")("NoPageEnd", {}) {}

export const sessionPage = Effect.fnUntraced(function* (
  orgId: OrgId,
  query: SessionQuery,
  page: { readonly limit: number; readonly after: string | null },
) {
  const place = page.after === null ? null : Option.getOrNull(decodeCursor(page.after))
  if (page.after !== null && place === null) return yield* new NoPageEnd()
  const after = place === null ? null : { updatedAt: place[0], id: place[2] }
  const { next, sessions } = yield* (yield* SessionSearch).search(orgId, query, { limit: page.limit, after })
  return { sessions, next: next === null ? null : `${next.updatedAt}:${next.id}` }
})
