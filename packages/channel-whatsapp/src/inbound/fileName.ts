/** Names of files that came without one, or with one that should not be trusted. */

const extensions: Readonly<Record<string, string>> = {
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/gif": "gif",
  "image/webp": "webp",
  "audio/ogg": "ogg",
  "audio/mpeg": "mp3",
  "audio/mp4": "m4a",
  "audio/aac": "aac",
  "audio/amr": "amr",
  "video/mp4": "mp4",
  "video/3gpp": "3gp",
  "application/pdf": "pdf",
  "text/plain": "txt",
  "text/vcard": "vcf",
}

/** The sender's name of it without path and control characters; else `image-1a2b3c.jpg`. */
export const fileNameOf = (given: string | null, kind: string, contentType: string, id: string): string => {
  const clean = (given ?? "")
    // Characters that turn the reading direction disguise endings.
    .replace(/[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "")
    .replace(/^.*[\\/]/, "")
    .trim()
  if (clean.length > 0 && clean !== "." && clean !== "..") return clean.slice(-150)
  const tail = id.replace(/[^A-Za-z0-9]/g, "").slice(-8)
  return `${kind.replaceAll(" ", "-")}-${tail}.${extensions[contentType] ?? "bin"}`
}
