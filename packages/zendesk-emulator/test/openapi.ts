import { existsSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { at } from "./harness.ts"

/**
 * Reads published OpenAPI documents when they lie beside the repository. They are not part of it. The reader knows just
 * enough of their layout: schemas at four blanks under `components`, their own properties at eight.
 */
const root = join(dirname(fileURLToPath(import.meta.url)), "../../..")
const shared = process.env["OPENCX_SHARED"] ?? join(root, "../shared")

export const document = (name: string): string => join(shared, "specs", name)

/** Whether all of them are there; says so when not. */
export const present = (files: ReadonlyArray<string>): boolean => {
  const all = files.every((file) => existsSync(file))
  if (!all)
    console.log(
      `skipped: no OpenAPI documents under ${shared}/specs (set OPENCX_SHARED to check against them)`,
    )
  return all
}

interface Property {
  readonly type: string | undefined
  readonly nullable: boolean
  readonly writeOnly: boolean
}

type Schema = ReadonlyMap<string, Property>

export const lines = (file: string): ReadonlyArray<string> => readFileSync(file, "utf8").split("\n")

const blockOf = (text: ReadonlyArray<string>, name: string): ReadonlyArray<string> => {
  const start = text.indexOf(`    ${name}:`)
  if (start === -1) throw new Error(`no schema ${name}`)
  const rest = text.slice(start + 1)
  const end = rest.findIndex((line) => /^ {0,4}\S/.test(line))
  return rest.slice(0, end === -1 ? undefined : end)
}

export const schemaOf = (text: ReadonlyArray<string>, name: string): Schema => {
  const block = blockOf(text, name)
  const inherited = block.flatMap((line) => {
    const parent = /^ {8}- \$ref: '#\/components\/schemas\/(\w+)'/.exec(line)?.[1]
    return parent === undefined ? [] : [...schemaOf(text, parent)]
  })
  const properties = new Map<string, Property>(inherited)
  const indent = block.some((line) => /^ {6}properties:/.test(line)) ? 8 : 12
  let current: string | undefined
  let inProperties = false
  for (const line of block) {
    if (new RegExp(`^ {${indent - 2}}properties:`).test(line)) inProperties = true
    else if (new RegExp(`^ {0,${indent - 2}}\\S`).test(line)) inProperties = false
    if (!inProperties) continue
    const named = new RegExp(`^ {${indent}}(\\w+):`).exec(line)
    if (named?.[1] !== undefined) {
      current = named[1]
      properties.set(current, { type: undefined, nullable: false, writeOnly: false })
    }
    const detail = new RegExp(`^ {${indent + 2}}(type|nullable|writeOnly): (\\w+)`).exec(line)
    const known = current === undefined ? undefined : properties.get(current)
    if (detail === null || known === undefined || current === undefined) continue
    if (detail[1] === "type") properties.set(current, { ...known, type: detail[2] })
    else
      properties.set(current, {
        ...known,
        [detail[1] === "nullable" ? "nullable" : "writeOnly"]: detail[2] === "true",
      })
  }
  return properties
}

const typeOf = (value: unknown): string =>
  Array.isArray(value)
    ? "array"
    : Number.isInteger(value)
      ? "integer"
      : value === null
        ? "null"
        : typeof value

/** Members that answers are known to have beyond the document, or to leave null against it. */
export const problems = (
  schema: Schema,
  sample: unknown,
  extra: ReadonlyArray<string>,
  nulls: ReadonlyArray<string>,
): ReadonlyArray<string> =>
  Object.entries(Object(sample)).flatMap(([name, value]) => {
    const property = schema.get(name)
    if (property === undefined) return extra.includes(name) ? [] : [`${name}: not in the document`]
    if (property.writeOnly) return [`${name}: is write-only`]
    if (value === null) return property.nullable || nulls.includes(name) ? [] : [`${name}: null`]
    const actual = typeOf(value)
    const fits =
      property.type === undefined ||
      property.type === actual ||
      (property.type === "number" && actual === "integer")
    return fits ? [] : [`${name}: ${actual} instead of ${property.type}`]
  })

export const missing = (
  schema: Schema,
  sample: unknown,
  required: ReadonlyArray<string>,
): ReadonlyArray<string> => required.filter((name) => !schema.has(name) || at(sample, name) === undefined)

/** Names of what an event's payload may hold. */
export const payloadNames = (text: ReadonlyArray<string>, event: string): ReadonlyArray<string> => {
  const block = blockOf(text, event)
  const start = block.findIndex((line) => /^ +payload:/.test(line))
  const indent = (block[start] ?? "").search(/\S/)
  const composed = /^ +allOf:/.test(block[start + 1] ?? "")
  const names = new RegExp(`^ {${indent + (composed ? 8 : 4)}}(\\w+):`)
  const own = block.slice(start + 1).flatMap((line) => names.exec(line)?.[1] ?? [])
  const parent = block.map(
    (line) => /\$ref: '#\/components\/schemas\/(conversationMessageDeliveryPayload)'/.exec(line)?.[1],
  )
  return [...own, ...parent.flatMap((name) => (name === undefined ? [] : [...schemaOf(text, name).keys()]))]
}
