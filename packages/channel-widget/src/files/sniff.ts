/** What a file is by its content; its name only chooses among formats that look alike inside. */

const ascii = (bytes: Uint8Array, from: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(from, from + length))

const startsWith = (bytes: Uint8Array, ...magic: ReadonlyArray<number>): boolean =>
  magic.every((byte, i) => bytes[i] === byte)

const extensionOf = (fileName: string): string =>
  /\.([a-z0-9]{1,8})$/i.exec(fileName)?.[1]?.toLowerCase() ?? ""

const ooxml: Readonly<Record<string, string>> = {
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}

/** Office files are zip archives whose first entry says so; macro-enabled ones keep the plain zip type. */
const zipType = (bytes: Uint8Array, fileName: string): string => {
  const first = ascii(bytes, 30, 20)
  if (first.startsWith("[Content_Types].xml") || first.startsWith("_rels/.rels"))
    return ooxml[extensionOf(fileName)] ?? "application/zip"
  const odf = /^mimetype(application\/vnd\.oasis\.opendocument\.[a-z]+)/.exec(ascii(bytes, 30, 80))
  return odf?.[1] ?? "application/zip"
}

const brands: Readonly<Record<string, string>> = {
  heic: "image/heic",
  heix: "image/heic",
  mif1: "image/heic",
  avif: "image/avif",
  qt: "video/quicktime",
  M4A: "audio/mp4",
}

const riffTypes: Readonly<Record<string, string>> = {
  WEBP: "image/webp",
  WAVE: "audio/wav",
  "AVI ": "video/x-msvideo",
}

const programs = [
  "MZ",
  "\u007fELF",
  "#!",
  "\u00ca\u00fe\u00ba\u00be",
  "\u00cf\u00fa\u00ed\u00fe",
  "\u00ce\u00fa\u00ed\u00fe",
]

const binaryType = (bytes: Uint8Array, fileName: string): string | null => {
  if (programs.some((magic) => ascii(bytes, 0, magic.length) === magic)) return "application/x-executable"
  if (startsWith(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return "image/png"
  if (startsWith(bytes, 0xff, 0xd8, 0xff)) return "image/jpeg"
  if (/^GIF8[79]a/.test(ascii(bytes, 0, 6))) return "image/gif"
  if (ascii(bytes, 0, 5) === "%PDF-") return "application/pdf"
  if (ascii(bytes, 0, 4) === "RIFF") return riffTypes[ascii(bytes, 8, 4)] ?? null
  if (ascii(bytes, 4, 4) === "ftyp") return brands[ascii(bytes, 8, 4).trim()] ?? "video/mp4"
  if (startsWith(bytes, 0x50, 0x4b, 0x03, 0x04)) return zipType(bytes, fileName)
  if (startsWith(bytes, 0x1a, 0x45, 0xdf, 0xa3)) return "video/webm"
  if (ascii(bytes, 0, 4) === "OggS") return "audio/ogg"
  if (ascii(bytes, 0, 3) === "ID3" || startsWith(bytes, 0xff, 0xfb)) return "audio/mpeg"
  return null
}

/** Tags that make a browser treat text as a page, wherever they stand at the beginning. */
const markup = /<(?:!doctype|html|head|body|script|iframe|svg|style|\?xml|xml|meta|link|object|embed)\b|<\?/i

const textTypes: Readonly<Record<string, string>> = {
  csv: "text/csv",
  json: "application/json",
  md: "text/markdown",
}

const textType = (bytes: Uint8Array, fileName: string): string => {
  const head = bytes.subarray(0, 64_000)
  let text: string
  try {
    // `stream`: a character that the cut went through is no fault.
    text = new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true })
  } catch {
    return "application/octet-stream"
  }
  if (/[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text)) return "application/octet-stream"
  if (markup.test(text.slice(0, 2_000))) return "text/html"
  return textTypes[extensionOf(fileName)] ?? "text/plain"
}

/** The media type of a file; `application/octet-stream` when it is nothing that we know. */
export const sniffType = (bytes: Uint8Array, fileName: string): string =>
  binaryType(bytes, fileName) ?? textType(bytes, fileName)

/** Whether a list such as `image/*`, `application/pdf` has a type in it. */
export const isAllowed = (type: string, allowed: ReadonlyArray<string>): boolean =>
  allowed.some((each) => each === type || (each.endsWith("/*") && type.startsWith(each.slice(0, -1))))
