/**
 * What humans wrote publicly on a ticket. This is the only way from Zendesk to a customer, so that everything here
 * fails closed: not certainly public, or not certainly by an agent, means not delivered.
 */
import {
  type CommentFile,
  CommentId,
  type CommentPage,
  CustomerText,
  type DeskUserId,
  type HumanComment,
  safeFileName,
  type TicketId,
  type TicketingError,
} from "@opencx/core"
import { Effect } from "effect"
import type { ZendeskClient } from "../client/Client.ts"
import { htmlToMarkdown } from "../text/HtmlToMarkdown.ts"
import { ask, toTicketingError } from "./Calls.ts"
import { isAgentRole, type OurUser } from "./Self.ts"
import { checkTicketId, epochMillis } from "./Tickets.ts"
import {
  type AttachmentWire,
  CommentList,
  type CommentWire,
  idText,
  nextCursor,
  type UserWire,
} from "./Wire.ts"

export interface HumanCommentsInput {
  readonly ticketId: TicketId
  readonly requesterId: DeskUserId | null
  readonly after: CommentId | null
}

const operation = "humanComments"
/** A ticket holds at most 5,000 comments. */
const maxPages = 50

interface Collected {
  readonly comments: ReadonlyArray<CommentWire>
  readonly users: ReadonlyMap<string, UserWire>
}

/** Whether the server has heeded the order that was asked for. */
export const newestFirst = (comments: ReadonlyArray<CommentWire>): boolean => {
  const [first, last] = [comments[0], comments.at(-1)]
  return comments.length < 2 || epochMillis(first?.created_at) >= epochMillis(last?.created_at)
}

/** Pages from the newest comment back to `after`; to the very end when the server ignores the order. */
const collect = Effect.fnUntraced(function* (client: ZendeskClient, input: HumanCommentsInput) {
  const comments: Array<CommentWire> = []
  const users = new Map<string, UserWire>()
  let cursor: string | null = null
  for (let page = 0; page < maxPages; page++) {
    const list: typeof CommentList.Type = yield* ask(
      client,
      operation,
      { what: `ticket ${input.ticketId}` },
      CommentList,
      {
        method: "GET",
        path: `/api/v2/tickets/${input.ticketId}/comments`,
        query: {
          include: "users",
          sort: "-created_at",
          "page[size]": "100",
          ...(cursor === null ? {} : { "page[after]": cursor }),
        },
      },
    )
    comments.push(...list.comments)
    for (const user of list.users ?? []) if (user.id !== null) users.set(idText(user.id), user)
    cursor = nextCursor(list.meta)
    const seen = list.comments.some((one) => idText(one.id) === input.after)
    if (cursor === null || (seen && newestFirst(list.comments))) break
  }
  return { comments, users } satisfies Collected
})

const compareIds = (a: string, b: string): number =>
  a.length === b.length ? (a < b ? -1 : a > b ? 1 : 0) : a.length - b.length

const oldestFirst = (a: CommentWire, b: CommentWire): number =>
  epochMillis(a.created_at) - epochMillis(b.created_at) || compareIds(idText(a.id), idText(b.id))

/** Everything newer than `after`. When that comment is gone, ids decide: Zendesk gives them out in growing order. */
const newerThan = (
  sorted: ReadonlyArray<CommentWire>,
  after: CommentId | null,
): ReadonlyArray<CommentWire> => {
  if (after === null) return sorted
  const at = sorted.findIndex((one) => idText(one.id) === after)
  return at >= 0 ? sorted.slice(at + 1) : sorted.filter((one) => compareIds(idText(one.id), after) > 0)
}

/** Null when the comment goes to the customer, else why not. */
const reasonToSkip = (
  one: CommentWire,
  us: OurUser,
  requesterId: DeskUserId | null,
  users: Collected["users"],
): string | null => {
  if (one.public !== true) return "not public"
  if (one.type !== undefined && one.type !== null && one.type !== "Comment") return `of type ${one.type}`
  const author = one.author_id === null || one.author_id === undefined ? "" : idText(one.author_id)
  if (!/^\d+$/.test(author)) return "without a person as its author"
  if (author === us.userId) return "our own"
  if (author === requesterId) return "by the requester"
  const role = users.get(author)?.role
  if (role === undefined || role === null) return requesterId === null ? "by someone unknown" : null
  return isAgentRole(role) ? null : `by a person with the role ${role}`
}

const toFile = (client: ZendeskClient, file: AttachmentWire): CommentFile | null => {
  const url = file.content_url
  if (
    url === null ||
    url === undefined ||
    file.deleted === true ||
    file.malware_scan_result === "malware_found"
  )
    return null
  return {
    fileName: safeFileName(file.file_name ?? ""),
    contentType: file.content_type ?? "application/octet-stream",
    size: Math.max(0, Math.trunc(file.size ?? 0)),
    fetch: (maxBytes) =>
      client
        .download(url, maxBytes)
        .pipe(Effect.mapError(toTicketingError("fetch", { what: "an attachment" }))),
  }
}

const textOf = (client: ZendeskClient, one: CommentWire): string =>
  typeof one.html_body === "string" && one.html_body !== ""
    ? htmlToMarkdown(one.html_body, { origin: client.origin, images: "alt" })
    : (one.body ?? "").trim()

const toHumanComment = (
  client: ZendeskClient,
  one: CommentWire,
  users: Collected["users"],
): HumanComment => ({
  commentId: CommentId.make(idText(one.id)),
  authorName: users.get(idText(one.author_id ?? ""))?.name ?? null,
  text: CustomerText.make(textOf(client, one)),
  files: (one.attachments ?? []).map((file) => toFile(client, file)).filter((file) => file !== null),
  createdAt: epochMillis(one.created_at),
})

/** Public comments by humans after `after`, oldest first; one call while fewer than 100 are new. */
export const humanComments = Effect.fnUntraced(function* (
  client: ZendeskClient,
  self: Effect.Effect<OurUser, TicketingError>,
  input: HumanCommentsInput,
) {
  yield* checkTicketId(operation, input.ticketId)
  const us = yield* self
  const { comments, users } = yield* collect(client, input)
  const sorted = [...comments].sort(oldestFirst)
  const delivered: Array<HumanComment> = []
  for (const one of newerThan(sorted, input.after)) {
    const skip = reasonToSkip(one, us, input.requesterId, users)
    if (skip === null) {
      delivered.push(toHumanComment(client, one, users))
    } else {
      yield* Effect.logDebug(`A comment is not sent to the customer: it is ${skip}`).pipe(
        Effect.annotateLogs({ ticket: input.ticketId, comment: idText(one.id) }),
      )
    }
  }
  const newest = sorted.at(-1)
  return {
    comments: delivered,
    cursor: newest === undefined ? input.after : CommentId.make(idText(newest.id)),
  } satisfies CommentPage
})
