/** Where indexes are kept between two runs of the program: one file for each organization. */
import { createHash, randomUUID } from "node:crypto"
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import { Effect, Schema } from "effect"

/** A file of an index could not be read or written. The index works without. */
export class IndexFileError extends Schema.TaggedError<IndexFileError>("@opencx/agent/IndexFileError")(
  "IndexFileError",
  { detail: Schema.String },
) {}

export interface IndexFiles {
  /** Null when there is none. */
  read(orgId: string): Effect.Effect<Uint8Array | null, IndexFileError>
  /** In place of what was there; a reader sees the old file or the new one, never a part. */
  write(orgId: string, bytes: Uint8Array): Effect.Effect<void, IndexFileError>
}

/** Only for the program's own user: internal articles are in it. */
const ownOnly = 0o600

const failed = (cause: unknown) =>
  new IndexFileError({ detail: cause instanceof Error ? cause.message : String(cause) })

const isMissing = (cause: unknown): boolean =>
  cause instanceof Error && "code" in cause && cause.code === "ENOENT"

const readIfThere = async (file: string): Promise<Uint8Array | null> => {
  try {
    return await readFile(file)
  } catch (cause) {
    if (isMissing(cause)) return null
    throw cause
  }
}

/** Nobody writes one file for longer than this. */
const abandonedMs = 3_600_000

/** Takes away what a crash has left half written. Another process may be writing the same file at this moment. */
const tidy = async (file: string): Promise<void> => {
  const { mtimeMs } = await stat(file)
  for (const name of await readdir(dirname(file))) {
    if (!name.startsWith(`${basename(file)}.`) || !name.endsWith(".tmp")) continue
    const left = join(dirname(file), name)
    const since = await stat(left).catch(() => null)
    if (since !== null && mtimeMs - since.mtimeMs > abandonedMs) await rm(left, { force: true })
  }
}

/** On disk before it has its name, so that no power cut leaves half a file under it. */
const replace = async (file: string, bytes: Uint8Array): Promise<void> => {
  const fresh = `${file}.${randomUUID()}.tmp`
  try {
    const handle = await open(fresh, "wx", ownOnly)
    try {
      await handle.writeFile(bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(fresh, file)
  } catch (cause) {
    await rm(fresh, { force: true })
    throw cause
  }
}

/** Files in a directory, which is made when it is needed. */
export const indexFilesIn = (directory: string): IndexFiles => {
  // An organization's id may hold anything, and file systems differ in what they tell apart.
  const fileOf = (orgId: string): string =>
    join(directory, `${createHash("sha256").update(orgId).digest("hex").slice(0, 32)}.index`)
  return {
    read: Effect.fn("IndexFiles.read")((orgId: string) =>
      Effect.tryPromise({ try: () => readIfThere(fileOf(orgId)), catch: failed }),
    ),
    write: Effect.fn("IndexFiles.write")((orgId: string, bytes: Uint8Array) =>
      Effect.tryPromise({
        try: async () => {
          await mkdir(directory, { recursive: true, mode: 0o700 })
          await replace(fileOf(orgId), bytes)
          await tidy(fileOf(orgId))
        },
        catch: failed,
      }),
    ),
  }
}
