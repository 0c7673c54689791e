/** `Consents` in memory. */
import { Effect, Layer } from "effect"
import type { ThreadKey } from "../domain/Ids.ts"
import { Consents } from "../ports/Consents.ts"

type RecordOf = Consents["Service"]["record"]
type Scope = Parameters<RecordOf>[0]
type Decision = Parameters<RecordOf>[2]

const place = ({ orgId, accountId }: Scope, thread: ThreadKey): string => `${orgId}|${accountId}|${thread}`

/** `Consents` in memory. */
export const consentsMemory: Layer.Layer<Consents> = Layer.sync(Consents, () => {
  const newest = new Map<string, Decision>()
  return Consents.of({
    record: (scope, thread, decision) =>
      Effect.sync(() => {
        const known = newest.get(place(scope, thread))
        if (known === undefined || decision.at >= known.at) newest.set(place(scope, thread), decision)
      }),
    decision: (scope, thread) => Effect.sync(() => newest.get(place(scope, thread)) ?? null),
  })
})
