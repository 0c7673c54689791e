/** `ConversationView` over the store: what customers may see of their threads. */
import { Context, Effect, Layer } from "effect"
import type { Attachment } from "../domain/Attachment.ts"
import type { DeliveryStatus, Entry } from "../domain/Entry.ts"
import type { OrgId } from "../domain/Ids.ts"
import type { Lane } from "../domain/Lane.ts"
import type { Session } from "../domain/Session.ts"
import type { ConversationView, ThreadRef, VisibleLine } from "../plugin/ConversationView.ts"
import { ConversationStore } from "../ports/ConversationStore.ts"
import { Live } from "./Live.ts"
import { Organizations } from "./Organizations.ts"

/** Sessions of a thread that a history goes back. */
const lastSessions = 50
const perRead = 200

interface Place {
  readonly sessionId: string
  readonly seq: number
}

const cursorOf = ({ seq, sessionId }: Entry): string => `${sessionId}.${seq}`

/** Null for a cursor that is none of ours: then the reader gets everything. */
const placeOf = (cursor: string | null): Place | null => {
  const [, sessionId, seq] = /^([0-9a-f-]{36})\.(\d{1,9})$/.exec(cursor ?? "") ?? []
  return sessionId === undefined || seq === undefined ? null : { sessionId, seq: Number(seq) }
}

type FileUrl = (orgId: OrgId, attachment: Attachment) => string

/** The entry as a customer sees it; null for everything that is not said to or by the customer. */
const visible = (session: Session, entry: Entry, fileUrl: FileUrl): VisibleLine | null => {
  const { at, body } = entry
  const files = (attachments: ReadonlyArray<Attachment>) =>
    attachments.map(({ contentType, fileName, ...rest }) => ({
      fileName,
      contentType,
      size: rest.size,
      url: fileUrl(session.orgId, { contentType, fileName, ...rest }),
    }))
  const line = { cursor: cursorOf(entry), at, authorName: null, sources: [], files: [] }
  switch (body._tag) {
    case "CustomerMessage": {
      const { attachments, messageId, text } = body
      return { ...line, id: messageId ?? line.cursor, author: "customer", text, files: files(attachments) }
    }
    case "AiAnswer": {
      const { deliveryId, sources, text, withheld } = body
      return withheld ? null : { ...line, id: deliveryId, author: "ai", text, sources }
    }
    case "HumanReply": {
      const { attachments, authorName, deliveryId, text } = body
      return { ...line, id: deliveryId, author: "human", authorName, text, files: files(attachments) }
    }
    case "SystemMessage":
      return { ...line, id: body.deliveryId, author: "system", text: body.text }
    case "AssistantLine":
      return { ...line, id: line.cursor, author: "ai", authorName: body.by, text: body.text }
    default:
      return null
  }
}

/** Receipts come in any order: a later stage is never undone by an earlier one. */
const rank: Record<DeliveryStatus, number> = {
  pending: 0,
  held: 1,
  sent: 2,
  failed: 3,
  delivered: 4,
  read: 5,
}

const statusesOf = (entries: ReadonlyArray<Entry>): ReadonlyMap<string, DeliveryStatus> => {
  const statuses = new Map<string, DeliveryStatus>()
  for (const { body } of entries) {
    if (body._tag !== "DeliveryUpdate") continue
    const known = statuses.get(body.deliveryId)
    if (known === undefined || rank[body.status] > rank[known]) statuses.set(body.deliveryId, body.status)
  }
  return statuses
}

export class Conversations extends Context.Service<
  Conversations,
  {
    /** The view of one organization's channel accounts; `channel` is the plugin's id. */
    view(channel: Lane["channel"]): ConversationView
  }
>()("@opencx/core/engine/Conversations") {
  static readonly layer = Layer.effect(
    Conversations,
    Effect.gen(function* () {
      const store = yield* ConversationStore
      const live = yield* Live
      const { fileUrl } = yield* Organizations

      const sessionsOf = (lane: Lane) => store.sessionsOfLane(lane, lastSessions)

      const linesOf = Effect.fnUntraced(function* (session: Session, after: number, limit: number) {
        const lines: Array<VisibleLine> = []
        for (let from = after; lines.length < limit;) {
          const entries = yield* store.timeline(session.orgId, session.id, { after: from, limit: perRead })
          lines.push(...entries.flatMap((entry) => visible(session, entry, fileUrl) ?? []))
          const last = entries.at(-1)
          if (last === undefined || entries.length < perRead) break
          from = last.seq
        }
        return lines.slice(0, limit)
      })

      const lines = Effect.fnUntraced(function* (lane: Lane, after: string | null, limit: number) {
        const place = placeOf(after)
        const sessions = yield* sessionsOf(lane)
        const start = sessions.findIndex(({ id }) => id === place?.sessionId)
        const found: Array<VisibleLine> = []
        for (const [index, session] of sessions.slice(Math.max(0, start)).entries()) {
          const from = place !== null && start >= 0 && index === 0 ? place.seq : 0
          found.push(...(yield* linesOf(session, from, limit - found.length)))
          if (found.length >= limit) break
        }
        return found
      })

      const view = (channel: Lane["channel"]): ConversationView => {
        const laneOf = ({ accountId, orgId, threadKey }: ThreadRef): Lane => ({
          orgId,
          channel,
          accountId,
          threadKey,
        })
        return {
          lines: (thread, after, limit) => lines(laneOf(thread), after, limit),
          state: (thread) =>
            Effect.map(sessionsOf(laneOf(thread)), (sessions) => {
              const newest = sessions.at(-1)
              const humanName = newest?.state === "human" ? newest.humanName : null
              return { state: newest?.state ?? "none", humanName }
            }),
          deliveries: Effect.fnUntraced(function* (thread) {
            const newest = (yield* sessionsOf(laneOf(thread))).slice(-2)
            const entries = yield* Effect.forEach(newest, ({ id, orgId }) => store.timeline(orgId, id))
            return statusesOf(entries.flat())
          }),
          changes: (thread) => live.changes(laneOf(thread)),
        }
      }
      return { view }
    }),
  ).pipe(Layer.provide(Live.layer))
}
