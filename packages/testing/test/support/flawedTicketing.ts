/** `Ticketing` with one flaw each: every suite here must fail. */
import {
  Closed,
  CustomerText,
  type DeskComment,
  type InMemoryDesk,
  NotFound,
  type Ticketing,
  TicketingError,
} from "@opencx/core"
import { Effect } from "effect"
import { describe } from "vitest"
import { ticketingContract } from "../../src/index.ts"
import { memoryDesk } from "./memoryDesk.ts"

let next = 0

type Desk = Ticketing["Service"]

const ticketing = (flaw: string, change: (sound: Desk, desk: InMemoryDesk) => Partial<Desk>) =>
  describe(flaw, () => ticketingContract("flawed", memoryDesk(change)))

ticketing("key-ignored", (sound) => ({
  create: (prepared) => sound.create({ ...prepared, idempotencyKey: `${prepared.idempotencyKey}${next++}` }),
}))
ticketing("marker-ignored", (sound) => ({
  comment: (draft) => sound.comment({ ...draft, checkFirst: false }),
}))
/** Reads what the desk holds with a filter of its own. */
const reading =
  (keep: (one: DeskComment) => boolean) =>
  (sound: Desk, desk: InMemoryDesk): Partial<Desk> => ({
    humanComments: (input) =>
      Effect.map(sound.humanComments(input), (page) => ({
        ...page,
        comments: (desk.find(input.ticketId)?.comments ?? [])
          .filter((one) => Number(one.id) > Number(input.after ?? 0) && keep(one))
          .map((one) => ({
            commentId: one.id,
            authorName: null,
            text: CustomerText.make(one.body),
            files: [],
            createdAt: one.createdAt,
          })),
      })),
  })

ticketing(
  "note-leaks",
  reading((one) => one.by === "agent"),
)
ticketing(
  "echo",
  reading((one) => one.public && one.by !== "us"),
)
ticketing("cursor-ignored", (sound) => ({
  humanComments: (input) => sound.humanComments({ ...input, after: null }),
}))
ticketing("tags-replaced", (sound, desk) => ({
  addTags: (id, tags) => Effect.suspend(() => (desk.find(id)?.tags.clear(), sound.addTags(id, tags))),
}))
ticketing("oldest-first", (sound) => ({
  findByExternalId: (id) => Effect.map(sound.findByExternalId(id), (found) => found.toReversed()),
}))
ticketing("closed-unnoticed", (sound) => ({
  comment: (draft) =>
    sound
      .comment(draft)
      .pipe(
        Effect.mapError((error) =>
          error.reason instanceof Closed
            ? new TicketingError({ operation: "comment", reason: new NotFound({ what: "the ticket" }) })
            : error,
        ),
      ),
}))
ticketing("all-or-nothing", (sound) => ({
  getMany: (ids) => Effect.all(ids.map((id) => sound.get(id))),
}))
ticketing("remembers-fields", (sound) => {
  let known: ReturnType<Desk["fields"]> | null = null
  return {
    fields: () => (known ??= Effect.runSync(Effect.cached(sound.fields()))),
  }
})
ticketing("fields-lost", (sound) => ({
  prepare: (draft) => sound.prepare({ ...draft, fields: draft.fields.slice(0, 1) }),
}))
ticketing("labels-as-values", (sound) => ({
  fields: (options) =>
    Effect.map(sound.fields(options), (fields) =>
      fields.map((field) => ({
        ...field,
        options: field.options.map(({ label }) => ({ label, value: label })),
      })),
    ),
}))
ticketing("all-customers", (sound) => ({
  thread: (id) =>
    Effect.map(sound.thread(id), (thread) => ({
      ...thread,
      comments: thread.comments.map((one) => ({ ...one, by: "customer" as const })),
    })),
}))
ticketing("changes-lost", (sound) => ({
  changed: (input) =>
    Effect.map(sound.changed(input), (page) => ({ ...page, tickets: page.tickets.slice(0, 1) })),
}))
ticketing("place-believed", (sound) => ({
  changed: (input) =>
    sound.changed(
      input.after === null
        ? input
        : {
            ...input,
            after: input.after.includes(":") && /^\d/.test(input.after) ? input.after : "9999999999999:1",
          },
    ),
}))
