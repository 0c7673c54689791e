/** From one webhook of Meta to channel events: every entry, change, message and status by itself. */
import { type Account, type ChannelEvent, MalformedInput, type RawRequest } from "@opencx/core"
import { Clock, Effect, Schema } from "effect"
import { ignored } from "../inbound/ignored.ts"
import { type MetaSettings, scopeOf } from "../settings.ts"
import { idUpdateChanges } from "./identityChange.ts"
import { decodeMessage } from "./message.ts"
import { decodeStatus } from "./status.ts"
import * as Wire from "./wire.ts"

const decodeEnvelope = Schema.decodeUnknownEffect(Wire.Envelope)

type Events = ReadonlyArray<ChannelEvent>

interface Decoding {
  readonly account: Account<MetaSettings>
  readonly now: number
}

/** Within one webhook the customer's order counts, not Meta's. */
const inOrder = (messages: ReadonlyArray<unknown>): ReadonlyArray<unknown> =>
  messages
    .map((message) => ({ message, at: Wire.millisOf(Wire.readMessage(message)?.timestamp, 0) }))
    .sort((a, b) => a.at - b.at)
    .map(({ message }) => message)

const messagesChange = (
  value: NonNullable<ReturnType<typeof Wire.readValue>>,
  at: string,
  d: Decoding,
): Events => {
  const contacts = (value.contacts ?? []).flatMap((contact) => {
    const read = Wire.readContact(contact)
    return read === null ? [] : [read]
  })
  const { account, now } = d
  return [
    ...inOrder(value.messages ?? []).flatMap((item, i) =>
      decodeMessage(item, { at: `${at}/m${i}`, contacts, account, now }),
    ),
    ...(value.statuses ?? []).map((item, i) => decodeStatus(item, { at: `${at}/s${i}`, account, now })),
    ...(value.errors ?? []).map((item, i) => {
      const error = Wire.readError(item)
      const words = error?.error_data?.details ?? error?.message ?? error?.title ?? "unreadable"
      return ignored(`${at}/e${i}`, item, `Meta reports an error: ${words}`)
    }),
  ]
}

const updateChange = (updates: ReadonlyArray<unknown>, at: string, d: Decoding): Events =>
  updates.flatMap((item, i) => {
    const changes = idUpdateChanges(item, scopeOf(d.account.settings), d.now)
    const why =
      changes === null ? "a user id update that cannot be read" : "a user id update that changes nothing"
    return changes === null || changes.length === 0 ? [ignored(`${at}/u${i}`, item, why)] : changes
  })

/**
 * Messages count for their own number only. New ids count for the whole WhatsApp account: Meta sends those to the app's one
 * callback URL, whichever number has a URL of its own.
 */
const isOurs = (
  field: string,
  entryId: string | null,
  phoneNumberId: string,
  { settings }: Account<MetaSettings>,
) =>
  phoneNumberId === settings.phoneNumberId ||
  (field === "user_id_update" && settings.wabaId !== undefined && entryId === settings.wabaId)

const decodeChange = (item: unknown, entryId: string | null, at: string, d: Decoding): Events => {
  const change = Wire.readChange(item)
  if (change === null) return [ignored(at, item, "a change that cannot be read")]
  const { field } = change
  if (field !== "messages" && field !== "user_id_update")
    return [ignored(at, item, `webhook field ${field} is not used`)]
  const value = Wire.readValue(change.value)
  if (value === null) return [ignored(at, item, `a ${field} change that cannot be read`)]
  const target = value.metadata.phone_number_id
  if (!isOurs(field, entryId, target, d.account)) {
    const { phoneNumberId } = d.account.settings
    return [ignored(at, item, `for phone number id ${target}; this account is ${phoneNumberId}`)]
  }
  const items =
    field === "messages" ? messagesChange(value, at, d) : updateChange(value.user_id_update ?? [], at, d)
  return items.length > 0 ? items : [ignored(at, item, `an empty ${field} change`)]
}

const decodeEntry = (item: unknown, at: string, d: Decoding): Events => {
  const entry = Wire.readEntry(item)
  return entry === null
    ? [ignored(at, item, "an entry that cannot be read")]
    : entry.changes.flatMap((change, i) => decodeChange(change, entry.id ?? null, `${at}/${i}`, d))
}

/** The same event twice in one webhook counts once. */
const distinct = (events: Events): Events => {
  const seen = new Set<string>()
  return events.filter(({ dedupKey }) => !seen.has(dedupKey) && seen.add(dedupKey))
}

/** Events of a webhook whose signature was checked. Only a body that is no webhook at all fails. */
export const decodeMeta = Effect.fn("channel-whatsapp.decodeMeta")(function* (
  request: RawRequest,
  account: Account<MetaSettings>,
) {
  const envelope = yield* decodeEnvelope(new TextDecoder().decode(request.body)).pipe(
    Effect.mapError(
      (error) =>
        new MalformedInput({
          detail: error.message.slice(0, 300),
          hint: "this URL takes the WhatsApp webhook of a Meta app: JSON with a list `entry`",
        }),
    ),
  )
  const { object } = envelope
  if (object !== "whatsapp_business_account")
    return [ignored("", envelope, `webhooks about ${object ?? "nothing"} are not used`)]
  const decoding: Decoding = { account, now: yield* Clock.currentTimeMillis }
  return distinct(envelope.entry.flatMap((entry, i) => decodeEntry(entry, String(i), decoding)))
})
