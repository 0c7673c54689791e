/** Help for the agents: fields that are filled when a ticket comes, and drafts on tickets that they opened or got themselves. */
import { Effect, Schema } from "effect"
import { HttpClient, HttpClientRequest, HttpClientResponse } from "effect/http"
import { fieldIds } from "../demo/helping.ts"
import type { World } from "../demo/world.ts"
import { chatWith } from "./chats.ts"
import { askUntil, SessionJson } from "./fromRuntime.ts"
import { expect, NotSeen, type SeenTicket, tickets, until, users } from "./observe.ts"
import type { Step } from "./Story.ts"
import { writeMail } from "./writeMail.ts"

const Held = Schema.Struct({
  tickets: Schema.Array(
    Schema.Struct({
      id: Schema.Int,
      custom_fields: Schema.Array(Schema.Struct({ id: Schema.Int, value: Schema.Unknown })),
    }),
  ),
})
const decodeHeld = Schema.decodeUnknownSync(Held)

const fieldOf = ({ emulator }: World, ticketId: number, field: number): unknown =>
  decodeHeld(emulator.state(["tickets"]))
    .tickets.find(({ id }) => id === ticketId)
    ?.custom_fields.find(({ id }) => id === field)?.value

const holds = (world: World, ticketId: number, order: string): boolean =>
  fieldOf(world, ticketId, fieldIds.reason) === "refund_request" &&
  fieldOf(world, ticketId, fieldIds.orderNumber) === order

const ticketBy = (world: World, email: string): SeenTicket | undefined => {
  const person = users(world).find((one) => one.email === email)
  return tickets(world).find((ticket) => ticket.requester_id === person?.id)
}

const mailFields: Step = {
  name: "AI fields: the ticket of a mail has reason and order number filled in",
  run: Effect.fnUntraced(function* ({ world }) {
    yield* writeMail(world, {
      from: "eve@example.com",
      subject: "My money back",
      text: "I want to talk to a human. I want a refund for order number LK-20418, please.",
    })
    const ticket = yield* until("Eve's ticket", () => ticketBy(world, "eve@example.com"))
    yield* expect(holds(world, ticket.id, "LK-20418"), "a refund of order LK-20418 in the ticket's fields")
  }),
}

const chatFields: Step = {
  name: "AI fields: the ticket behind a live chat has them too",
  run: Effect.fnUntraced(function* ({ world }) {
    const words = "I want to talk to a human, please: a refund for order number LK-30555"
    yield* Effect.tryPromise({
      try: () => world.people.text("+14155550126", words),
      catch: (cause) => new NotSeen({ what: `a text message: ${String(cause)}` }),
    })
    yield* chatWith(world, "LK-30555")
    const isFilled = Effect.map(chatWith(world, "LK-30555"), ({ ticket }) =>
      ticket === null ? false : holds(world, ticket.id, "LK-30555"),
    )
    for (let tries = 0; tries < 200; tries += 1) {
      if (yield* isFilled) return
      yield* Effect.sleep("50 millis")
    }
    return yield* new NotSeen({ what: "a refund of order LK-30555 in the fields of the chat's ticket" })
  }),
}

const Opened = Schema.Struct({ ticket: Schema.Struct({ id: Schema.Int }) })

/** A customer writes to Zendesk itself, past OpenCX. */
const arrives = Effect.fnUntraced(function* ({ urls }: World, name: string, body: string) {
  const http = HttpClient.filterStatusOk(yield* HttpClient.HttpClient)
  const email = `${name.toLowerCase()}@customer.example`
  const request = HttpClientRequest.post(`${urls.emulatorControl}/tickets`).pipe(
    HttpClientRequest.bodyJsonUnsafe({ subject: `A question of ${name}`, body, requester: { name, email } }),
  )
  const { ticket } = yield* http.execute(request).pipe(
    Effect.flatMap(HttpClientResponse.schemaBodyJson(Opened)),
    Effect.mapError((error) => new NotSeen({ what: `a ticket of ${name}: ${error.message}` })),
  )
  return ticket.id
})

const ticketNow = (world: World, id: number) => tickets(world).find((ticket) => ticket.id === id)

const notesOn = (world: World, id: number) =>
  ticketNow(world, id)?.comments.filter((one) => one.author_id === world.emulator.integrationUserId) ?? []

