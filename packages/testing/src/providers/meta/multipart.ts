/** The one multipart form that Meta takes: an upload. */

interface Part {
  readonly name: string
  readonly fileName: string | null
  readonly contentType: string
  readonly bytes: Uint8Array
}

const parameter = (header: string, name: string): string | null =>
  new RegExp(`${name}="([^"]*)"`).exec(header)?.[1] ?? null

const partOf = (block: Buffer): Part | null => {
  const gap = block.indexOf("\r\n\r\n")
  if (gap < 0) return null
  const head = block.subarray(0, gap).toString("utf8")
  const name = parameter(head, "[ ;]name")
  if (name === null) return null
  return {
    name,
    fileName: parameter(head, "filename"),
    contentType: /content-type:\s*([^\r\n]+)/i.exec(head)?.[1] ?? "text/plain",
    // Each part ends with the line break before the next boundary.
    bytes: block.subarray(gap + 4, block.length - 2),
  }
}

/** Empty when it is no multipart form. */
export const parseMultipart = (contentType: string, body: Buffer): ReadonlyArray<Part> => {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1]
  if (boundary === undefined) return []
  const mark = Buffer.from(`--${boundary}`)
  const parts: Array<Part> = []
  let at = body.indexOf(mark)
  while (at >= 0) {
    const next = body.indexOf(mark, at + mark.length)
    if (next < 0) break
    const part = partOf(body.subarray(at + mark.length + 2, next))
    if (part !== null) parts.push(part)
    at = next
  }
  return parts
}
