/**
 * Takes in calls whose reports got lost while nobody was there to hear of them. What came by webhook is found to be known by
 * its dedup key, so that looking too often does no harm.
 */
import type { Account, ListenHost } from "@opencx/core"
import { Clock, Effect, Schedule } from "effect"
import type { PhoneSettings } from "../../settings/PhoneSettings.ts"
import { endedAtRetell } from "./retell.ts"
import { endedAtVapi } from "./vapi.ts"

/** The report itself comes first, and its analysis takes a while. */
const PATIENCE_MS = 120_000
const HOUR_MS = 3_600_000
const REMEMBERED = 20_000

const ended = (account: Account<PhoneSettings>, since: number, until: number, known: ReadonlySet<string>) => {
  const { settings } = account
  switch (settings.provider) {
    case "vapi":
      return endedAtVapi({ ...account, settings }, since, until)
    case "retell":
      return endedAtRetell({ ...account, settings }, since, until, (id) => known.has(id))
    case "twilio":
      return Effect.succeed([])
  }
}

/** Null: this account does not look. */
const lookingOf = ({ settings }: Account<PhoneSettings>) =>
  settings.provider === "twilio" ? null : (settings.missedReports ?? null)

/** One look at an account's calls; answers with how many were handed over. `known`: those of earlier looks. */
const look = Effect.fnUntraced(function* (
  account: Account<PhoneSettings>,
  lookBackHours: number,
  known: Set<string>,
  accept: ListenHost<PhoneSettings>["accept"],
) {
  const now = yield* Clock.currentTimeMillis
  const calls = yield* ended(account, now - lookBackHours * HOUR_MS, now - PATIENCE_MS, known)
  const fresh = calls.filter(({ id }) => !known.has(id))
  for (const { events, id } of fresh) {
    yield* accept(account, events)
    if (known.size >= REMEMBERED) known.clear()
    known.add(id)
  }
  return fresh.length
})

/** Looks at once and then every so often, for every account that wants it, until the scope closes. */
export const lookForMissedReports = Effect.fnUntraced(function* ({
  accept,
  accounts,
}: ListenHost<PhoneSettings>) {
  for (const account of accounts) {
    const looking = lookingOf(account)
    if (looking === null) continue
    const known = new Set<string>()
    yield* look(account, looking.lookBackHours, known, accept).pipe(
      Effect.catch((error) =>
        Effect.logWarning("Calls whose reports may have got lost could not be looked at", error.message),
      ),
      Effect.repeat(Schedule.spaced(`${looking.everySeconds} seconds`)),
      Effect.forkScoped,
    )
  }
  return {}
})
