/** What the tour and the end-to-end tests look at: the mailbox, and Zendesk as a person would see it. */
import { Effect, Option, Schedule, Schema } from "effect"
import type { SinkMail } from "../demo/MailSink.ts"
import type { World } from "../demo/world.ts"

/** Something that should have happened did not. */
export class NotSeen extends Schema.TaggedError<NotSeen>("@opencx/runtime/NotSeen")("NotSeen", {
  what: Schema.String,
}) {
  override get message(): string {
    return this.what
  }
}

const TicketComment = Schema.Struct({
  id: Schema.Int,
  public: Schema.Boolean,
  author_id: Schema.Int,
  body: Schema.String,
  html_body: Schema.String,
  attachments: Schema.Array(Schema.Struct({ file_name: Schema.String })),
})

const Ticket = Schema.Struct({
  id: Schema.Int,
  status: Schema.String,
  subject: Schema.NullOr(Schema.String),
  external_id: Schema.NullOr(Schema.String),
  requester_id: Schema.Int,
  assignee_id: Schema.NullOr(Schema.Int),
  tags: Schema.Array(Schema.String),
  comments: Schema.Array(TicketComment),
  followup_source_id: Schema.NullOr(Schema.Int),
})
export type SeenTicket = typeof Ticket.Type

const User = Schema.Struct({
  id: Schema.Int,
  name: Schema.String,
  email: Schema.NullOr(Schema.String),
  role: Schema.String,
})
export type SeenUser = typeof User.Type

const decodeTickets = Schema.decodeUnknownSync(Schema.Struct({ tickets: Schema.Array(Ticket) }))
const decodeUsers = Schema.decodeUnknownSync(Schema.Struct({ users: Schema.Array(User) }))

export const tickets = (world: Pick<World, "emulator">): ReadonlyArray<SeenTicket> =>
  decodeTickets(world.emulator.state(["tickets"])).tickets

export const users = (world: Pick<World, "emulator">): ReadonlyArray<SeenUser> =>
  decodeUsers(world.emulator.state(["users"])).users

/** Mails to one customer, oldest first. */
export const mailsTo = (world: Pick<World, "sink">, address: string): ReadonlyArray<SinkMail> =>
  world.sink.mails().filter((mail) => mail.envelopeTo.includes(address))

/** Looks until there is something to see, for at most `seconds`. */
export const until = <A>(what: string, look: () => A | undefined | null | false, seconds = 20) =>
  Effect.suspend(() => {
    const seen = look()
    return seen === undefined || seen === null || seen === false
      ? Effect.fail(new NotSeen({ what: `not seen within ${seconds} s: ${what}` }))
      : Effect.succeed(seen)
  }).pipe(
    Effect.retry(Schedule.spaced("50 millis")),
    Effect.timeoutOption(`${seconds} seconds`),
    Effect.flatMap(
      Option.match({
        onNone: () => Effect.fail(new NotSeen({ what: `not seen within ${seconds} s: ${what}` })),
        onSome: Effect.succeed,
      }),
    ),
  )

/** Fails with `what` unless it holds. */
export const expect = (holds: boolean, what: string) =>
  holds ? Effect.void : Effect.fail(new NotSeen({ what: `expected: ${what}` }))

/** What an earlier step has left; fails when that step did not come so far. */
export const known = <A>(value: A | null | undefined, what: string) =>
  value === null || value === undefined
    ? Effect.fail(new NotSeen({ what: `${what}: an earlier step failed` }))
    : Effect.succeed(value)
