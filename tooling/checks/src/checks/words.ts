// The repository speaks of the project alone: no paths of one machine, no private hosts, no traces of how a
// text came about. The list is words.json beside this file.
import { readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { type Check, type Finding } from "../Check.ts"
import { run } from "../tools/Process.ts"
import { filesBelow } from "../workspace/Workspace.ts"

interface Rule {
  readonly pattern: string
  readonly why: string
}

const rules: ReadonlyArray<Rule> = JSON.parse(readFileSync(join(import.meta.dirname, "words.json"), "utf8"))
const compiled = rules.map(({ pattern, why }) => ({ pattern: new RegExp(pattern, "i"), why }))

// The list itself and the test that proves it.
const exempt = new Set(["tooling/checks/src/checks/words.json", "tooling/checks/test/words.test.ts"])
const binary = /\.(?:png|jpe?g|gif|ico|webp|pdf|woff2?|zip|gz|tgz|wav|mp3|ogg|mp4|sqlite)$/i
const maxBytes = 4_000_000

/** Committed files and those about to be; without git, everything that is not build output. */
const repositoryFiles = async (root: string): Promise<ReadonlyArray<string>> => {
  const listed = await run("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
  })
  return listed.code === 0 ? listed.stdout.split("\0").filter((file) => file !== "") : filesBelow(root, ".")
}

const scan = (root: string, file: string): ReadonlyArray<Finding> => {
  const stat = statSync(join(root, file), { throwIfNoEntry: false })
  if (stat === undefined || !stat.isFile() || stat.size > maxBytes) return []
  return readFileSync(join(root, file), "utf8")
    .split("\n")
    .flatMap((text, index) =>
      compiled.flatMap(({ pattern, why }) => {
        const match = pattern.exec(text)
        return match ? [{ file, line: index + 1, message: `"${match[0].trim()}": ${why}` }] : []
      }),
    )
}

export const words: Check = {
  name: "words",
  title: "forbidden words (machine paths, private hosts)",
  remedy: "Say it without the word; the list is tooling/checks/src/checks/words.json.",
  run: async ({ root }) =>
    (await repositoryFiles(root))
      .filter((file) => !exempt.has(file) && !binary.test(file))
      .flatMap((file) => scan(root, file)),
}
