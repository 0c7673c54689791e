/** Domain values for the store suites. */
import {
  AccountId,
  type Article,
  ChannelId,
  ContactId,
  type Decision,
  emptySession,
  type Entry,
  type EntryBody,
  type Identity,
  type Lane,
  OrgId,
  type Session,
  SessionId,
  ThreadKey,
  WorkId,
  type WorkOrder,
} from "@opencx/core"
import { randomUUID } from "node:crypto"

export const orgA = OrgId.make("acme")
export const orgB = OrgId.make("globex")

/** An address that the channel has proved. */
export const proven = (kind: Identity["kind"], value: string): Identity => ({ kind, value, verified: true })

/** An address that somebody merely says is theirs. */
export const claimed = (kind: Identity["kind"], value: string): Identity => ({ kind, value, verified: false })

/** An organization that nobody else has used. */
export const newOrg = (): OrgId => OrgId.make(`o${randomUUID()}`)

export const newSessionId = (): SessionId => SessionId.make(randomUUID())
export const newWorkId = (): WorkId => WorkId.make(randomUUID())

/** A lane of its own for each call, so that suites can share one database. */
export const newLane = (orgId: OrgId = orgA): Lane => ({
  orgId,
  channel: ChannelId.make("email"),
  accountId: AccountId.make("support"),
  threadKey: ThreadKey.make(`thread-${randomUUID()}`),
})

export const newSession = (lane: Lane, changes: Partial<Session> = {}): Session => ({
  ...emptySession(lane, {
    id: newSessionId(),
    contactId: ContactId.make(randomUUID()),
    state: "ai",
    subject: "Wo ist mein Paket? 📦",
    language: "de",
    at: 1_000,
  }),
  ...changes,
})

export const message = (text: string): EntryBody => ({
  _tag: "CustomerMessage",
  text,
  fullText: null,
  attachments: [],
  messageId: null,
  rawBlobId: null,
  automatic: false,
  identified: true,
})

/** The decision that appends these bodies and orders this work. */
export const appending = (
  session: Session,
  bodies: ReadonlyArray<EntryBody>,
  work: ReadonlyArray<WorkOrder> = [],
): Decision => {
  const entries = bodies.map((body, i): Entry => ({
    sessionId: session.id,
    seq: session.lastSeq + 1 + i,
    at: 1_000 + i,
    body,
  }))
  return { session: { ...session, lastSeq: session.lastSeq + bodies.length }, entries, work, address: null }
}

/** The decision that changes nothing. */
export const nothing: Decision = { session: null, entries: [], work: [], address: null }

export const deliver = (seq: number, changes: Partial<WorkOrder> = {}): WorkOrder => ({
  id: newWorkId(),
  queue: "out",
  task: { _tag: "Deliver", seq },
  notBefore: null,
  ...changes,
})

export const article = (key: string, changes: Partial<Article> = {}): Article => ({
  sourceId: "help-center",
  key,
  articleId: key.split(":")[0] ?? key,
  locale: "en",
  title: `Article ${key}`,
  path: ["Orders", "Shipping"],
  body: "# Shipping\n\nIt takes two days.",
  url: null,
  visibility: "public",
  labels: [],
  updatedAt: 1,
  hash: `hash-${key}`,
  ...changes,
})
