/** What is known of the schedule that an organization's office hours come from, kept so that a restart needs no Zendesk. */
import { ArticleStore, OfficeHours, type OrgId } from "@opencx/core"
import { Effect, Schema } from "effect"

/** The last good copy. `timeZone`: as Zendesk names it. `readAt`: epoch milliseconds. */
const Copy = Schema.Struct({
  id: Schema.String,
  name: Schema.String,
  timeZone: Schema.String,
  hours: OfficeHours,
  readAt: Schema.Finite,
})

/** Why it cannot be read: since when, and when it was tried last. Epoch milliseconds. */
const Trouble = Schema.Struct({
  since: Schema.Finite,
  at: Schema.Finite,
  problem: Schema.String,
  fix: Schema.String,
})

export const KnownSchedule = Schema.Struct({
  copy: Schema.NullOr(Copy),
  trouble: Schema.NullOr(Trouble),
})
export type KnownSchedule = typeof KnownSchedule.Type

export const nothingKnown: KnownSchedule = { copy: null, trouble: null }

/**
 * The name under which it is kept and claimed, beside the organization's sources; no source can have it. It names account
 * and schedule, so that a copy of another one is never taken for this one's.
 */
export const keyOfSchedule = (subdomain: string, wanted: string | number): string =>
  `zendesk-schedule:${subdomain}:${typeof wanted === "number" ? "#" : ""}${wanted}`

const Stored = Schema.fromJsonString(KnownSchedule)
const decode = Schema.decodeUnknownEffect(Stored)
const encode = Schema.encodeEffect(Stored)

/** What is kept. A row that cannot be read counts as none: Zendesk is asked again. */
export const readKnown = Effect.fnUntraced(function* (orgId: OrgId, key: string) {
  const stored = yield* (yield* ArticleStore).getState(orgId, key)
  if (stored === null || stored === "") return nothingKnown
  return yield* decode(stored).pipe(
    Effect.catch((error) =>
      Effect.as(
        Effect.logWarning(`The kept schedule of ${orgId} cannot be read`, error.message),
        nothingKnown,
      ),
    ),
  )
})

export const keepKnown = Effect.fnUntraced(function* (orgId: OrgId, key: string, known: KnownSchedule) {
  yield* (yield* ArticleStore).setState(orgId, key, yield* Effect.orDie(encode(known)))
})
