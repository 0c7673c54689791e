/** A decision in the making: the session as it changes, the entries and the work that follow. Local to one call. */
import type { EntryBody, Entry } from "../../domain/Entry.ts"
import { DeliveryId } from "../../domain/Ids.ts"
import type { Lane } from "../../domain/Lane.ts"
import type { Session } from "../../domain/Session.ts"
import { CustomerText } from "../../domain/Surface.ts"
import { type Task, WorkId, type WorkQueue } from "../../domain/Work.ts"
import type { Decision, WorkOrder } from "../../ports/ConversationStore.ts"
import type { OrganizationSettings, Texts } from "../../settings/OrganizationSettings.ts"
import { textFor } from "../../settings/texts.ts"

/**
 * Where a human takes over a conversation of this lane: a live chat, or a ticket. `remark` says why it is not the live chat
 * that the channel would have.
 */
export interface HandoffPath {
  readonly path: "chat" | "ticket"
  readonly remark: string | null
  /** A ticket by choice: a conversation that is in a live chat already stays there. */
  readonly unlessChat?: boolean
}

/** What a decision may depend on besides session and event. `newId` yields UUIDs. */
export interface Env {
  readonly now: number
  readonly newId: () => string
  readonly settings: OrganizationSettings
  readonly lane: Lane
  readonly handoff: HandoffPath
}

const queueOf = (task: Task): WorkQueue => {
  switch (task._tag) {
    case "Think":
      return "ai"
    case "Deliver":
      return "out"
    case "Wait":
    case "ReviewDraft":
      return "timer"
    case "SyncTicket":
    case "MergeIdentity":
      return "sync"
    default:
      return "desk"
  }
}

export class Draft {
  readonly env: Env
  session: Session
  private readonly entries: Array<Entry> = []
  private readonly orders: Array<WorkOrder> = []
  address: string | null = null

  constructor(env: Env, session: Session) {
    this.env = env
    this.session = session
  }

  /** Changes fields of the session. */
  set(change: Partial<Session>): void {
    this.session = { ...this.session, ...change }
  }

  /** Appends an entry and answers with its `seq`. */
  add(body: EntryBody, at: number = this.env.now): number {
    const seq = this.session.lastSeq + 1
    this.set({ lastSeq: seq })
    this.entries.push({ sessionId: this.session.id, seq, at, body })
    return seq
  }

  order(task: Task, notBefore: number | null = null): void {
    this.orders.push({ id: WorkId.make(this.env.newId()), queue: queueOf(task), task, notBefore })
  }

  deliveryId(): DeliveryId {
    return DeliveryId.make(this.env.newId())
  }

  /** A configured sentence to the customer, in the customer's language, with `{name}` replaced by what stands for it. */
  say(purpose: keyof Texts, values: Readonly<Record<string, string>> = {}): void {
    const text = textFor(this.env.settings, this.session.language, purpose)
    const filled = text.replace(/\{(\w+)\}/g, (whole, name: string) =>
      Object.hasOwn(values, name) ? (values[name] ?? whole) : whole,
    )
    this.sayText(CustomerText.make(filled), purpose)
  }

  private sayText(text: CustomerText, purpose: string): void {
    const seq = this.add({ _tag: "SystemMessage", text, purpose, deliveryId: this.deliveryId() })
    this.order({ _tag: "Deliver", seq })
  }

  done(): Decision {
    return {
      session: { ...this.session, updatedAt: this.env.now },
      entries: this.entries,
      work: this.orders,
      address: this.address,
    }
  }
}
