/** Form bodies, byte by byte: raw mails travel in form fields and must come out unchanged. */
import { MalformedInput, type RawRequest } from "@opencx/core"
import { Effect } from "effect"

export interface FormField {
  readonly name: string
  readonly fileName: string | null
  readonly contentType: string
  readonly bytes: Uint8Array
}

export interface Form {
  readonly fields: ReadonlyArray<FormField>
  /** Bytes of the first field of this name, or null. */
  bytes(name: string): Uint8Array | null
  /** The same as UTF-8 text. */
  text(name: string): string | null
}

const MAX_FIELDS = 300
const decoder = new TextDecoder("utf-8")

const formOf = (fields: ReadonlyArray<FormField>): Form => {
  const bytes = (name: string) => fields.find((f) => f.name === name)?.bytes ?? null
  return {
    fields,
    bytes,
    text: (name) => {
      const found = bytes(name)
      return found === null ? null : decoder.decode(found)
    },
  }
}

const parameter = (value: string, name: string): string | null => {
  const match = new RegExp(String.raw`(?:^|[;\s])${name}\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))`, "i").exec(
    value,
  )
  return match === null ? null : (match[1]?.replace(/\\(.)/g, "$1").replace(/%22/g, '"') ?? match[2] ?? null)
}

const partOf = (part: Buffer): FormField | null => {
  const end = part.indexOf("\r\n\r\n")
  if (end === -1 || end > 16_384) return null
  const head = decoder.decode(part.subarray(0, end)).split("\r\n")
  const value = (key: string) =>
    head
      .find((l) => l.toLowerCase().startsWith(`${key}:`))
      ?.slice(key.length + 1)
      .trim() ?? ""
  const name = parameter(value("content-disposition"), "name")
  if (name === null) return null
  return {
    name,
    fileName: parameter(value("content-disposition"), "filename"),
    contentType: (value("content-type").split(";")[0] ?? "").trim().toLowerCase() || "text/plain",
    bytes: part.subarray(end + 4),
  }
}

const multipart = (body: Buffer, boundary: string): ReadonlyArray<FormField> | null => {
  const delimiter = Buffer.from(`--${boundary}`, "latin1")
  const fields: Array<FormField> = []
  let at = body.indexOf(delimiter)
  while (at !== -1) {
    const start = at + delimiter.length
    if (body.subarray(start, start + 2).toString("latin1") === "--") return fields
    const next = body.indexOf(Buffer.concat([Buffer.from("\r\n"), delimiter]), start)
    if (next === -1) return null
    const field = partOf(body.subarray(start + 2, next))
    if (field !== null) fields.push(field)
    if (fields.length > MAX_FIELDS) return null
    at = next + 2
  }
  return null
}

const urlencoded = (body: Uint8Array): ReadonlyArray<FormField> =>
  [...new URLSearchParams(decoder.decode(body))].slice(0, MAX_FIELDS).map(([name, value]) => ({
    name,
    fileName: null,
    contentType: "text/plain",
    bytes: new TextEncoder().encode(value),
  }))

const malformed = (detail: string, hint: string) => new MalformedInput({ detail, hint })

/** Reads `multipart/form-data` or a urlencoded form of at most `maxBytes`. */
export const parseForm = Effect.fn("channel-email.parseForm")(function* (
  request: RawRequest,
  maxBytes: number,
) {
  const type = request.headers["content-type"] ?? ""
  if (request.body.length > maxBytes) {
    return yield* malformed(
      `the form has ${request.body.length} bytes`,
      `at most ${maxBytes} are taken; see the account's maxBytes`,
    )
  }
  if (/^application\/x-www-form-urlencoded/i.test(type)) return formOf(urlencoded(request.body))
  const boundary = /^multipart\/form-data/i.test(type) ? parameter(type, "boundary") : null
  if (boundary === null || boundary.length === 0 || boundary.length > 200) {
    return yield* malformed(
      `content type ${type.slice(0, 100)} is no form`,
      "the provider must post multipart/form-data or application/x-www-form-urlencoded",
    )
  }
  const { body } = request
  const fields = multipart(Buffer.from(body.buffer, body.byteOffset, body.byteLength), boundary)
  if (fields === null)
    return yield* malformed("the form is cut off or has too many fields", "let the provider send it again")
  return formOf(fields)
})
