/**
 * Where secrets stand in a stored document: `{ "$secret": "<name>", "setAt": <epoch ms> }`, with the value itself in `Secrets`
 * under the organization's scope. The same object is what the API shows, so that a document can be sent back as it came.
 */
import { Secrets } from "@opencx/core"
import { Effect, Option, Redacted, Schema } from "effect"
import { KnownSecrets } from "../logging/Logging.ts"

export const SecretRef = Schema.Struct({ $secret: Schema.NonEmptyString, setAt: Schema.Finite })
export type SecretRef = typeof SecretRef.Type
const refIn = Schema.decodeUnknownOption(SecretRef)

export type Plain = Readonly<Record<string, unknown>>

export const isPlain = (value: unknown): value is Plain =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !Redacted.isRedacted(value)

/** The reference that this value is; null when it is something else. */
export const secretRefOf = (value: unknown): SecretRef | null =>
  isPlain(value) && "$secret" in value ? Option.getOrNull(refIn(value)) : null

/** Items of lists are named by their id, so that a place stays the same when others come and go. */
const nameOf = (item: unknown, index: number): string =>
  isPlain(item) && typeof item["id"] === "string" ? item["id"] : String(index)

const forbidden = new Set(["__proto__", "constructor", "prototype"])

/** The same structure with each leaf or object that `change` has something for replaced. Places: `accounts.support.password`. */
export const rewrite = (
  value: unknown,
  change: (value: unknown, place: string) => { readonly to: unknown } | null,
  place = "",
): unknown => {
  const changed = change(value, place)
  if (changed !== null) return changed.to
  const under = (name: string) => (place === "" ? name : `${place}.${name}`)
  if (Array.isArray(value))
    return value.map((item, index) => rewrite(item, change, under(nameOf(item, index))))
  if (!isPlain(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !forbidden.has(key))
      .map(([key, item]) => [key, rewrite(item, change, under(key))]),
  )
}

/** The part of a document that a place lies in: `zendesk`, `accounts.support`. */
export const partOf = (place: string): string =>
  place
    .split(".")
    .slice(0, /^(?:accounts|sources)\./.test(place) ? 2 : 1)
    .join(".")

/** Every reference of a document, by its place. */
export const secretRefs = (document: unknown): ReadonlyMap<string, SecretRef> => {
  const found = new Map<string, SecretRef>()
  rewrite(document, (value, place) => {
    const ref = secretRefOf(value)
    if (ref === null) return null
    found.set(place, ref)
    return { to: value }
  })
  return found
}

/** The document with its secrets in their places; the names of those that are gone. */
export const withSecrets = Effect.fn("withSecrets")(function* (orgId: string, document: unknown) {
  const secrets = yield* Secrets
  const known = yield* KnownSecrets
  const values = new Map<string, string>()
  const missing: Array<string> = []
  for (const [place, { $secret }] of secretRefs(document)) {
    const value = yield* secrets.get(orgId, $secret)
    if (value === null) missing.push(place)
    else values.set(place, Redacted.value(value))
    // Cut out of the log from now on.
    if (value !== null) known.add(Redacted.value(value))
  }
  const whole = rewrite(document, (value, place) => {
    if (secretRefOf(value) === null) return null
    return { to: values.get(place) ?? "" }
  })
  return { whole, missing }
})
