/** Clears away what is older than the retention settings keep. */
import {
  ContactRecords,
  ConversationStore,
  DeliveryParts,
  SessionSearch,
  type StoreError,
} from "@opencx/core"
import { AuditLog, JournalUpkeep } from "@opencx/storage"
import { Clock, Effect } from "effect"
import { Settings } from "../layers/Settings.ts"

const dayMs = 86_400_000

const clearJournal = Effect.fnUntraced(function* (before: number) {
  const removed =
    (yield* (yield* ConversationStore).purge(before)) +
    (yield* (yield* JournalUpkeep).purge(before)) +
    (yield* (yield* DeliveryParts).purge(before))
  if (removed > 0) yield* Effect.logInfo(`Removed ${removed} rows of finished work`)
})

/** Of organizations, too, that no configuration names any more. */
const clearTranscripts = Effect.fnUntraced(function* (before: number) {
  const { purge } = yield* ContactRecords
  for (const orgId of yield* (yield* SessionSearch).organizations) {
    const { sessions } = yield* purge(orgId, before)
    if (sessions > 0)
      yield* Effect.logInfo(`Removed ${sessions} conversations of ${orgId}, as retention says`)
  }
})

const clearAudit = Effect.fnUntraced(function* (before: number) {
  const removed = yield* (yield* AuditLog).purge(before)
  if (removed > 0) yield* Effect.logInfo(`Removed ${removed} records of the audit log`)
})

const telling = <R>(effect: Effect.Effect<void, StoreError, R>) =>
  effect.pipe(
    Effect.catchTag("StoreError", ({ message }) =>
      Effect.logWarning("Clearing away did not succeed", message),
    ),
  )

/** One pass. What fails is tried again with the next one. */
export const upkeep = Effect.gen(function* () {
  const { auditDays, journalDays, transcriptDays } = (yield* Settings).config.retention
  const now = yield* Clock.currentTimeMillis
  yield* telling(clearJournal(now - journalDays * dayMs))
  if (transcriptDays !== undefined) yield* telling(clearTranscripts(now - transcriptDays * dayMs))
  if (auditDays !== undefined) yield* telling(clearAudit(now - auditDays * dayMs))
})
