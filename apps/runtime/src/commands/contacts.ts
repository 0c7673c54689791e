/** `opencx contacts`: everything that is kept of one customer, handed out or erased. */
import { type ContactRecord, ContactRecords, OrgId } from "@opencx/core"
import { Console, Effect } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { connectMessaging, MessagingAccounts } from "../layers/MessagingAccounts.ts"
import { connectZendesk, ZendeskAccounts } from "../layers/ZendeskAccounts.ts"
import { ConfigurationError } from "../config/ConfigError.ts"
import { configuredOrganizations } from "../organizations/configured.ts"
import {
  type ErasedContact,
  eraseEverywhere,
  eraseHere,
  exportRecord,
  recordOf,
} from "../operate/contacts.ts"
import { printable } from "../logging/printable.ts"
import { lookInZendesk } from "../operate/zendeskErasure.ts"
import { withData } from "./data.ts"
import { configFlag, jsonFlag } from "./flags.ts"
import { printJson } from "./output.ts"

const flags = {
  config: configFlag,
  json: jsonFlag,
  org: Flag.String("org").pipe(Flag.withSchema(OrgId), Flag.withDescription("The contact's organization")),
  who: Argument.String("contact").pipe(Argument.withDescription("The contact's id, or one of its addresses")),
}

const sentLines = ({ sentWhere }: Pick<ContactRecord, "sentWhere">): ReadonlyArray<string> => [
  ...sentWhere.tickets.map(({ ticketId }) => `  Zendesk ticket ${ticketId}`),
  ...sentWhere.deskUsers.map((id) => `  Zendesk user ${id}`),
  ...sentWhere.chats.map(
    ({ conversationId, userId }) =>
      `  live chat ${conversationId}${userId === null ? "" : ` of messaging user ${userId}`}`,
  ),
  ...sentWhere.messages.map(
    ({ accountId, channel, providerId }) => `  ${channel} account ${accountId}: message ${providerId}`,
  ),
  ...sentWhere.models.map(({ calls, model }) => `  language model ${model}: ${calls} calls`),
]

const exported = Command.make(
  "export",
  { ...flags, out: Flag.String("out").pipe(Flag.withDescription("A directory that does not exist yet")) },
  ({ config, json, org, out, who }) =>
    withData(config, () =>
      Effect.gen(function* () {
        const record = yield* recordOf(org, who)
        const files = yield* exportRecord(record, out)
        const { contact, sentWhere, sessions } = record
        if (json)
          return yield* printJson({ contact: contact.id, sessions: sessions.length, files, sentWhere, out })
        const lines = [`${out}: ${sessions.length} conversations, ${files} files. Sent elsewhere:`]
        return yield* Console.log(printable([...lines, ...sentLines(record)].join("\n")))
      }),
    ),
).pipe(Command.withDescription("Write everything that is kept of a contact into a directory"))

const tell = (erased: ErasedContact): string =>
  printable(
    [
      `Erased: ${erased.sessions} conversations, ${erased.files} files.`,
      erased.inZendesk === null ? "Not touched, and to be deleted where it is:" : "Sent elsewhere:",
      ...sentLines(erased),
      ...(erased.inZendesk ?? []).map(
        ({ id, result, what, why }) =>
          `  in Zendesk: ${what} ${id} ${result}${why === null ? "" : ` (${why})`}`,
      ),
      ...(erased.compacted
        ? []
        : ["The database was too busy to be compacted: run `opencx contacts compact` when it is quiet."]),
      ...(erased.listed
        ? []
        : [
            "The list of erasures could not be written (the log says why): it is at the next erasure, and at the next start.",
          ]),
    ].join("\n"),
  )

const only = <A>(orgId: OrgId, account: A | null) => ({
  all: new Map(account === null ? [] : [[orgId, account]]),
  get: (asked: OrgId) => (asked === orgId ? account : null),
})

/** With the organization's connections to Zendesk, which erasing there needs. */
const connected = <A, E, R>(orgId: OrgId, effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const found = (yield* configuredOrganizations).find(({ config }) => config.id === orgId)?.config
    const zendesk = found?.zendesk === undefined ? null : yield* connectZendesk(found)
    const support = Effect.provideService(ZendeskAccounts, only(orgId, zendesk))
    const messaging = found?.messaging === undefined ? null : yield* support(connectMessaging(found))
    return yield* effect.pipe(support, Effect.provideService(MessagingAccounts, only(orgId, messaging)))
  })

/** What `--in-zendesk` would delete there, with what stands behind live chats. */
const inZendeskLines = Effect.fnUntraced(function* (record: ContactRecord) {
  const { tickets, unseen, users } = yield* lookInZendesk(record)
  return [
    "And in Zendesk, for good:",
    ...sentLines({ sentWhere: { ...record.sentWhere, messages: [], models: [] } }),
    ...tickets.map((id) => `  Zendesk ticket ${id}, behind a live chat`),
    ...users.map((id) => `  Zendesk user ${id}, behind a live chat`),
    ...unseen.map(({ id, why }) => `  not known: ${id} (${why})`),
  ]
})

const ask = Effect.fnUntraced(function* (record: ContactRecord, more: ReadonlyArray<string>) {
  return yield* new ConfigurationError({
    problem: printable(
      [
        `This would erase ${record.sessions.length} conversations of contact ${record.contact.id}, for good.`,
        ...more,
      ].join("\n"),
    ),
    hint: "Export it first if anybody may want it, then say --yes.",
  })
})

const erase = Command.make(
  "erase",
  {
    ...flags,
    yes: Flag.Boolean("yes").pipe(
      Flag.withDescription("Really; it cannot be undone"),
      Flag.withDefault(false),
    ),
    inZendesk: Flag.Boolean("in-zendesk").pipe(
      Flag.withDescription("Also delete the tickets, chats and the person in Zendesk"),
      Flag.withDefault(false),
    ),
  },
  ({ config, inZendesk, json, org, who, yes }) =>
    withData(config, () =>
      Effect.gen(function* () {
        const record = yield* recordOf(org, who)
        if (!yes) return yield* ask(record, inZendesk ? yield* connected(org, inZendeskLines(record)) : [])
        const erased = yield* inZendesk ? connected(org, eraseEverywhere(record)) : eraseHere(record, null)
        yield* json ? printJson(erased) : Console.log(tell(erased))
      }),
    ),
).pipe(Command.withDescription("Delete everything that is kept of a contact, and list what was sent where"))

const compact = Command.make("compact", { config: configFlag }, ({ config }) =>
  withData(config, () =>
    Effect.gen(function* () {
      if (yield* (yield* ContactRecords).compact) return yield* Console.log("Compacted.")
      return yield* new ConfigurationError({
        problem: "The database is too busy to be compacted.",
        hint: "Try again when there is less to do, or stop the runtime meanwhile.",
      })
    }),
  ),
).pipe(Command.withDescription("Overwrite what deleted rows leave behind in the embedded database's file"))

export const contacts = Command.make("contacts").pipe(
  Command.withDescription("What is kept of one customer: export, erase"),
  Command.withSubcommands([exported, erase, compact]),
)
