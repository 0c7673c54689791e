/** Which parts of a mail travel on as files. */
import { type InboundFile, safeFileName } from "@opencx/core"
import type { MailPart } from "./Mail.ts"

/** Extensions that mail services refuse (Gmail's published list of blocked types, without the archive formats). */
const executable = new Set(
  (
    "ade adp apk appx appxbundle bat cab chm cmd com cpl diagcab diagcfg diagpkg dll dmg ex ex_ exe hta img ins iso " +
    "isp jar jnlp js jse lib lnk mde mjs msc msi msix msixbundle msp mst nsh pif ps1 ps1xml psc1 psm1 reg scr sct " +
    "shb sys vb vbe vbs vhd vhdx vxd wsc wsf wsh xll"
  ).split(" "),
)

const executableTypes =
  /^application\/(x-msdownload|x-msdos-program|x-dosexec|x-executable|x-msi|hta|x-bat|x-sh)$/

const extensionOf = (fileName: string): string => {
  const dot = fileName.lastIndexOf(".")
  // Windows ignores trailing dots and spaces: "virus.exe. " runs.
  return dot === -1 ? "" : fileName.slice(dot + 1).toLowerCase()
}

const isExecutable = (fileName: string, part: MailPart): boolean =>
  executable.has(extensionOf(fileName.replace(/(?<![.\s])[.\s]+$/, ""))) ||
  executableTypes.test(part.contentType) ||
  (part.bytes.length > 2 && part.bytes[0] === 0x4d && part.bytes[1] === 0x5a && extensionOf(fileName) === "")

const extensionFor: Readonly<Record<string, string>> = {
  "image/png": "png",
  "image/jpeg": "jpg",
  "image/gif": "gif",
  "image/webp": "webp",
  "application/pdf": "pdf",
  "message/rfc822": "eml",
  "text/calendar": "ics",
  "text/plain": "txt",
  "text/html": "html",
}

const nameOf = (part: MailPart, index: number): string => {
  const extension = extensionFor[part.contentType]
  const fallback = `attachment-${index + 1}${extension === undefined ? "" : `.${extension}`}`
  return safeFileName(part.fileName ?? "", fallback)
}

export const MAX_FILES = 50

/** Files to keep, and one line per file that was left out. `maxBytes`: of all files together. */
export const selectFiles = (
  parts: ReadonlyArray<MailPart>,
  maxBytes: number,
): { readonly files: ReadonlyArray<InboundFile>; readonly notes: ReadonlyArray<string> } => {
  const files: Array<InboundFile> = []
  const notes: Array<string> = []
  let total = 0
  parts.forEach((part, index) => {
    const fileName = nameOf(part, index)
    if (isExecutable(fileName, part)) notes.push(`[attachment removed: ${fileName}]`)
    else if (files.length >= MAX_FILES || total + part.bytes.length > maxBytes) {
      if (notes.length < 100) notes.push(`[attachment left out, too large or too many: ${fileName}]`)
    } else {
      total += part.bytes.length
      files.push({ fileName, contentType: part.contentType, bytes: part.bytes })
    }
  })
  return { files, notes }
}
