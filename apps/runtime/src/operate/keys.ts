/** The master key in its file, changed beside a runtime that is up. */
import { KeyUpkeep, KeyUpkeeps } from "@opencx/storage"
import { Effect } from "effect"
import type { RuntimeConfig } from "../config/RuntimeConfig.ts"
import { onData } from "./onData.ts"

/** Everything sealed anew under the present key; `current` is its id. */
export const reseal = Effect.gen(function* () {
  const keys = yield* KeyUpkeep
  const done = yield* keys.reseal
  return { ...done, current: (yield* keys.use).current }
})

export type Resealing = Effect.Success<typeof reseal>

/**
 * A new key in the file, then everything sealed anew. Between the two every key opens what it sealed, so that a stop
 * anywhere is mended by running it again. The database is opened first: no key is added beside one that cannot be used.
 */
export const rotateMasterKey = Effect.fnUntraced(function* (config: RuntimeConfig) {
  yield* onData(config, Effect.asVoid(Effect.service(KeyUpkeep)))
  yield* KeyUpkeeps.addKeyToFile(config.dataDir)
  return yield* onData(config, reseal)
})
