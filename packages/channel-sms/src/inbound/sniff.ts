/** Looks at the first bytes of a file: a declared type is only a claim. */

const starts = (bytes: Uint8Array, at: number, text: string): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .subarray(at, at + text.length)
    .toString("latin1") === text

type Test = readonly [string, (bytes: Uint8Array) => boolean]

const tests: ReadonlyArray<Test> = [
  ["image/jpeg", (b) => starts(b, 0, "\xff\xd8\xff")],
  ["image/png", (b) => starts(b, 0, "\x89PNG\r\n\x1a\n")],
  ["image/gif", (b) => starts(b, 0, "GIF87a") || starts(b, 0, "GIF89a")],
  ["image/webp", (b) => starts(b, 0, "RIFF") && starts(b, 8, "WEBP")],
  ["image/bmp", (b) => starts(b, 0, "BM") && b.length > 26],
  ["image/tiff", (b) => starts(b, 0, "II*\0") || starts(b, 0, "MM\0*")],
  ["image/heic", (b) => starts(b, 4, "ftyphei") || starts(b, 4, "ftypmif1")],
  ["application/pdf", (b) => starts(b, 0, "%PDF-")],
  ["audio/amr", (b) => starts(b, 0, "#!AMR")],
  ["audio/ogg", (b) => starts(b, 0, "OggS")],
  ["audio/wav", (b) => starts(b, 0, "RIFF") && starts(b, 8, "WAVE")],
  ["audio/mpeg", (b) => starts(b, 0, "ID3") || (b[0] === 0xff && ((b[1] ?? 0) & 0xe6) === 0xe2)],
  ["audio/mp4", (b) => starts(b, 4, "ftypM4A")],
  ["video/3gpp", (b) => starts(b, 4, "ftyp3g")],
  ["video/quicktime", (b) => starts(b, 4, "ftypqt")],
  ["video/mp4", (b) => starts(b, 4, "ftyp")],
  ["text/vcard", (b) => starts(b, 0, "BEGIN:VCARD")],
  ["text/calendar", (b) => starts(b, 0, "BEGIN:VCALENDAR")],
]

/** The type that the bytes show; null when they show none of those that phones send. */
const shownType = (bytes: Uint8Array): string | null => tests.find(([, test]) => test(bytes))?.[0] ?? null

const isPlainText = (bytes: Uint8Array): boolean => {
  try {
    return !/[\0<]/.test(new TextDecoder("utf-8", { fatal: true }).decode(bytes))
  } catch {
    return false
  }
}

/** Bytes that a browser or a computer would run. */
const isActive = (bytes: Uint8Array): boolean => {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 1024)).toString(
    "latin1",
  )
  return (
    /^(?:MZ|\x7fELF|#!\/|\xca\xfe\xba\xbe)/.test(head) ||
    /<(?:!doctype|html|script|svg|\?xml|iframe)/i.test(head)
  )
}

/**
 * The type under which a file may travel on; null when its contents do not fit what it claims to be. Sounds and films come
 * in many wrappings, so those without a known beginning keep their type; pictures and documents must show theirs.
 */
export const trustedType = (bytes: Uint8Array, declared: string | null): string | null => {
  const claim = (declared ?? "").split(";")[0]?.trim().toLowerCase() ?? ""
  const shown = shownType(bytes)
  if (shown !== null) return shown
  if (bytes.length === 0 || isActive(bytes)) return null
  if (/^(?:audio|video)\/[\w.+-]+$/.test(claim)) return claim
  if (/^text\/|^$/.test(claim))
    return isPlainText(bytes) ? "text/plain" : claim === "" ? "application/octet-stream" : null
  return /^image\/|^application\/pdf$/.test(claim) ? null : "application/octet-stream"
}

const extensions: Readonly<Record<string, string>> = {
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/gif": "gif",
  "image/webp": "webp",
  "image/bmp": "bmp",
  "image/tiff": "tiff",
  "image/heic": "heic",
  "application/pdf": "pdf",
  "audio/amr": "amr",
  "audio/ogg": "ogg",
  "audio/wav": "wav",
  "audio/mpeg": "mp3",
  "audio/mp4": "m4a",
  "video/3gpp": "3gp",
  "video/quicktime": "mov",
  "video/mp4": "mp4",
  "text/vcard": "vcf",
  "text/calendar": "ics",
  "text/plain": "txt",
}

/** `image-1.jpg`: phones send no names. */
export const fileNameFor = (type: string, index: number): string => {
  const kind = /^(?:image|audio|video)\//.test(type) ? (type.split("/")[0] ?? "file") : "file"
  return `${kind}-${index + 1}.${extensions[type] ?? "bin"}`
}
