/**
 * A help desk in memory: its tickets and users, what people do on it, and faults on demand. `ticketingMemory` is the
 * port over it. Nothing here waits, so that each act is a transaction by itself.
 */
import { Clock, Context, Effect, Layer } from "effect"
import { CommentId, DeskUserId, TicketId } from "../domain/Ids.ts"
import type { TicketStatus } from "../domain/Session.ts"
import type { TicketingError } from "../errors/PortErrors.ts"
import type { Requester, Ticketing } from "../ports/Ticketing.ts"
import type { DeskFault } from "./deskFaults.ts"

/** A file as the desk keeps it. */
export interface DeskFile {
  readonly fileName: string
  readonly contentType: string
  readonly bytes: Uint8Array
}

/** `by`: `us` is the integration, `customer` a requester, `agent` a human of the desk. */
export interface DeskComment {
  readonly id: CommentId
  readonly authorId: DeskUserId
  readonly by: "us" | "customer" | "agent"
  /** Null for what people wrote. */
  readonly marker: string | null
  /** Markdown. */
  readonly body: string
  readonly public: boolean
  readonly files: ReadonlyArray<DeskFile>
  /** Epoch milliseconds. */
  readonly createdAt: number
}

export interface DeskTicket {
  readonly id: TicketId
  readonly externalId: string
  readonly subject: string
  readonly requesterId: DeskUserId
  readonly followUpOf: TicketId | null
  status: TicketStatus
  readonly tags: Set<string>
  /** Oldest first. */
  readonly comments: Array<DeskComment>
  /** Epoch milliseconds; grows with every change, also within one millisecond. */
  updatedAt: number
}

export type DeskOperation = Exclude<keyof Ticketing["Service"], "commentLimit">

interface DeskUser {
  readonly id: DeskUserId
  readonly by: DeskComment["by"]
  readonly name: string
}

const us: DeskUser = { id: DeskUserId.make("1"), by: "us", name: "OpenCX" }
const ada: DeskUser = { id: DeskUserId.make("2"), by: "agent", name: "Ada" }

/** The ticket itself, or its id. */
export type DeskTicketRef = TicketId | { readonly id: TicketId }

const idOf = (ref: DeskTicketRef): TicketId => (typeof ref === "string" ? ref : ref.id)

export class InMemoryDesk {
  readonly tickets: Array<DeskTicket> = []
  /** Every call of the port so far, in order. */
  readonly calls: Array<DeskOperation> = []
  readonly us = us
  /** Idempotency key → the ticket that was made under it. */
  readonly ticketOfKey = new Map<string, DeskTicket>()
  readonly #clock: Clock.Clock
  readonly #users = new Map([us, ada].map((user) => [user.id, user]))
  readonly #customers = new Map<string, DeskUserId>()
  readonly #uploads = new Map<string, DeskFile>()
  readonly #faults = new Map<DeskOperation, Array<DeskFault>>()
  #nextTicket = 8
  // Comment ids grow by a digit early, so that comparing them as text shows.
  #nextComment = 97
  #nextUser = 3

  constructor(clock: Clock.Clock) {
    this.#clock = clock
  }

  /** The next calls of this operation meet these faults, one each. */
  next(operation: DeskOperation, ...faults: ReadonlyArray<DeskFault>): void {
    this.#faults.set(operation, [...(this.#faults.get(operation) ?? []), ...faults])
  }

  /** How often this operation was called. */
  count(operation: DeskOperation): number {
    return this.calls.filter((call) => call === operation).length
  }

  /** The one ticket that there is; throws when there are none or several. */
  only(): DeskTicket {
    const [ticket] = this.tickets
    if (ticket === undefined || this.tickets.length > 1)
      throw new Error(`${this.tickets.length} tickets, not one`)
    return ticket
  }

  find(id: TicketId): DeskTicket | undefined {
    return this.tickets.find((ticket) => ticket.id === id)
  }

  /** An agent answers the customer: `new` becomes `open`. */
  reply(ref: DeskTicketRef, body: string, files: ReadonlyArray<DeskFile> = []): CommentId {
    const ticket = this.#changeable(ref)
    if (ticket.status === "new") ticket.status = "open"
    return this.write(ticket, { author: ada.id, body, public: true, files })
  }

