/** Meta's news that a person has a new number or a new business-scoped id. */
import type { ChannelEvent, Identity } from "@opencx/core"
import { bsuidIdentity, phoneIdentity } from "../identity/parties.ts"
import { waDigits } from "../identity/phone.ts"
import * as Wire from "./wire.ts"

type Maybe = string | null | undefined

interface Change {
  readonly from: Identity
  readonly to: Identity
}

const ids = (scope: string, previous: Maybe, current: Maybe): ReadonlyArray<Change> =>
  !previous || !current || previous === current
    ? []
    : [{ from: bsuidIdentity(scope, previous), to: bsuidIdentity(scope, current) }]

const phones = (previous: Maybe, current: Maybe): ReadonlyArray<Change> => {
  const from = previous ? waDigits(previous) : null
  const to = current ? waDigits(current) : null
  return from === null || to === null || from === to
    ? []
    : [{ from: phoneIdentity(from), to: phoneIdentity(to) }]
}

/** The same change told twice (as a system message and as an update) has the same key. */
const events = (changes: ReadonlyArray<Change>, at: number): ReadonlyArray<ChannelEvent> =>
  changes.map(({ from, to }) => ({
    _tag: "IdentityChanged",
    dedupKey: `identity:${from.value}>${to.value}`,
    from,
    to,
    at,
  }))

/** A `system` message. Empty: it changes no address (a new encryption key, or nothing to link it to). */
export const systemChanges = (
  message: Wire.Message,
  scope: string,
  now: number,
): ReadonlyArray<ChannelEvent> => {
  const system = Wire.readSystem(message.system)
  if (system === null) return []
  const newPhone = system.wa_id ?? (system.new_wa_id === undefined ? null : String(system.new_wa_id ?? ""))
  return events(
    [
      ...phones(system.customer ?? message.from, newPhone),
      ...ids(scope, system.previous_user_id ?? message.from_user_id, system.user_id),
      ...ids(scope, system.previous_parent_user_id ?? message.from_parent_user_id, system.parent_user_id),
    ],
    Wire.millisOf(message.timestamp, now),
  )
}

/** One item of a `user_id_update` change. Null when it cannot be read. */
export const idUpdateChanges = (
  item: unknown,
  scope: string,
  now: number,
): ReadonlyArray<ChannelEvent> | null => {
  const update = Wire.readIdUpdate(item)
  if (update === null) return null
  return events(
    [
      ...ids(scope, update.user_id?.previous, update.user_id?.current),
      ...ids(scope, update.parent_user_id?.previous, update.parent_user_id?.current),
    ],
    Wire.millisOf(update.timestamp, now),
  )
}
