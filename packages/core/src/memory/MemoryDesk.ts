/**
 * A help desk in memory: its tickets and users, what people do on it, and faults on demand. `ticketingMemory` is the
 * port over it. Nothing here waits, so that each act is a transaction by itself.
 */
import { Clock, Context, Effect, Layer } from "effect"
import { CommentId, type DeskUserId, TicketId } from "../domain/Ids.ts"
import type { TicketStatus } from "../domain/Session.ts"
import type { TicketingError } from "../errors/PortErrors.ts"
import type { Requester, Ticketing } from "../ports/Ticketing.ts"
import type { FieldAssignment, TicketField, TicketFieldValue } from "../ports/TicketFields.ts"
import { CallLine } from "./callFaults.ts"
import type { DeskFault } from "./deskFaults.ts"
import { DeskPeople, type DeskRole } from "./DeskPeople.ts"

/** A file as the desk keeps it. */
export interface DeskFile {
  readonly fileName: string
  readonly contentType: string
  readonly bytes: Uint8Array
}

/** A comment as the desk keeps it. */
export interface DeskComment {
  readonly id: CommentId
  readonly authorId: DeskUserId
  readonly by: DeskRole
  /** Null for what people wrote. */
  readonly marker: string | null
  /** Markdown. */
  readonly body: string
  readonly public: boolean
  readonly files: ReadonlyArray<DeskFile>
  /** Epoch milliseconds. */
  readonly createdAt: number
}

/** A ticket as the desk keeps it. Change it through the desk. */
export interface DeskTicket {
  readonly id: TicketId
  /** Null for a ticket that is none of ours. */
  readonly externalId: string | null
  readonly subject: string
  readonly requesterId: DeskUserId
  readonly followUpOf: TicketId | null
  status: TicketStatus
  readonly tags: Set<string>
  /** Field id → value. */
  readonly fields: ReadonlyMap<string, TicketFieldValue>
  readonly brandId: string | null
  readonly groupId: string | null
  /** Oldest first. */
  readonly comments: Array<DeskComment>
  /** Epoch milliseconds; grows with every change, also within one millisecond. */
  updatedAt: number
}

/** The calls of the port that are counted and can meet faults. */
export type DeskOperation = Exclude<keyof Ticketing["Service"], "commentLimit">

/** The ticket itself, or its id. */
export type DeskTicketRef = TicketId | { readonly id: TicketId }

const idOf = (ref: DeskTicketRef): TicketId => (typeof ref === "string" ? ref : ref.id)

/** The desk itself. The upper half is for tests, the lower half is what the port is made of. */
export class InMemoryDesk {
  readonly tickets: Array<DeskTicket> = []
  readonly people = new DeskPeople()
  /** The desk's own ticket fields; change them as an administrator would. */
  readonly fields: Array<TicketField> = []
  /** Idempotency key → the ticket that was made under it. */
  readonly ticketOfKey = new Map<string, DeskTicket>()
  readonly #clock: Clock.Clock
  readonly #uploads = new Map<string, DeskFile>()
  readonly #line = new CallLine<DeskOperation, TicketingError>("Ticketing")
  #nextTicket = 8
  // Comment ids grow by a digit early, so that comparing them as text shows.
  #nextComment = 97

  constructor(clock: Clock.Clock) {
    this.#clock = clock
  }

  /** Every call of the port so far, in order. */
  get calls(): ReadonlyArray<DeskOperation> {
    return this.#line.calls
  }

  /** The next calls of this operation meet these faults, one each. */
  next(operation: DeskOperation, ...faults: ReadonlyArray<DeskFault>): void {
    this.#line.next(operation, ...faults)
  }

  /** How often this operation was called. */
  count(operation: DeskOperation): number {
    return this.#line.count(operation)
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

  /** A customer opens a ticket by themselves, past us. */
  arrive(input: {
    readonly requester: Requester
    readonly subject: string
    readonly body: string
    readonly tags?: ReadonlyArray<string>
    readonly brandId?: string
    readonly groupId?: string
  }): DeskTicket {
    const { body, brandId = null, groupId = null, requester, subject, tags = [] } = input
    const requesterId = this.people.customer(requester)
    const ticket = this.#add({ externalId: null, subject, requesterId, tags, brandId, groupId })
    this.write(ticket, { author: requesterId, body, public: true })
    return ticket
  }

  /** An agent answers the customer: `new` becomes `open`. */
  reply(ref: DeskTicketRef, body: string, files: ReadonlyArray<DeskFile> = []): CommentId {
    const ticket = this.#changeable(ref)
    if (ticket.status === "new") ticket.status = "open"
    return this.write(ticket, { author: this.people.agent.id, body, public: true, files })
  }

  /** An agent writes something that customers must never see. */
  note(ref: DeskTicketRef, body: string): CommentId {
    return this.write(this.#changeable(ref), { author: this.people.agent.id, body, public: false })
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
    return this.#line.run(operation, run)
  }

  /** A new ticket with its first comment, which is ours and internal. */
  open(input: {
    readonly externalId: string
    readonly subject: string
    readonly requesterId: DeskUserId
    readonly followUpOf: TicketId | null
    readonly tags: ReadonlyArray<string>
    readonly fields?: ReadonlyArray<FieldAssignment>
    readonly body: string
    readonly files: ReadonlyArray<DeskFile>
  }): DeskTicket {
    const { body, files, ...rest } = input
    const ticket = this.#add({ brandId: null, groupId: null, ...rest })
    this.write(ticket, { author: this.people.us.id, body, public: false, files })
    return ticket
  }

  #add(input: {
    readonly externalId: string | null
    readonly subject: string
    readonly requesterId: DeskUserId
    readonly followUpOf?: TicketId | null
    readonly tags: ReadonlyArray<string>
    readonly fields?: ReadonlyArray<FieldAssignment>
    readonly brandId: string | null
    readonly groupId: string | null
  }): DeskTicket {
    const { fields = [], followUpOf = null, tags, ...rest } = input
    const ticket: DeskTicket = {
      ...rest,
      id: TicketId.make(String(this.#nextTicket++)),
      followUpOf,
      status: "new",
      tags: new Set(tags),
      fields: new Map(fields.map(({ id, value }) => [id, value])),
      comments: [],
      updatedAt: this.#clock.currentTimeMillisUnsafe(),
    }
    this.tickets.push(ticket)
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
      by: this.people.find(input.author)?.role ?? "customer",
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
