/** A timeline as the messages of a live chat: who said what, each in its own name, nothing twice. Pure. */
import type { Attachment } from "../../domain/Attachment.ts"
import type { Brief } from "../../domain/Brief.ts"
import type { Entry } from "../../domain/Entry.ts"
import type { SessionId } from "../../domain/Ids.ts"
import type { Session } from "../../domain/Session.ts"
import type { ChatPost } from "../../ports/Messaging.ts"
import { heardOf, renderSummary, saidText, windowLine, wordsOf } from "../transcript.ts"

export interface ChatLine extends Pick<ChatPost, "author" | "authorName" | "text" | "marker"> {
  readonly files: ReadonlyArray<Attachment>
}

/** The marker of an entry in its chat: the same over retries, replays and later handoffs. */
export const entryMarker = (sessionId: SessionId, seq: number): string => `e:${sessionId}:${seq}`

const lineOf = (entry: Entry, heard: ReadonlyMap<string, string>): ChatLine | null => {
  const { body, seq, sessionId } = entry
  const marker = entryMarker(sessionId, seq)
  switch (body._tag) {
    case "CustomerMessage":
      return body.automatic
        ? {
            marker,
            author: "system",
            authorName: null,
            text: `Customer (automatic): ${body.text}`,
            files: [],
          }
        : { marker, author: "customer", authorName: null, text: wordsOf(body), files: body.attachments }
    case "AiAnswer":
      return body.withheld
        ? null
        : { marker, author: "ai", authorName: null, text: saidText(body, heard), files: [] }
    case "AssistantLine":
      return { marker, author: "ai", authorName: body.by, text: body.text, files: [] }
    case "HumanReply":
      return {
        marker,
        author: "human",
        authorName: body.authorName,
        text: body.text,
        files: body.attachments,
      }
    case "SystemMessage":
      return { marker, author: "system", authorName: null, text: saidText(body, heard), files: [] }
    case "CallEnded":
      return {
        marker,
        author: "system",
        authorName: null,
        text: [`The call ended: ${body.reason}`, body.summary, body.recordingUrl]
          .filter((part) => part !== null)
          .join("\n\n"),
        files: [],
      }
    default:
      return null
  }
}

/** The customer's messages of these entries, for a chat that the humans have. */
export const customerLines = (entries: ReadonlyArray<Entry>): ReadonlyArray<ChatLine> =>
  entries
    .filter(({ body }) => body._tag === "CustomerMessage" && !body.automatic)
    .flatMap((entry) => lineOf(entry, new Map()) ?? [])

interface Telling {
  readonly session: Session
  readonly brief: Brief
  readonly handoff: number
  readonly windowMinutes: number | null
  readonly sessionUrl: string
  readonly entries: ReadonlyArray<Entry>
}

/** The brief first, then what the humans have not seen; on a channel of the help desk's the brief alone. */
export const chatLines = (telling: Telling): ReadonlyArray<ChatLine> => {
  const { brief, entries, handoff, session, sessionUrl, windowMinutes } = telling
  const summary = [
    renderSummary(brief),
    windowLine(session.lastInboundAt, windowMinutes),
    `[View session in OpenCX](${sessionUrl})`,
  ]
  const first: ChatLine = {
    marker: `b:${session.id}:${handoff}`,
    author: "system",
    authorName: null,
    text: summary.filter((part) => part !== null).join("\n\n"),
    files: [],
  }
  if (session.chat?.native === true) return [first]
  // A chat that was handed over before has everything up to there, and the humans' own words.
  const seen = session.chat === null ? 0 : session.forwardedSeq
  const heard = heardOf(entries)
  const rest = entries
    .filter(({ body, seq }) => seq > seen && !(body._tag === "HumanReply" && body.chatMessageId !== null))
    .flatMap((entry) => lineOf(entry, heard) ?? [])
  return [first, ...rest]
}
