/** Where the embedded database lives and how careful it is. */
import type { Duration } from "effect"

interface Common {
  /**
   * `NORMAL` (default): a commit survives the death of the process, but the last commits may be lost when the machine
   * loses power. `FULL`: each commit is on the disk before it returns. https://www.sqlite.org/pragma.html#pragma_synchronous
   */
  readonly synchronous?: "NORMAL" | "FULL" | undefined
  /** How long to wait for another process that holds the write lock, before a `LockTimeoutError`. Default: 5 seconds. */
  readonly busyWait?: Duration.Input | undefined
  /** How many prepared statements are kept. Default: 256. */
  readonly preparedStatements?: number | undefined
}

/** One of: a data directory (the file is `opencx.db` in it), a file name, or `:memory:` for a passing database. */
export type SqliteOptions = Common &
  (
    | { readonly directory: string; readonly filename?: undefined }
    | { readonly filename: string; readonly directory?: undefined }
  )

/** The database file's name inside a data directory. */
export const databaseFileName = "opencx.db"
