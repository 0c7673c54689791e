/** The threat model names a test for each line: none of them may be gone. */
import { assert, it } from "@effect/vitest"
import { existsSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL("../../..", import.meta.url))

/** Names in code marks; a bare file name lies beside the file before it. */
const namesIn = (row: string): ReadonlyArray<string> => {
  let folder = ""
  return [...row.matchAll(/`([\w./*-]+)`/g)].flatMap(([, name = ""]) => {
    if (/^(?:packages|apps|tooling|\.github)\//.test(name)) {
      folder = dirname(name)
      return [name]
    }
    return name.endsWith(".test.ts") ? [join(folder, name)] : []
  })
}

it("docs/security.md names tests that exist, in every row", async () => {
  const text = await readFile(join(root, "docs/security.md"), "utf8")
  const rows = text
    .split("\n")
    .filter((line) => /^\| (?!threat|who|---)/.test(line) && line.split("|").length === 5)
  const shown = rows.slice(rows.findIndex((row) => row.includes("forged webhooks")))
  assert.isAbove(shown.length, 30)
  for (const row of shown) {
    const names = namesIn(row)
    const last = row.split("|").at(-2)?.trim()
    assert.isTrue(names.length > 0 || last === "–" || last === "the fuzz tests above", row.slice(0, 80))
    for (const name of names)
      assert.isTrue(
        existsSync(join(root, name.split("*")[0]?.replace(/[^/]*$/, "") ?? "")) &&
          (name.includes("*") || existsSync(join(root, name))),
        name,
      )
  }
})
