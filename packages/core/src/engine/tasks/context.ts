/** What every task needs to read before it acts. */
import { Effect } from "effect"
import type { Attachment } from "../../domain/Attachment.ts"
import type { Entry } from "../../domain/Entry.ts"
import type { OrgId } from "../../domain/Ids.ts"
import type { Session } from "../../domain/Session.ts"
import type { Work } from "../../domain/Work.ts"
import { StoreError } from "../../errors/PortErrors.ts"
import { Blobs } from "../../ports/Blobs.ts"
import { ConversationStore } from "../../ports/ConversationStore.ts"
import type { ConversationLine, TurnContext } from "../../ports/SupportAgent.ts"
import type { OutboundFile } from "../../ports/Ticketing.ts"
import { type Organization, Organizations } from "../Organizations.ts"
import { heardOf, saidText } from "../transcript.ts"
import { permanent, TaskFailure } from "./TaskFailure.ts"

/** The session of a piece of work, as it is now. */
export const sessionOf = Effect.fnUntraced(function* (work: Work) {
  const store = yield* ConversationStore
  const session = yield* store.session(work.lane.orgId, work.sessionId)
  return session ?? (yield* permanent("The session does not exist any more."))
})

export const organizationOf = Effect.fnUntraced(function* (orgId: OrgId) {
  const organizations = yield* Organizations
  // Its work waits (as long as for any outage) for settings that can be used again.
  return yield* organizations
    .get(orgId)
    .pipe(
      Effect.mapError(({ isDown, message }) =>
        isDown === true
          ? new TaskFailure({ explanation: message, retryable: true, afterMs: null })
          : permanent(message),
      ),
    )
})

export const ticketingOf = (organization: Organization) =>
  organization.ticketing === null
    ? Effect.fail(
        permanent("No help desk is connected: add a `zendesk` section to this organization's configuration."),
      )
    : Effect.succeed(organization.ticketing)

/** Where people read the whole story. */
export const sessionUrl = Effect.fnUntraced(function* (session: Session) {
  const { publicUrl } = yield* Organizations
  return `${publicUrl}/sessions/${session.orgId}/${session.id}`
})

/** The whole timeline. */
export const entriesOf = Effect.fnUntraced(function* (session: Session, after = 0) {
  const store = yield* ConversationStore
  return yield* store.timeline(session.orgId, session.id, { after })
})

/** Attachments as files whose bytes are read when they are sent. */
export const filesOf = Effect.fnUntraced(function* (orgId: OrgId, attachments: ReadonlyArray<Attachment>) {
  const blobs = yield* Blobs
  const { fileUrl } = yield* Organizations
  return attachments.map((attachment): OutboundFile => ({
    url: fileUrl(orgId, attachment),
    fileName: attachment.fileName,
    contentType: attachment.contentType,
    size: attachment.size,
    bytes: blobs
      .get(orgId, attachment.blobId)
      .pipe(
        Effect.flatMap((bytes) =>
          bytes === null
            ? Effect.fail(
                new StoreError({ operation: "Blobs.get", detail: `${attachment.blobId} is missing` }),
              )
            : Effect.succeed(bytes),
        ),
      ),
  }))
})

/** The live chats of an organization, or why there are none. */
export const messagingOf = (organization: Organization) =>
  organization.messaging === null
    ? Effect.fail(
        permanent(
          "Zendesk Messaging is not connected: add `messaging` to this organization's configuration.",
        ),
      )
    : Effect.succeed(organization.messaging)

const lineOf = (entry: Entry, heard: ReadonlyMap<string, string>): ConversationLine | null => {
  const { at, body } = entry
  switch (body._tag) {
    case "CustomerMessage":
      return body.automatic ? null : { role: "customer", text: body.text, at }
    case "AiAnswer":
      return body.withheld ? null : { role: "ai", text: saidText(body, heard), at }
    case "AssistantLine":
      return { role: "ai", text: body.text, at }
    case "HumanReply":
      return { role: "human", text: body.text, at }
    default:
      return null
  }
}

/** The conversation as the AI sees it, up to `upToSeq`. */
export const turnContext = (
  organization: Organization,
  session: Session,
  entries: ReadonlyArray<Entry>,
  upToSeq: number,
): TurnContext => {
  const visible = entries.filter((e) => e.seq <= upToSeq || e.body._tag !== "CustomerMessage")
  const { settings } = organization
  const heard = heardOf(visible)
  const isUnanswered = (e: Entry) =>
    e.body._tag === "CustomerMessage" && !e.body.automatic && e.seq > session.answeredSeq
  const unanswered = visible.filter(isUnanswered)
  // What was written while an answer was under way stands before that answer in the timeline, and is still to be answered.
  const inOrder = [...visible.filter((e) => !isUnanswered(e)), ...unanswered]
  return {
    orgId: session.orgId,
    sessionId: session.id,
    organizationName: settings.name,
    channel: session.channel,
    subject: session.subject,
    lines: inOrder.map((entry) => lineOf(entry, heard)).filter((l) => l !== null),
    unanswered: Math.max(1, unanswered.length),
    language: session.language,
    agentLanguage: settings.agentLanguage,
    escalateTopics: settings.handoff.escalateTopics,
  }
}
