/** A directory that is gone when its scope closes. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Effect } from "effect"

export const temporaryDir = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "opencx-bench-"))),
  (dir) => Effect.promise(() => rm(dir, { recursive: true, force: true })),
)
