/** A help desk that the engine can work with: tickets and comments in memory, each call counted, faults on demand. */
import { Effect } from "effect"
import {
  Ambiguous,
  Closed,
  CommentId,
  type CommentDraft,
  CustomerText,
  DeskUserId,
  NotFound,
  type PreparedTicket,
  type Reason,
  TicketId,
  type Ticketing,
  TicketingError,
  type TicketSnapshot,
  type TicketStatus,
} from "../../src/index.ts"

export interface FakeComment {
  readonly id: CommentId
  readonly by: "us" | "human"
  readonly marker: string | null
  readonly body: string
  readonly public: boolean
}

export interface FakeTicket {
  readonly id: TicketId
  readonly externalId: string
  readonly idempotencyKey: string
  status: TicketStatus
  readonly tags: Set<string>
  readonly comments: Array<FakeComment>
}

/** What happens to one call: it may be held up, fail before or after the desk has done it. */
export type Fault = <A>(call: Effect.Effect<A, TicketingError>) => Effect.Effect<A, TicketingError>

const error = (reason: Reason) => new TicketingError({ operation: "FakeDesk", reason })

export const refuse =
  (reason: Reason): Fault =>
  () =>
    Effect.fail(error(reason))

/** The desk does it, the answer gets lost. */
export const loseAnswer: Fault = (call) =>
  Effect.andThen(
    call,
    Effect.fail(error(new Ambiguous({ detail: "the connection broke after the request" }))),
  )

export const hold =
  (until: Effect.Effect<unknown>): Fault =>
  (call) =>
    Effect.andThen(until, call)

type Operation =
  | "create"
  | "prepare"
  | "findByExternalId"
  | "get"
  | "comment"
  | "addTags"
  | "humanComments"
  | "getMany"

export class FakeDesk {
  readonly tickets: Array<FakeTicket> = []
  readonly calls: Array<Operation> = []
  readonly #faults = new Map<Operation, Array<Fault>>()
  #next = 100

  /** The next calls of this operation meet these faults, one each. */
  next(operation: Operation, ...faults: ReadonlyArray<Fault>): void {
    this.#faults.set(operation, [...(this.#faults.get(operation) ?? []), ...faults])
  }

  count(operation: Operation): number {
    return this.calls.filter((c) => c === operation).length
  }

  only(): FakeTicket {
    const [ticket] = this.tickets
    if (ticket === undefined || this.tickets.length > 1)
      throw new Error(`${this.tickets.length} tickets, not one`)
    return ticket
  }

  reply(ticket: FakeTicket, body: string): CommentId {
    const id = CommentId.make(String(this.#next++))
    ticket.comments.push({ id, by: "human", marker: null, body, public: true })
    return id
  }

  #call<A>(
    operation: Operation,
    run: () => Effect.Effect<A, TicketingError>,
  ): Effect.Effect<A, TicketingError> {
    return Effect.suspend(() => {
      this.calls.push(operation)
      const fault = this.#faults.get(operation)?.shift()
      const call = Effect.suspend(run)
      return fault === undefined ? call : fault(call)
    })
  }

  #ticket(id: TicketId): Effect.Effect<FakeTicket, TicketingError> {
    const found = this.tickets.find((t) => t.id === id)
    return found === undefined
      ? Effect.fail(error(new NotFound({ what: `ticket ${id}` })))
      : Effect.succeed(found)
  }

  #snapshot(ticket: FakeTicket): TicketSnapshot {
    const { externalId, id, status, tags } = ticket
    return {
      ticketId: id,
      status,
      externalId,
      requesterId: DeskUserId.make("9"),
      tags: [...tags],
      updatedAt: ticket.comments.length,
    }
  }

  #create({
    body,
    idempotencyKey,
    sessionId,
  }: PreparedTicket): Effect.Effect<TicketSnapshot, TicketingError> {
    const same = this.tickets.find((t) => t.idempotencyKey === idempotencyKey)
    if (same !== undefined) return Effect.succeed(this.#snapshot(same))
    const ticket: FakeTicket = {
      id: TicketId.make(String(this.#next++)),
      externalId: sessionId,
      idempotencyKey,
      status: "new",
      tags: new Set(),
      comments: [{ id: CommentId.make(String(this.#next++)), by: "us", marker: null, body, public: true }],
    }
    this.tickets.push(ticket)
    return Effect.succeed(this.#snapshot(ticket))
  }

  #comment(draft: CommentDraft): Effect.Effect<CommentId, TicketingError> {
    return Effect.flatMap(this.#ticket(draft.ticketId), (ticket) => {
      if (ticket.status === "closed") return Effect.fail(error(new Closed({ what: `ticket ${ticket.id}` })))
      const same = draft.checkFirst ? ticket.comments.find((c) => c.marker === draft.marker) : undefined
      if (same !== undefined) return Effect.succeed(same.id)
      const id = CommentId.make(String(this.#next++))
      ticket.comments.push({ id, by: "us", marker: draft.marker, body: draft.body, public: draft.public })
      if (draft.status !== null) ticket.status = draft.status
      return Effect.succeed(id)
    })
  }

  readonly service: Ticketing["Service"] = {
    commentLimit: 60_000,
    verify: Effect.succeed({ userId: DeskUserId.make("1"), name: "OpenCX" }),
    prepare: (draft) =>
      this.#call("prepare", () =>
        Effect.succeed({
          sessionId: draft.sessionId,
          idempotencyKey: draft.idempotencyKey,
          requesterId: DeskUserId.make("9"),
          body: [draft.subject, draft.summary, draft.transcript, draft.tags.join(" ")].join("\n\n"),
          preparedAt: Date.now(),
        }),
      ),
    create: (prepared) => this.#call("create", () => this.#create(prepared)),
    findByExternalId: (externalId) =>
      this.#call("findByExternalId", () =>
        Effect.succeed(
          this.tickets
            .filter((t) => t.externalId === externalId)
            .map((t) => this.#snapshot(t))
            .toReversed(),
        ),
      ),
    get: (id) => this.#call("get", () => Effect.map(this.#ticket(id), (t) => this.#snapshot(t))),
    getMany: (ids) =>
      this.#call("getMany", () =>
        Effect.succeed(this.tickets.filter((t) => ids.includes(t.id)).map((t) => this.#snapshot(t))),
      ),
    comment: (draft) => this.#call("comment", () => this.#comment(draft)),
    addTags: (id, tags) =>
      this.#call("addTags", () =>
        Effect.map(this.#ticket(id), (t) => void tags.forEach((tag) => t.tags.add(tag))),
      ),
    humanComments: ({ after, ticketId }) =>
      this.#call("humanComments", () =>
        Effect.map(this.#ticket(ticketId), ({ comments }) => ({
          comments: comments
            .filter((c) => c.by === "human" && (after === null || Number(c.id) > Number(after)))
            .map((c) => ({
              commentId: c.id,
              authorName: "Ada",
              text: CustomerText.make(c.body),
              files: [],
              createdAt: Date.now(),
            })),
          cursor: comments.at(-1)?.id ?? null,
        })),
      ),
  }
}
