/** Everything that the checks look at, read once from both sides. Plain data: a check reads nothing by itself. */
import type {
  ChatControl,
  Contact,
  Entry,
  Session,
  ShelfCount,
  SourceRunStatus,
  TicketField,
  TicketSnapshot,
  TicketThread,
  Work,
} from "@opencx/core"
import type { AccountFindings, SupportFacts, ZendeskSchedule } from "@opencx/zendesk"
import type { OrganizationConfig } from "../config/RuntimeConfig.ts"
import type { SourceConfig } from "../config/SourceConfig.ts"
import type { KnownSchedule } from "../schedules/KnownSchedule.ts"
import type { Reading } from "./Reading.ts"

/** A source of articles, as our store knows it. */
export interface SourceChart {
  readonly source: SourceConfig
  readonly run: SourceRunStatus
  /** Whether somebody syncs it now. */
  readonly isRunning: boolean
  /** What the source lists, drafts included, and how many of them are public. */
  readonly counts: ShelfCount
  /** Articles that are kept: all that are no drafts. */
  readonly kept: number
}

/** A live chat as Zendesk has it now. */
export interface ChatChart {
  readonly control: ChatControl
  /** Status of the ticket that the humans work on; null where there is none, or Zendesk does not tell. */
  readonly ticketStatus: string | null
}

/** The schedule that office hours come from: as Zendesk has it now, and as the runtime knows it. */
export interface ScheduleChart {
  readonly wanted: string | number
  readonly everyMs: number
  readonly now: Reading<ZendeskSchedule>
  readonly known: KnownSchedule
}

export interface SessionChart {
  readonly session: Session
  /** Null when the contact was erased. */
  readonly contact: Contact | null
  /** The newest entries, oldest first. */
  readonly timeline: ReadonlyArray<Entry>
  /** Work that was given up. */
  readonly dead: ReadonlyArray<Work>
  /** The linked ticket as it is in Zendesk; null when it is gone there. Absent without a link. */
  readonly ticket: Reading<TicketSnapshot | null>
  /** Every ticket with the session's external id. Absent where nobody looked. */
  readonly tickets: Reading<ReadonlyArray<TicketSnapshot>>
  /** Absent without a chat, or where nobody looked. */
  readonly chat: Reading<ChatChart>
}

/** The one conversation that was asked about. `session` is null for a ticket that is none of ours. */
export interface Focus {
  readonly session: SessionChart | null
  readonly ticketId: string | null
  readonly thread: Reading<TicketThread>
}

export interface Chart {
  /** Epoch milliseconds. */
  readonly now: number
  readonly organization: OrganizationConfig
  readonly findings: AccountFindings
  readonly support: Reading<SupportFacts>
  readonly fields: Reading<ReadonlyArray<TicketField>>
  /** Milliseconds by which our clock is ahead of Zendesk's; null where Zendesk tells no time. */
  readonly clockAhead: Reading<number | null>
  readonly sources: ReadonlyArray<SourceChart>
  /** Null where office hours come from no schedule. */
  readonly schedule: ScheduleChart | null
  /** When each webhook was last heard of (epoch milliseconds, by its name in the figures), as far back as we know. */
  readonly heard: { readonly since: number; readonly hooks: ReadonlyMap<string, number> }
  /** Ids of channel accounts on which nobody has ever written, as far as conversations are kept. */
  readonly silentAccounts: ReadonlyArray<string>
  /** Those of the last days, newest first; with a focus, only that one. */
  readonly sessions: ReadonlyArray<SessionChart>
  readonly focus: Focus | null
}
