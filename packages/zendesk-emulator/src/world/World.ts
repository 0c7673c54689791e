import { ScheduleStore } from "../schedules/ScheduleStore.ts"
import { RateLimits } from "../auth/RateLimits.ts"
import { BoundedLog } from "./BoundedLog.ts"
import { HelpCenterStore } from "./HelpCenterStore.ts"
import { UserStore } from "./UserStore.ts"
import { TicketStore } from "./TicketStore.ts"
import { Timers } from "./Timers.ts"
import type { Settings } from "./options.ts"
import type {
  Attachment,
  Brand,
  Group,
  GroupMembership,
  JobStatus,
  NotificationMail,
  Ticket,
  TicketEvent,
  TicketField,
  Trigger,
  TriggerCategory,
  Upload,
  User,
  Webhook,
} from "./model.ts"

export interface OAuthClient {
  readonly id: string
  readonly secret: string
  readonly userId: number
}

export interface AccessToken {
  readonly userId: number
  readonly clientId: string
  readonly scopes: ReadonlySet<string>
  readonly expiresAt: number
}

export interface RefreshToken extends AccessToken {
  used: boolean
}

export interface AuthorizationCode {
  readonly userId: number
  readonly clientId: string
  readonly scope: unknown
  readonly redirectUri: string | undefined
  readonly challenge: string | undefined
  readonly expiresAt: number
}

export interface IdempotentReply {
  readonly bodyHash: string
  readonly at: number
  reply: {
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
  } | null
}

export interface CdnRequest {
  readonly at: number
  readonly path: string
  readonly status: number
  /** A client that forwards its Zendesk credentials to the CDN leaks them. */
  readonly leakedAuthorization: boolean
}

const firstId = 21_345_678_000_000

/** Everything one account knows. One emulator has one world; a reset makes a new one. */
export class World {
  readonly settings: Settings
  readonly timers: Timers
  readonly users: UserStore
  readonly tickets: TicketStore
  readonly helpCenter = new HelpCenterStore()
  readonly schedules = new ScheduleStore()
  readonly rates = new RateLimits()
  readonly groups = new Map<number, Group>()
  readonly memberships: Array<GroupMembership> = []
  readonly brands = new Map<number, Brand>()
  readonly ticketFields = new Map<number, TicketField>()
  readonly triggers = new Map<number, Trigger>()
  readonly triggerCategories = new Map<string, TriggerCategory>()
  readonly webhooks = new Map<string, Webhook>()
  readonly jobs = new Map<string, JobStatus>()
  readonly uploads = new Map<string, Upload>()
  readonly attachments = new Map<string, Attachment>()
  readonly attachmentsById = new Map<number, Attachment>()
  readonly oauthClients = new Map<string, OAuthClient>()
  readonly accessTokens = new Map<string, AccessToken>()
  readonly refreshTokens = new Map<string, RefreshToken>()
  readonly authorizationCodes = new Map<string, AuthorizationCode>()
  readonly legacyTokens = new Set<string>()
  readonly idempotency = new Map<string, IdempotentReply>()
  readonly notifications = new BoundedLog<NotificationMail>(50_000)
  readonly cdnRequests = new BoundedLog<CdnRequest>(10_000)
  readonly accountId = 21_345_678
  /** What wants to know of committed ticket changes: triggers and event webhooks. */
  readonly ticketListeners: Array<(event: TicketEvent) => void> = []
  /** Says an agent's reply in the ticket's live chat; false when there is none. Set by the messaging side. */
  chatReply: ((ticket: Ticket, reply: unknown) => boolean) | undefined
  baseUrl = ""
  cdnUrl = ""
  private clockOffset = 0
  private clockSkew = 0
  private lastId = firstId

  constructor(settings: Settings) {
    this.settings = settings
    this.timers = new Timers(settings.timeScale)
    this.users = new UserStore(() => this.nextId())
    this.tickets = new TicketStore()
  }

  /** Milliseconds of the emulator's clock. */
  now(): number {
    return this.settings.clock() + this.clockOffset + this.clockSkew
  }

  advance(ms: number): void {
    this.clockOffset += ms
  }

  skew(ms: number): void {
    this.clockSkew = ms
  }

  clockState(): { readonly offsetMs: number; readonly skewMs: number } {
    return { offsetMs: this.clockOffset, skewMs: this.clockSkew }
  }

  /** Every resource but tickets shares one rising sequence, beyond 32 bits as in a real account. */
  nextId(): number {
    this.lastId += 1
    return this.lastId
  }

  addAttachment(attachment: Attachment): Attachment {
    this.attachments.set(attachment.token, attachment)
    this.attachmentsById.set(attachment.id, attachment)
    return attachment
  }

  /** The user behind the first OAuth client: who "the integration" is when nothing else says so. */
  integrationUser(): User | undefined {
    const client = this.oauthClients.values().next().value
    return client === undefined ? undefined : this.users.byId.get(client.userId)
  }

  defaultBrandId(): number {
    for (const brand of this.brands.values()) if (brand.default) return brand.id
    return 0
  }

  close(): void {
    this.timers.clear()
  }
}
