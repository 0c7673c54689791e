/** Builds the browser's files before the tests when they are missing or older than their sources. */
import { readdirSync, statSync } from "node:fs"
import { join } from "node:path"
import { pathToFileURL } from "node:url"

const root = join(import.meta.dirname, "..", "..")

const newest = (folder: string): number =>
  Math.max(
    ...readdirSync(folder, { recursive: true, encoding: "utf8" }).map(
      (name) => statSync(join(folder, name)).mtimeMs,
    ),
  )

export default async (): Promise<void> => {
  const built =
    statSync(join(root, "dist", "browser", "manifest.json"), { throwIfNoEntry: false })?.mtimeMs ?? 0
  const sources = Math.max(
    newest(join(root, "src", "browser")),
    statSync(join(root, "tsup.config.ts")).mtimeMs,
  )
  if (built >= sources) return
  // Outside of the tests' own TypeScript project.
  const config: { readonly buildBrowser: () => Promise<void> } = await import(
    pathToFileURL(join(root, "tsup.config.ts")).href
  )
  await config.buildBrowser()
}
