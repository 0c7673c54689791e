/** The embedded database does not take writes for a while: locked by another process, or the disk is full. */
import { execFileSync, spawn } from "node:child_process"
import { mkdtempSync, rmSync, unlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { liveThrough } from "../support/outage.ts"
import { startRuntime } from "../support/runtimeProcess.ts"
import { setStage } from "../support/stage.ts"

/** Another process that takes the write lock and keeps it until it is killed. */
const lockFile = (file: string) => {
  const code = `const { DatabaseSync } = require("node:sqlite");
const db = new DatabaseSync(process.argv[1], { timeout: 5000 }); db.exec("BEGIN IMMEDIATE"); console.log("locked"); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ["-e", code, file], { stdio: ["ignore", "pipe", "inherit"] })
  return new Promise<() => Promise<void>>((resolve) => {
    child.stdout.once("data", () =>
      resolve(
        () =>
          new Promise((gone) => {
            if (child.exitCode !== null || child.signalCode !== null) return gone()
            child.once("exit", () => gone())
            child.kill("SIGKILL")
          }),
      ),
    )
  })
}

/** A small file system of its own, or the reason why there is none. */
const smallDisk = (megabytes: number): { readonly dir: string; readonly remove: () => void } | string => {
  const dir = mkdtempSync(join(tmpdir(), "opencx-disk-"))
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", dir], { stdio: "pipe" })
  } catch (error) {
    rmSync(dir, { recursive: true, force: true })
    return `no file system of limited size can be mounted here (${error instanceof Error ? error.message.split("\n")[0] : "unknown"})`
  }
  return {
    dir,
    remove: () => {
      execFileSync("umount", ["-l", dir])
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

describe("SQLite", () => {
  it("locked by another process for 10 s", { timeout: 240_000 }, async () => {
    const stage = await setStage({ reconcileSeconds: 1 })
    const runtime = await startRuntime(stage.configFile)
    let release = async () => {}
    await liveThrough(stage, runtime, {
      seconds: 10,
      before: 4,
      during: 4,
      begin: async () => {
        release = await lockFile(join(stage.dataDir, "opencx.db"))
      },
      end: () => release(),
    }).finally(async () => {
      await release().catch(() => undefined)
      await runtime.kill()
      await stage.close()
    })
  })

  const disk = smallDisk(64)
  if (typeof disk === "string") {
    console.warn(
      `SKIPPED: the disk-full test did not run: ${disk}. Run the tests as root on Linux to have it.`,
    )
  }
  it.skipIf(typeof disk === "string")("disk full for 10 s", { timeout: 240_000 }, async () => {
    if (typeof disk === "string") return
    const stage = await setStage({ reconcileSeconds: 1 }, {}, disk.dir)
    const runtime = await startRuntime(stage.configFile)
    const filler = join(disk.dir, "filler")
    const fill = () => {
      for (let bytes = 1_048_576; bytes >= 1;) {
        try {
          writeFileSync(filler, Buffer.alloc(bytes), { flag: "a" })
        } catch {
          bytes = Math.floor(bytes / 2)
        }
      }
    }
    try {
      await liveThrough(stage, runtime, {
        seconds: 10,
        before: 4,
        during: 4,
        begin: async () => fill(),
        end: async () => unlinkSync(filler),
      })
      const told = runtime.log().find((line) => line.includes("The store does not answer: "))
      assert.include(told, "The disk is full")
    } finally {
      await runtime.kill()
      await stage.close()
      disk.remove()
    }
  })
})