  /** An agent writes something that customers must never see. */
  note(ref: DeskTicketRef, body: string): CommentId {
    return this.write(this.#changeable(ref), { author: ada.id, body, public: false })
  }

  /** The requester answers by themselves, past us: whatever waited or was solved is open again. */
  customerReply(ref: DeskTicketRef, body: string): CommentId {
    const ticket = this.#changeable(ref)
    if (ticket.status !== "new") ticket.status = "open"
    return this.write(ticket, { author: ticket.requesterId, body, public: true })
  }

  solve(ref: DeskTicketRef): void {
    this.setStatus(ref, "solved")
  }

  /** For good: a closed ticket takes no change. */
  close(ref: DeskTicketRef): void {
    this.setStatus(ref, "closed")
  }

  setStatus(ref: DeskTicketRef, status: TicketStatus): void {
    const ticket = this.#changeable(ref)
    ticket.status = status
    this.#touch(ticket)
  }

  /** Runs one call of the port: counted, and through its fault if one waits. */
  call<A>(
    operation: DeskOperation,
    run: () => Effect.Effect<A, TicketingError>,
  ): Effect.Effect<A, TicketingError> {
    return Effect.suspend(() => {
      this.calls.push(operation)
      const fault = this.#faults.get(operation)?.shift()
      const call = Effect.suspend(run)
      return fault === undefined ? call : fault(call)
    }).pipe(Effect.withSpan(`Ticketing.${operation}`))
  }

  /** A new ticket with its first comment, which is ours and internal. */
  open(input: {
    readonly externalId: string
    readonly subject: string
    readonly requesterId: DeskUserId
    readonly followUpOf: TicketId | null
    readonly tags: ReadonlyArray<string>
    readonly body: string
    readonly files: ReadonlyArray<DeskFile>
  }): DeskTicket {
    const ticket: DeskTicket = {
      id: TicketId.make(String(this.#nextTicket++)),
      externalId: input.externalId,
      subject: input.subject,
      requesterId: input.requesterId,
      followUpOf: input.followUpOf,
      status: "new",
      tags: new Set(input.tags),
      comments: [],
      updatedAt: this.#clock.currentTimeMillisUnsafe(),
    }
    this.tickets.push(ticket)
    this.write(ticket, { author: us.id, body: input.body, public: false, files: input.files })
    return ticket
  }

  write(
    ticket: DeskTicket,
    input: {
      readonly author: DeskUserId
      readonly body: string
      readonly public: boolean
      readonly marker?: string
      readonly files?: ReadonlyArray<DeskFile>
    },
  ): CommentId {
    const id = CommentId.make(String(this.#nextComment++))
    ticket.comments.push({
      id,
      authorId: input.author,
      by: this.#users.get(input.author)?.by ?? "customer",
      marker: input.marker ?? null,
      body: input.body,
      public: input.public,
      files: input.files ?? [],
      createdAt: this.#clock.currentTimeMillisUnsafe(),
    })
    this.#touch(ticket)
    return id
  }

  addTags(ticket: DeskTicket, tags: ReadonlyArray<string>): void {
    for (const tag of tags) ticket.tags.add(tag)
    this.#touch(ticket)
  }

  nameOf(user: DeskUserId): string | null {
    return this.#users.get(user)?.name ?? null
  }

  /** The user with this id, e-mail address or phone number; made if there is none. */
  customer({ email, knownId, name, phone }: Requester): DeskUserId {
    const keys = [email?.trim().toLowerCase(), phone].filter((key) => key !== null && key !== undefined)
    const found = knownId ?? keys.flatMap((key) => this.#customers.get(key) ?? [])[0]
    const id = found ?? DeskUserId.make(String(this.#nextUser++))
    for (const key of keys) this.#customers.set(key, id)
    if (!this.#users.has(id)) this.#users.set(id, { id, by: "customer", name: name ?? email ?? "Customer" })
    return id
  }

  /** Keeps a file for a ticket that is still to be made; answers with the token that names it. */
  upload(file: DeskFile): string {
    const token = `upload-${this.#uploads.size + 1}`
    this.#uploads.set(token, file)
    return token
  }

  uploaded(tokens: ReadonlyArray<string>): ReadonlyArray<DeskFile> {
    return tokens.flatMap((token) => this.#uploads.get(token) ?? [])
  }

  #changeable(ref: DeskTicketRef): DeskTicket {
    const ticket = this.find(idOf(ref))
    if (ticket === undefined) throw new Error(`there is no ticket ${idOf(ref)}`)
    if (ticket.status === "closed") throw new Error(`ticket ${ticket.id} is closed`)
    return ticket
  }

  #touch(ticket: DeskTicket): void {
    ticket.updatedAt = Math.max(this.#clock.currentTimeMillisUnsafe(), ticket.updatedAt + 1)
  }
}

/** The desk behind `ticketingMemory`: with it a test acts as the human, looks at tickets and arms faults. */
export class MemoryDesk extends Context.Service<MemoryDesk, InMemoryDesk>()(
  "@opencx/core/memory/MemoryDesk",
) {
  /** An empty desk. Its times are those of the clock of whoever makes it. */
  static readonly make: Effect.Effect<InMemoryDesk> = Effect.map(
    Clock.Clock,
    (clock) => new InMemoryDesk(clock),
  )
  static readonly layer: Layer.Layer<MemoryDesk> = Layer.effect(MemoryDesk, MemoryDesk.make)
}
