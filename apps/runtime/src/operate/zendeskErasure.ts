/**
 * Deleting in Zendesk what was sent there of one customer. What is found behind live chats is written down before anything is
 * deleted: once it is deleted for the time being, Zendesk leads nobody to it any more, and a run that was cut off must end it.
 */
import { type ContactRecord, DeskUserId, Secrets, TicketId } from "@opencx/core"
import { type BehindChats, behindChats, eraseInZendesk } from "@opencx/zendesk"
import { Effect, Option, Redacted, Schema } from "effect"
import { ConfigurationError } from "../config/ConfigError.ts"
import { MessagingAccounts } from "../layers/MessagingAccounts.ts"
import { ZendeskAccounts } from "../layers/ZendeskAccounts.ts"

const Found = Schema.fromJsonString(
  Schema.Struct({ tickets: Schema.Array(TicketId), users: Schema.Array(DeskUserId) }),
)
const decodeFound = Schema.decodeUnknownOption(Found)
const encodeFound = Schema.encodeSync(Found)

const nameOf = ({ contact }: ContactRecord): string => `erasing/${contact.id}`

const clientsOf = Effect.fnUntraced(function* ({ contact }: ContactRecord) {
  return {
    support: (yield* ZendeskAccounts).get(contact.orgId)?.client ?? null,
    sunshine: (yield* MessagingAccounts).get(contact.orgId)?.client ?? null,
  }
})

const both = <A>(one: ReadonlyArray<A>, other: ReadonlyArray<A>) => [...new Set([...one, ...other])]

/** What stands in Zendesk behind the live chats, as far as it is there or an earlier run has found it. */
export const lookInZendesk = Effect.fnUntraced(function* (record: ContactRecord) {
  const kept = yield* (yield* Secrets).get(record.contact.orgId, nameOf(record))
  const before = Option.getOrNull(decodeFound(kept === null ? "" : Redacted.value(kept)))
  const now = yield* behindChats(record.sentWhere, yield* clientsOf(record))
  return {
    tickets: both(before?.tickets ?? [], now.tickets),
    users: both(before?.users ?? [], now.users),
    unseen: now.unseen,
  } satisfies BehindChats
})

/** All of it, for good. Fails when something is left, and may be repeated until nothing is. */
export const eraseFromZendesk = Effect.fnUntraced(function* (record: ContactRecord) {
  const secrets = yield* Secrets
  const { orgId } = record.contact
  const behind = yield* lookInZendesk(record)
  yield* secrets.put(orgId, nameOf(record), Redacted.make(encodeFound(behind)))
  const erased = yield* eraseInZendesk(record.sentWhere, behind, yield* clientsOf(record))
  const failed = erased.filter(({ result }) => result === "failed")
  if (failed.length === 0) {
    yield* secrets.remove(orgId, nameOf(record))
    return erased
  }
  // What is known of Zendesk is known from our records alone: they stay until all of it is done there.
  return yield* new ConfigurationError({
    problem: `Not everything could be deleted in Zendesk, so nothing was erased here:\n${failed
      .map(({ id, what, why }) => `  ${what} ${id}: ${why}`)
      .join("\n")}`,
    hint: "Put that right and erase again: what is gone already counts as done. Or erase without --in-zendesk (`inZendesk`), and delete by hand what it lists.",
  })
})
