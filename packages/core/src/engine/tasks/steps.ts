/** Step memory of a piece of work: what must survive a crash between two calls. */
import { Effect, Schema } from "effect"
import type { Work } from "../../domain/Work.ts"
import { ConversationStore } from "../../ports/ConversationStore.ts"

/** Reads and writes one task's step memory, by Schema. An unreadable memory counts as none. */
export const stepMemory = <S extends Schema.ConstraintCodec<unknown, unknown>>(schema: S) => {
  const json = Schema.fromJsonString(schema)
  const decode = Schema.decodeUnknownEffect(json)
  const encode = Schema.encodeEffect(json)
  return {
    read: (work: Work) =>
      work.step === null ? Effect.succeed(null) : decode(work.step).pipe(Effect.orElseSucceed(() => null)),
    write: Effect.fnUntraced(function* (work: Work, value: S["Type"]) {
      const store = yield* ConversationStore
      yield* store.saveStep(work.id, yield* Effect.orDie(encode(value)))
    }),
  }
}
