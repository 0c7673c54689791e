import type { JsonObject } from "./json.ts"

/** Rows of the account. Times are milliseconds of the emulator's clock. */

export type Role = "end-user" | "agent" | "admin"
export type TicketStatus = "new" | "open" | "pending" | "hold" | "solved" | "closed"
export const ticketStatuses: ReadonlyArray<TicketStatus> = [
  "new",
  "open",
  "pending",
  "hold",
  "solved",
  "closed",
]

export interface Identity {
  readonly id: number
  readonly userId: number
  readonly type: string
  value: string
  verified: boolean
  primary: boolean
  readonly createdAt: number
  updatedAt: number
}

/** What a custom role can take away from an agent. */
export type Ability = "create_tickets" | "create_users"

export interface User {
  readonly id: number
  name: string
  email: string | null
  phone: string | null
  sharedPhone: boolean
  externalId: string | null
  role: Role
  suspended: boolean
  verified: boolean
  active: boolean
  locale: string
  timeZone: string
  tags: ReadonlyArray<string>
  notes: string
  details: string
  userFields: JsonObject
  defaultGroupId: number | null
  requestedTickets: Set<number>
  /** What an agent's role leaves out. */
  readonly cannot: ReadonlySet<Ability>
  readonly createdAt: number
  updatedAt: number
}

export interface Via {
  readonly channel: string
  readonly id: number
  readonly source: {
    readonly from: JsonObject
    readonly to: JsonObject
    readonly rel: string | null
  }
}

export interface Attachment {
  readonly id: number
  readonly fileName: string
  readonly contentType: string
  readonly token: string
  readonly bytes: Uint8Array
  readonly createdAt: number
}

export interface Comment {
  readonly id: number
  readonly auditId: number
  readonly authorId: number
  readonly body: string
  readonly htmlBody: string
  readonly plainBody: string
  readonly public: boolean
  readonly attachments: ReadonlyArray<Attachment>
  readonly via: Via
  readonly createdAt: number
  readonly metadata: JsonObject
}

export interface AuditEvent {
  readonly id: number
  readonly type: string
  readonly [key: string]: unknown
}

export interface Audit {
  readonly id: number
  readonly ticketId: number
  readonly authorId: number
  readonly createdAt: number
  readonly events: Array<AuditEvent>
  readonly metadata: JsonObject
  readonly via: Via
}

export interface Ticket {
  readonly id: number
  externalId: string | null
  subject: string
  description: string
  status: TicketStatus
  priority: string | null
  type: string | null
  requesterId: number
  submitterId: number
  assigneeId: number | null
  groupId: number | null
  brandId: number
  tags: ReadonlyArray<string>
  readonly customFields: Map<number, unknown>
  readonly via: Via
  isPublic: boolean
  readonly comments: Array<Comment>
  readonly audits: Array<Audit>
  readonly followupIds: Array<number>
  readonly followupSourceId: number | null
  fromMessagingChannel: boolean
  deleted: boolean
  readonly createdAt: number
  updatedAt: number
  /** Update times by user id: the 30 updates / 10 min / user / ticket rule. */
  readonly updatesBy: Map<number, Array<number>>
}

/** One committed update, as triggers see it. */
export interface TicketEvent {
  readonly kind: "Create" | "Change"
  readonly ticket: Ticket
  readonly comment: Comment | null
  /** Field name → value before. */
  readonly before: ReadonlyMap<string, unknown>
  /** null = the system (`current_user.id` renders -1). */
  readonly actor: User | null
  readonly via: Via
}

export interface TicketFieldOption {
  readonly id: number
  readonly name: string
  readonly value: string
  readonly default: boolean
}

export interface TicketField {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly description: string
  readonly required: boolean
  readonly active: boolean
  readonly removable: boolean
  readonly position: number
  readonly tag: string | null
  readonly regexp: string | null
  readonly options: ReadonlyArray<TicketFieldOption>
  readonly createdAt: number
}

export interface Group {
  readonly id: number
  readonly name: string
  readonly createdAt: number
}

export interface Brand {
  readonly id: number
  readonly name: string
  readonly subdomain: string
  readonly default: boolean
  readonly createdAt: number
}

export interface GroupMembership {
  readonly id: number
  readonly userId: number
  readonly groupId: number
  readonly default: boolean
  readonly createdAt: number
}

export interface Condition {
  readonly field: string
  readonly operator: string
  readonly value: unknown
}

