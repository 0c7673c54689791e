import type { Ticket } from "./model.ts"

/** Tickets number from 1 without holes, so the list is its own index. */
export class TicketStore {
  private readonly list: Array<Ticket> = []
  private readonly byExternalId = new Map<string, Set<number>>()
  /** Re-inserted on every change: iterates from the longest unchanged to the newest change. */
  private readonly changed = new Map<number, Ticket>()
  private live = 0

  get nextId(): number {
    return this.list.length + 1
  }

  get count(): number {
    return this.live
  }

  add(ticket: Ticket): void {
    this.list.push(ticket)
    this.live += 1
    this.indexExternalId(ticket, ticket.externalId)
    this.changed.set(ticket.id, ticket)
  }

  /** Also finds deleted tickets. */
  row(id: number): Ticket | undefined {
    return this.list[id - 1]
  }

  find(id: number): Ticket | undefined {
    const ticket = this.list[id - 1]
    return ticket === undefined || ticket.deleted ? undefined : ticket
  }

  all(): ReadonlyArray<Ticket> {
    return this.live === this.list.length ? this.list : this.list.filter((ticket) => !ticket.deleted)
  }

  newest(count: number, before = this.nextId): ReadonlyArray<Ticket> {
    const out: Array<Ticket> = []
    for (let id = before - 1; id >= 1 && out.length < count; id--) {
      const ticket = this.find(id)
      if (ticket !== undefined) out.push(ticket)
    }
    return out
  }

  withExternalId(externalId: string): ReadonlyArray<Ticket> {
    return [...(this.byExternalId.get(externalId) ?? [])]
      .sort((a, b) => a - b)
      .flatMap((id) => {
        const ticket = this.find(id)
        return ticket === undefined ? [] : [ticket]
      })
  }

  setExternalId(ticket: Ticket, externalId: string | null): void {
    if (ticket.externalId !== null) this.byExternalId.get(ticket.externalId)?.delete(ticket.id)
    ticket.externalId = externalId
    this.indexExternalId(ticket, externalId)
  }

  touch(ticket: Ticket, now: number): void {
    ticket.updatedAt = now
    this.changed.delete(ticket.id)
    this.changed.set(ticket.id, ticket)
  }

  delete(ticket: Ticket, now: number): void {
    if (ticket.deleted) return
    ticket.deleted = true
    this.live -= 1
    this.touch(ticket, now)
  }

  inOrderOfChange(): Iterable<Ticket> {
    return this.changed.values()
  }

  private indexExternalId(ticket: Ticket, externalId: string | null): void {
    if (externalId === null) return
    const ids = this.byExternalId.get(externalId) ?? new Set<number>()
    ids.add(ticket.id)
    this.byExternalId.set(externalId, ids)
  }
}
