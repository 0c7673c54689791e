/** `Secrets` in memory. Nothing is written anywhere, so nothing is sealed. */
import { Effect, Layer, type Redacted } from "effect"
import { Secrets } from "../ports/Secrets.ts"

/** `Secrets` in memory, unsealed. */
export const secretsMemory: Layer.Layer<Secrets> = Layer.sync(Secrets, () => {
  const kept = new Map<string, Redacted.Redacted<string>>()
  const place = (scope: string, name: string) => `${scope.length}:${scope}${name}`
  return Secrets.of({
    put: (scope, name, value) => Effect.sync(() => void kept.set(place(scope, name), value)),
    getOrPut: (scope, name, value) =>
      Effect.sync(() => {
        const known = kept.get(place(scope, name)) ?? value
        kept.set(place(scope, name), known)
        return known
      }),
    get: (scope, name) => Effect.sync(() => kept.get(place(scope, name)) ?? null),
    remove: (scope, name) => Effect.sync(() => void kept.delete(place(scope, name))),
  })
})
