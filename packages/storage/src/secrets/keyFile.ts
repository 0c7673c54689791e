/** The master key's file. Node edge: the file system. */
import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from "node:fs"
import { dirname, join } from "node:path"
import { newId } from "../sql/ids.ts"
import { newKeyText } from "./cipher.ts"

/** The key file's name inside a data directory. */
export const keyFileName = "master.key"

export const keyFileIn = (directory: string): string => join(directory, keyFileName)

export type KeyFileText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly mode: string }

const errorCode = (cause: unknown): unknown =>
  typeof cause === "object" && cause !== null && "code" in cause ? cause.code : undefined

/** Mode and content of the same open file; `ok: false` when others may read it. Windows has no such modes. */
const read = (file: string): KeyFileText => {
  const handle = openSync(file, "r")
  try {
    const mode = fstatSync(handle).mode & 0o777
    return process.platform !== "win32" && (mode & 0o077) !== 0
      ? { ok: false, mode: mode.toString(8) }
      : { ok: true, text: readFileSync(handle, "utf8") }
  } finally {
    closeSync(handle)
  }
}

/** The key file's text; null when there is none, or none that we may use. */
export const readKeyFile = (file: string): string | null => {
  try {
    const found = read(file)
    return found.ok ? found.text : null
  } catch {
    return null // missed for now; whoever asks says so
  }
}

/** The keys in a key file, the one that seals first. */
export const keyLines = (text: string): ReadonlyArray<string> =>
  text.split("\n").filter((line) => line.trim() !== "")

/** Writes a private file that is on the disk when this returns; fails with EEXIST when there is one. */
const writePrivately = (file: string, text: string): void => {
  const handle = openSync(file, "wx", 0o600)
  try {
    writeSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/**
 * Writes beside the place and links it there: the file is either absent or whole, and of two processes that start at the
 * same time one wins and both use its key.
 */
const create = (file: string): void => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${newId()}`
  writePrivately(draft, `${newKeyText()}\n`)
  try {
    linkSync(draft, file)
  } catch (cause) {
    if (errorCode(cause) !== "EEXIST") throw cause
  } finally {
    unlinkSync(draft)
  }
}

/** The key file's text; made first when there is none. Throws what the file system throws. */
export const readOrCreateKeyFile = (file: string): KeyFileText => {
  try {
    return read(file)
  } catch (cause) {
    if (errorCode(cause) !== "ENOENT") throw cause
  }
  create(file)
  return read(file)
}

/** The file that a change is written to before it takes the key file's place: two changes at once would lose a key. */
const draftOf = (file: string): string => `${file}.next`

/** What became of a change: `busy` when another one is under way, or was cut off and left its draft. */
export type KeyFileChange =
  | { readonly _tag: "Changed" }
  | { readonly _tag: "Busy"; readonly draft: string }
  | { readonly _tag: "Open"; readonly mode: string }

/** Replaces the keys of the file, whole or not at all. Throws what the file system throws. */
const change = (
  file: string,
  keys: (known: ReadonlyArray<string>) => ReadonlyArray<string>,
): KeyFileChange => {
  const found = readOrCreateKeyFile(file)
  if (!found.ok) return { _tag: "Open", mode: found.mode }
  const draft = draftOf(file)
  try {
    writePrivately(draft, keys(keyLines(found.text)).join("\n") + "\n")
  } catch (cause) {
    if (errorCode(cause) === "EEXIST") return { _tag: "Busy", draft }
    throw cause
  }
  renameSync(draft, file)
  return { _tag: "Changed" }
}

/** A new key that seals from now on; the known ones stay, to open what they sealed. */
export const addKey = (directory: string): KeyFileChange =>
  change(keyFileIn(directory), (known) => [newKeyText(), ...known])

/** Leaves only the key that seals. */
export const dropOldKeys = (directory: string): KeyFileChange =>
  change(keyFileIn(directory), (known) => known.slice(0, 1))
