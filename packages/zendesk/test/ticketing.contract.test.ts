/** The adapter keeps the contract of `Ticketing`, on an emulated account over real sockets. */
import { CommentId, TicketId } from "@opencx/core"
import { type HelpDesk, ticketingContract } from "@opencx/testing"
import { Effect } from "effect"
import { noLag, open, ticketsOf } from "./fake/emulator.ts"
import { overHttp } from "./fake/http.ts"

/** The requests whose answers can be lost. */
const writes = {
  create: { method: "POST", path: "/tickets" },
  comment: { method: "PUT", path: "/tickets/\\d+" },
} as const

const emulatedDesk = Effect.gen(function* () {
  const { emulator, ticketing } = yield* open(noLag)
  const act = (ticketId: TicketId, action: object) =>
    Effect.sync(() => void emulator.agent(Number(ticketId), action))
  const desk: HelpDesk = {
    ticketing,
    reply: (id, body) => act(id, { action: "reply", body }),
    note: (id, body) => act(id, { action: "note", body }),
    solve: (id) => act(id, { action: "solve" }),
    close: (id) => act(id, { action: "close" }),
    customerReply: (id, body) => Effect.sync(() => void emulator.requesterReply(Number(id), { body })),
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