const does = (world: World, id: number, action: Readonly<Record<string, unknown>>) =>
  Effect.try({
    try: () => world.emulator.agent(id, action),
    catch: (cause) => new NotSeen({ what: `the agent's ${String(action["action"])}: ${String(cause)}` }),
  })

const Looks = /\/sessions\/larkspoke\/([0-9a-f-]{36})/

/** The record of what was drafted; the note leads to it. */
const recordOf = (world: World, id: number): string =>
  `/api/organizations/larkspoke/sessions/${Looks.exec(notesOn(world, id)[0]?.html_body ?? "")?.[1] ?? ""}`

const drafted: Step = {
  name: "assist: a customer's comment on the agents' own ticket gets one note with a draft, and nothing public",
  run: Effect.fnUntraced(function* ({ world }) {
    const twice = world.emulator.addFault({ kind: "duplicateWebhook", times: 3 })
    const id = yield* arrives(world, "Ada", "How do I reset my password?")
    const note = yield* until("the draft", () => notesOn(world, id)[0])
    world.emulator.removeFault(twice)
    yield* expect(!note.public && note.html_body.includes("Suggested reply"), "an internal note with a draft")
    yield* expect(/\/hc\//.test(note.html_body), "with its source")
    yield* until("the tag", () => ticketNow(world, id)?.tags.includes("opencx_assist_mode"))
    world.emulator.requesterReply(id, { body: "And how long does standard shipping take?" })
    yield* until("a draft for the next comment", () => notesOn(world, id)[1])
    yield* expect(
      notesOn(world, id).length === 2,
      "one note for each comment, also when it is signalled twice",
    )
  }),
}

const hours = 3_600_000

const tooOld: Step = {
  name: "assist: a comment that nobody told us of for two days is not drafted for any more; the next one is",
  run: Effect.fnUntraced(function* ({ world }) {
    const lost = world.emulator.addFault({ kind: "dropWebhook", times: 20 })
    world.emulator.setClockSkew(-49 * hours)
    const id = yield* arrives(world, "Dea", "How do I reset my password?")
    world.emulator.setClockSkew(0)
    world.emulator.removeFault(lost)
    world.emulator.requesterReply(id, { body: "And how long does standard shipping take?" })
    yield* until("a draft for the newer comment", () => notesOn(world, id)[0])
    const at = { path: recordOf(world, id), schema: SessionJson, seconds: 10 }
    const about = yield* askUntil(
      world,
      { ...at, what: "the draft in the session" },
      ({ entries }) => entries.find(({ body }) => body._tag === "Assist")?.body.commentIds,
    )
    const [first] = ticketNow(world, id)?.comments ?? []
    yield* expect(about.length === 1 && about[0] !== String(first?.id), "a draft for the newer comment alone")
  }),
}

const quiet: Step = {
  name: "assist: no draft where the answer is not good enough; the ticket's tag says so",
  run: Effect.fnUntraced(function* ({ world }) {
    const id = yield* arrives(world, "Ben", "Which wine goes with grilled trout in Reykjavik?")
    yield* until("the tag of a draft that was not worth it", () =>
      ticketNow(world, id)?.tags.includes("opencx_skipped_not_helpful_answer"),
    )
    yield* expect(notesOn(world, id).length === 0, "no note")
  }),
}

const used: Step = {
  name: "assist: what the agent made of the draft is on record",
  run: Effect.fnUntraced(function* ({ world }) {
    const id = yield* arrives(world, "Cem", "How do I reset my password?")
    yield* until("the draft", () => notesOn(world, id)[0])
    const at = { path: recordOf(world, id), schema: SessionJson, seconds: 30 }
    const draft = yield* askUntil(
      world,
      { ...at, what: "the draft in the session" },
      ({ entries }) => entries.find(({ body }) => body._tag === "Assist")?.body.draft,
    )
    yield* does(world, id, { action: "reply", body: `Hello Cem,\n\n${draft}\n\nRobin` })
    const use = yield* askUntil(
      world,
      { ...at, what: "what became of the draft" },
      ({ entries }) => entries.find(({ body }) => body._tag === "DraftUse")?.body.use,
    )
    yield* expect(use === "kept", `the draft is "kept", it is "${use}"`)
  }),
}

/** Fields first, then drafts. */
export const helpSteps: ReadonlyArray<Step> = [mailFields, chatFields, drafted, tooOld, quiet, used]
