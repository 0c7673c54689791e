// How pnpm is found without installing it: through npx, at one pinned version.
import { execFile } from "node:child_process"
import { chmodSync, mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"

/** The pinned package manager, as npx wants it. */
export const PNPM = "pnpm@12.21.0"

/**
 * turbo and the packaging check call `pnpm` by name. This writes a small `pnpm` into
 * node_modules/.opencx/bin that starts the copy npx has already downloaded, or npx when that copy is gone.
 */
export const writePnpmShim = async (root) => {
  const found = await new Promise((resolve) => {
    execFile("npx", ["--yes", "-p", PNPM, "-c", "command -v pnpm"], { cwd: root }, (error, stdout) =>
      resolve(error ? "" : stdout.trim().split("\n").at(-1)),
    )
  })
  const bin = join(root, "node_modules", ".opencx", "bin")
  mkdirSync(bin, { recursive: true })
  const direct = found.startsWith("/") ? `[ -x "${found}" ] && exec "${found}" "$@"\n` : ""
  writeFileSync(join(bin, "pnpm"), `#!/bin/sh\n${direct}exec npx --yes ${PNPM} "$@"\n`)
  chmodSync(join(bin, "pnpm"), 0o755)
}

const network =
  /ENOTFOUND|ECONNREFUSED|ECONNRESET|EAI_AGAIN|ETIMEDOUT|ENETUNREACH|network|error sending request|dns/i

/** One sentence that says what to do about a failed install. */
export const explainInstallFailure = (output) => {
  if (/OUTDATED_LOCKFILE|frozen-lockfile|lockfile is not up to date/i.test(output)) {
    return `pnpm-lock.yaml is behind a package.json: run \`npx --yes ${PNPM} install\` and commit the lockfile.`
  }
  if (/ENOSPC|no space left/i.test(output)) return "the disk is full: free about 1 GB and run again."
  if (/EACCES|EPERM|permission denied/i.test(output)) {
    return "no permission to write here: check the owner of this folder and of ~/.npm, then run again."
  }
  if (network.test(output)) {
    return "the package registry cannot be reached: check the network (or `npm config get registry`) and run again."
  }
  return "the install failed: the reason is above."
}
