/** Files that are replaced as a whole, and what a crash leaves beside them. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { indexFilesIn } from "../src/knowledge/snapshot/IndexFiles.ts"

describe("index files", () => {
  it.live("what a crash left half written goes with the next write, what is being written stays", () =>
    Effect.acquireUseRelease(
      Effect.sync(() => mkdtempSync(join(tmpdir(), "opencx-index-files-"))),
      (directory) =>
        Effect.gen(function* () {
          const files = indexFilesIn(directory)
          yield* files.write("acme", Buffer.from("one"))
          const [name = ""] = readdirSync(directory)
          const left = `${name}.left-by-a-crash.tmp`
          const fresh = `${name}.of-another-process.tmp`
          for (const one of [left, fresh, "foreign.tmp"]) writeFileSync(join(directory, one), "half")
          for (const one of [left, "foreign.tmp"]) utimesSync(join(directory, one), 1_000_000, 1_000_000)
          yield* files.write("acme", Buffer.from("two"))
          assert.sameMembers(readdirSync(directory), [name, fresh, "foreign.tmp"])
          assert.strictEqual(readFileSync(join(directory, name), "utf8"), "two")
        }),
      (directory) => Effect.sync(() => rmSync(directory, { recursive: true, force: true })),
    ),
  )
})
