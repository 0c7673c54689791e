/** JavaScript values as `node:sqlite` takes them. */
import type { SQLInputValue } from "node:sqlite"

/**
 * `node:sqlite` takes a plain object (a `Date`, too) in first place for named parameters, silently, and throws on
 * `undefined`. So every value is converted here, and what has no meaning in SQL is refused.
 */
export const bindValue = (value: unknown): SQLInputValue => {
  if (value === null || value === undefined) return null
  switch (typeof value) {
    case "string":
    case "bigint":
      return value
    case "number":
      if (Number.isNaN(value)) throw new TypeError("NaN cannot be stored: SQLite would keep it as NULL")
      return value
    case "boolean":
      return value ? 1 : 0
    default:
      return bindObject(value)
  }
}

const bindObject = (value: unknown): SQLInputValue => {
  if (value instanceof Uint8Array) return value
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  if (value instanceof ArrayBuffer) return new Uint8Array(value)
  if (value instanceof Date) return value.toISOString()
  throw new TypeError(`A value of type ${typeof value} cannot be bound: encode it as JSON text first`)
}
