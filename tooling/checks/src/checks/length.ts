// Long files hide more than one reason to change. Functions are limited by oxlint (max-lines-per-function).
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { type Check } from "../Check.ts"
import { filesBelow, workspacePackages } from "../workspace/Workspace.ts"

const limit = 400
const counted = /\.(?:ts|tsx|mts|mjs|cjs|js|css|html|sh)$/

export const length: Check = {
  name: "length",
  title: `file length (at most ${limit} lines)`,
  remedy: "Split the file by reason to change: wire schema, client, port and routes apart.",
  run: async ({ root }) => {
    const bootstrap = filesBelow(root, "tooling/bootstrap")
    const files = workspacePackages(root).flatMap(({ directory }) => filesBelow(root, directory))
    return [...new Set([...bootstrap, ...files])]
      .filter((file) => counted.test(file))
      .map((file) => ({
        file,
        lines: readFileSync(join(root, file), "utf8").replace(/\n$/, "").split("\n").length,
      }))
      .filter(({ lines }) => lines > limit)
      .map(({ file, lines }) => ({ file, message: `has ${lines} lines, more than ${limit}` }))
  },
}
