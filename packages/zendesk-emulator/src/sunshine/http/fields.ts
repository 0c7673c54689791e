import { asBool, get, has, isObject, type JsonObject } from "../../world/json.ts"
import type { SunshineBehaviour } from "../world/behaviour.ts"
import type { Metadata } from "../world/model.ts"
import { badRequest } from "./errors.ts"

const metadataBytes = 4_096

const checkSize = (metadata: Metadata): Metadata => {
  if (Buffer.byteLength(JSON.stringify(metadata)) > metadataBytes)
    throw badRequest(`Metadata is limited to ${metadataBytes} bytes in size.`)
  return metadata
}

const entries = (value: JsonObject): ReadonlyArray<readonly [string, string | number | boolean | null]> =>
  Object.entries(value).map(([name, item]) => {
    if (item === null || typeof item === "string" || typeof item === "number" || typeof item === "boolean")
      return [name, item]
    throw badRequest(`metadata.${name} must be a string, a number or a boolean`)
  })

const withoutNulls = (list: ReadonlyArray<readonly [string, string | number | boolean | null]>): Metadata =>
  Object.fromEntries(list.flatMap(([name, item]) => (item === null ? [] : [[name, item] as const])))

/** `metadata` of a new thing: flat, at most 4 kB; null and absent read as none. */
export const newMetadata = (source: unknown): Metadata => {
  const value = get(source, "metadata")
  if (value === undefined || value === null) return {}
  if (!isObject(value)) throw badRequest("metadata must be an object")
  return checkSize(withoutNulls(entries(value)))
}

/** `metadata` of a PATCH: merged, where null deletes a key, or replacing; null as a whole clears it. */
export const patchedMetadata = (
  now: Metadata,
  source: unknown,
  mode: SunshineBehaviour["metadataPatch"],
): Metadata => {
  if (!has(source, "metadata")) return now
  const value = get(source, "metadata")
  if (value === null) return {}
  if (!isObject(value)) throw badRequest("metadata must be an object")
  if (mode === "replace") return newMetadata(source)
  const changes = entries(value)
  const kept = Object.entries(now).filter(([name]) => !changes.some(([changed]) => changed === name))
  return checkSize(withoutNulls([...kept, ...changes]))
}

/** A text within its limit; null and absent read as `undefined`. */
export const textField = (source: unknown, name: string, max: number): string | undefined => {
  const value = get(source, name)
  if (value === undefined || value === null) return undefined
  if (typeof value !== "string" || value.length === 0 || value.length > max)
    throw badRequest(`${name} must be a string of 1 to ${max} characters`)
  return value
}

export const flagField = (source: unknown, name: string): boolean | undefined => {
  const value = get(source, name)
  if (value === undefined || value === null) return undefined
  const flag = asBool(value)
  if (flag === undefined) throw badRequest(`${name} must be a boolean`)
  return flag
}
