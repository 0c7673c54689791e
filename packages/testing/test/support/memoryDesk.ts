/** The help desk in memory, as the ticketing suite wants it. */
import { deskFaults, type InMemoryDesk, MemoryDesk, memoryTicketing, type Ticketing } from "@opencx/core"
import { Effect } from "effect"
import type { HelpDesk } from "../../src/index.ts"

const ada = {
  externalId: "ada",
  knownId: null,
  name: "Ada Lee",
  email: "ada@customer.example",
  phone: null,
  locale: null,
}

export const helpDeskOn = (desk: InMemoryDesk, ticketing: Ticketing["Service"]): HelpDesk => ({
  ticketing,
  reply: (id, text) => Effect.sync(() => void desk.reply(id, text)),
  note: (id, text) => Effect.sync(() => void desk.note(id, text)),
  solve: (id) => Effect.sync(() => desk.solve(id)),
  close: (id) => Effect.sync(() => desk.close(id)),
  customerReply: (id, text) => Effect.sync(() => void desk.customerReply(id, text)),
  arrive: ({ body, subject }) => Effect.sync(() => desk.arrive({ requester: ada, subject, body }).id),
  setFields: (fields) => Effect.sync(() => void desk.fields.splice(0, desk.fields.length, ...fields)),
  fieldsOf: (id) => Effect.sync(() => [...(desk.find(id)?.fields ?? [])]),
  loseAnswer: (operation) => Effect.sync(() => desk.next(operation, deskFaults.loseAnswer)),
  tickets: Effect.sync(() => desk.tickets.map((ticket) => ticket.id)),
  comments: (id) =>
    Effect.sync(() =>
      (desk.find(id)?.comments ?? []).map((one) => ({ id: one.id, public: one.public, text: one.body })),
    ),
})

/** An empty desk, its port changed by `change`. */
export const memoryDesk = (
  change: (ticketing: Ticketing["Service"], desk: InMemoryDesk) => Partial<Ticketing["Service"]> = () => ({}),
) =>
  Effect.map(MemoryDesk.make, (desk) => {
    const ticketing = memoryTicketing(desk)
    return helpDeskOn(desk, { ...ticketing, ...change(ticketing, desk) })
  })
