/** The adapter keeps the contract of `Ticketing`, on an emulated account over real sockets. */
import { CommentId, TicketId } from "@opencx/core"
import { contractFields, type HelpDesk, ticketingContract } from "@opencx/testing"
import { Effect } from "effect"
import { noLag, open, ticketsOf } from "./fake/emulator.ts"
import { overHttp } from "./fake/http.ts"
import { madeTicket } from "./fake/json.ts"

/** The requests whose answers can be lost. */
const writes = {
  create: { method: "POST", path: "/tickets" },
  comment: { method: "PUT", path: "/tickets/\\d+" },
} as const

/** The contract's fields are there from the start, because Zendesk gives out ids by itself; what they hold comes later. */
const seeded = contractFields.flatMap(({ id, kind, title }) => {
  const type = kind === "dropdown" ? "tagger" : kind
  return type === "other" ? [] : [{ id: Number(id), type, title } as const]
})

const emulatedDesk = Effect.gen(function* () {
  const { client, emulator, ticketing } = yield* open({
    ...noLag,
    invalidOption: "reject",
    seed: { ticketFields: seeded },
  })
  const act = (ticketId: TicketId, action: object) =>
    Effect.sync(() => void emulator.agent(Number(ticketId), action))
  const desk: HelpDesk = {
    ticketing,
    reply: (id, body) => act(id, { action: "reply", body }),
    note: (id, body) => act(id, { action: "note", body }),
    solve: (id) => act(id, { action: "solve" }),
    close: (id) => act(id, { action: "close" }),
    customerReply: (id, body) => Effect.sync(() => void emulator.requesterReply(Number(id), { body })),
    arrive: (ticket) =>
      Effect.promise(async () => {
        const answer = await fetch(`${emulator.url}/__emulator/tickets`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ ...ticket, requester: { name: "Ada Lee", email: "ada@customer.example" } }),
        })
        return TicketId.make(String(madeTicket(await answer.text()).id))
      }),
    setFields: (fields) =>
      Effect.forEach(
        fields,
        (field) =>
          client.request({
            method: "PUT",
            path: `/api/v2/ticket_fields/${field.id}`,
            json: JSON.stringify({
              ticket_field: {
                title: field.title,
                description: field.description,
                active: field.active,
                required: field.required,
                regexp_for_validation: field.pattern,
                custom_field_options: field.options.map(({ label, value }) => ({ name: label, value })),
              },
            }),
          }),
        { discard: true },
      ).pipe(Effect.orDie),
    fieldsOf: (id) =>
      Effect.sync(() =>
        ticketsOf(emulator)
          .filter((ticket) => String(ticket.id) === id)
          .flatMap((ticket) => ticket.custom_fields.map((one) => [String(one.id), one.value] as const)),
      ),
    loseAnswer: (operation) =>
      Effect.sync(() => {
        emulator.addFault({ kind: "resetAfterCommit", match: writes[operation], times: 1 })
      }),
    tickets: Effect.sync(() => ticketsOf(emulator).map((ticket) => TicketId.make(String(ticket.id)))),
    comments: (id) =>
      Effect.sync(() =>
        ticketsOf(emulator)
          .filter((ticket) => String(ticket.id) === id)
          .flatMap((ticket) => ticket.comments)
          .map((one) => ({
            id: CommentId.make(String(one.id)),
            public: one.public,
            text: one.html_body,
          })),
      ),
  }
  return desk
}).pipe(overHttp)

ticketingContract("Zendesk", emulatedDesk)
