/** What setting up has made in an account: found again by id when it was renamed, and taken away on disconnecting. */
import { Effect, Redacted, Schema } from "effect"
import { type SetupStore, storedNames } from "./Plan.ts"

const ids = Schema.Record(Schema.String, Schema.String).pipe(Schema.withDecodingDefault(Effect.succeed({})))

/** A channel of Zendesk's that the AI answers, and who answered first before (null: the switchboard's own default). */
const ChosenChannel = Schema.Struct({ integrationId: Schema.String, before: Schema.NullOr(Schema.String) })

const SetupRecordSchema = Schema.Struct({
  /** By step id. */
  webhooks: ids,
  triggers: ids,
  /** Zendesk's own triggers that were taught to leave our tickets out, and the tags that they now exclude. */
  exclusions: ids,
  integrationId: Schema.NullOr(Schema.String),
  responderId: Schema.NullOr(Schema.String),
  channels: Schema.Array(ChosenChannel).pipe(Schema.withDecodingDefault(Effect.succeed([]))),
})
export type SetupRecord = typeof SetupRecordSchema.Type

export const emptyRecord: SetupRecord = {
  webhooks: {},
  triggers: {},
  exclusions: {},
  integrationId: null,
  responderId: null,
  channels: [],
}

const text = Schema.fromJsonString(SetupRecordSchema)
const decode = Schema.decodeUnknownEffect(text)
const encode = Schema.encodeEffect(text)

/** An unreadable record is as good as none: things are then found by name and URL. */
export const readRecord = Effect.fnUntraced(function* (store: SetupStore) {
  const kept = yield* store.get(storedNames.record)
  if (kept === null) return emptyRecord
  return yield* Effect.orElseSucceed(decode(Redacted.value(kept)), () => emptyRecord)
})

/** Changes the record as it stands in the store. */
export const changeRecord = Effect.fnUntraced(function* (
  store: SetupStore,
  change: (record: SetupRecord) => SetupRecord,
) {
  const changed = change(yield* readRecord(store))
  yield* store.put(storedNames.record, Redacted.make(yield* Effect.orDie(encode(changed))))
})
