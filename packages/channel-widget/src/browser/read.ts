/** Reads what the server or the storage says. Both are ours, but old versions and broken proxies answer too. */
import type { WireConfig, WireLine, WirePage, WireSession, WireSync } from "../wire.ts"

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const has = (value: unknown, shape: Readonly<Record<string, string>>): value is Fields =>
  isFields(value) &&
  Object.entries(shape).every(([key, type]) =>
    type === "array" ? Array.isArray(value[key]) : typeof value[key] === type,
  )

/** JSON, or null when it is none. */
export const parse = (text: string | null): unknown => {
  try {
    return text === null ? null : JSON.parse(text)
  } catch {
    return null
  }
}

export const isSession = (value: unknown): value is WireSession =>
  has(value, {
    token: "string",
    visitor: "string",
    conversation: "string",
    identified: "boolean",
    expiresAt: "number",
  })

export const isLine = (value: unknown): value is WireLine =>
  has(value, {
    cursor: "string",
    id: "string",
    author: "string",
    text: "string",
    sources: "array",
    files: "array",
  })

export const isSync = (value: unknown): value is WireSync =>
  has(value, { state: "string", statuses: "object" })

export const isPage = (value: unknown): value is WirePage => has(value, { lines: "array" }) && isSync(value)

export const isConfig = (value: unknown): value is WireConfig =>
  has(value, { locale: "string", texts: "object", theme: "object", prechat: "object", textLimit: "number" })

/** A text field of something foreign. */
export const textOf = (value: unknown, key: string): string | null => {
  const field = isFields(value) ? value[key] : null
  return typeof field === "string" ? field : null
}

export const numberOf = (value: unknown, key: string): number => {
  const field = isFields(value) ? value[key] : null
  return typeof field === "number" ? field : 0
}

export const listOf = (value: unknown, key: string): ReadonlyArray<string> => {
  const field = isFields(value) ? value[key] : null
  return Array.isArray(field) ? field.filter((each) => typeof each === "string") : []
}
