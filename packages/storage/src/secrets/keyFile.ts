/** The master key's file. Node edge: the file system. */
import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
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

/**
 * Writes beside the place and links it there: the file is either absent or whole, and of two processes that start at the
 * same time one wins and both use its key.
 */
const create = (file: string): void => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${newId()}`
  const handle = openSync(draft, "wx", 0o600)
  try {
    writeSync(handle, `${newKeyText()}\n`)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
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