export interface TriggerAction {
  readonly field: string
  readonly value: unknown
}

export interface Trigger {
  readonly id: number
  title: string
  description: string | null
  active: boolean
  position: number
  categoryId: string | null
  readonly default: boolean
  all: ReadonlyArray<Condition>
  any: ReadonlyArray<Condition>
  actions: ReadonlyArray<TriggerAction>
  readonly createdAt: number
  updatedAt: number
}

export interface TriggerCategory {
  readonly id: string
  name: string
  position: number
  readonly createdAt: number
  updatedAt: number
}

export interface WebhookAuthentication {
  readonly type: string
  readonly addPosition: string
  readonly data: JsonObject
}

export interface Webhook {
  readonly id: string
  name: string
  description: string | null
  status: string
  endpoint: string
  httpMethod: string
  requestFormat: string
  readonly subscriptions: ReadonlyArray<string>
  authentication: WebhookAuthentication | null
  customHeaders: Readonly<Record<string, string>>
  secret: string
  readonly createdBy: number
  readonly createdAt: number
  updatedAt: number
  /** Recent outcomes for the circuit breaker, oldest first. */
  readonly outcomes: Array<{ readonly at: number; readonly ok: boolean }>
  pausedUntil: number
}

/** A mail Zendesk would have sent to a person. */
export interface NotificationMail {
  readonly at: number
  readonly triggerId: number
  readonly trigger: string
  readonly ticketId: number
  readonly to: string
  readonly subject: string
  readonly body: string
}

export interface JobStatus {
  readonly id: string
  readonly type: string
  status: "queued" | "working" | "completed" | "failed"
  readonly total: number
  progress: number
  message: string | null
  results: ReadonlyArray<unknown>
}

export interface Upload {
  readonly token: string
  readonly attachments: Array<Attachment>
  readonly createdAt: number
  consumed: boolean
}

export interface Translation {
  readonly id: number
  readonly locale: string
  title: string
  body: string
  draft: boolean
  outdated: boolean
  readonly createdAt: number
  updatedAt: number
}

export interface Article {
  readonly id: number
  sectionId: number
  readonly authorId: number
  readonly sourceLocale: string
  readonly translations: Map<string, Translation>
  userSegmentIds: ReadonlyArray<number>
  permissionGroupId: number
  contentTagIds: ReadonlyArray<string>
  labelNames: ReadonlyArray<string>
  promoted: boolean
  position: number
  readonly attachments: Array<ArticleAttachment>
  archived: boolean
  readonly createdAt: number
  updatedAt: number
  editedAt: number
}

export interface ArticleAttachment extends Attachment {
  readonly inline: boolean
  readonly locale: string | null
}

export interface Section {
  readonly id: number
  readonly categoryId: number
  readonly parentSectionId: number | null
  readonly name: string
  readonly description: string
  readonly locale: string
  readonly position: number
  readonly createdAt: number
}

export interface Category {
  readonly id: number
  readonly name: string
  readonly description: string
  readonly locale: string
  readonly position: number
  readonly createdAt: number
}

export interface UserSegment {
  readonly id: number
  readonly name: string
  readonly userType: "signed_in_users" | "staff"
  readonly builtIn: boolean
  readonly tags: ReadonlyArray<string>
  readonly createdAt: number
}

export const isAgent = (user: User): boolean => user.role === "agent" || user.role === "admin"

/** Via types as Zendesk numbers them; 5 is "Web service (API)". */
export const via = {
  web: (): Via => make("web", 0),
  email: (address: string, name: string): Via => ({
    channel: "email",
    id: 4,
    source: { from: { address, name }, to: {}, rel: null },
  }),
  api: (): Via => make("api", 5),
  rule: (id: number, title: string): Via => ({
    channel: "rule",
    id: 8,
    source: { from: { id, title, deleted: false }, to: {}, rel: "trigger" },
  }),
  followUp: (ticketId: number, subject: string): Via => ({
    channel: "api",
    id: 5,
    source: { from: { ticket_id: ticketId, subject, channel: "web" }, to: {}, rel: "follow_up" },
  }),
  merge: (): Via => ({ channel: "web", id: 0, source: { from: {}, to: {}, rel: "merge" } }),
}

const make = (channel: string, id: number): Via => ({
  channel,
  id,
  source: { from: {}, to: {}, rel: null },
})
