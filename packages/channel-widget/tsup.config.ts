import { createHash } from "node:crypto"
import { mkdir, readFile, rm, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import * as esbuild from "esbuild"
import { build } from "../../tooling/tsup.base.ts"

// tsup bundles this file elsewhere and keeps its URL; the tests import it as it is.
const root = dirname(fileURLToPath(import.meta.url))

/** Styles as text, without what only people need. */
const cssText: esbuild.Plugin = {
  name: "css-text",
  setup: (builder) => {
    builder.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await esbuild.transform(await readFile(path, "utf8"), { loader: "css", minify: true })
      return { contents: code.trim(), loader: "text" }
    })
  },
}

const bundle = async (entry: string, define: Record<string, string>): Promise<Uint8Array> => {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [`src/browser/${entry}`],
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    platform: "browser",
    target: ["chrome123", "firefox120", "safari17.5"],
    charset: "utf8",
    legalComments: "none",
    jsx: "automatic",
    jsxImportSource: "preact",
    define,
    plugins: [cssText],
  })
  const [file] = outputFiles
  if (file === undefined) throw new Error(`esbuild made nothing of ${entry}`)
  return file.contents
}

/** Builds what browsers load into `dist/browser`: the bundle under a name of its contents, and the loader that knows it. */
export const buildBrowser = async (): Promise<void> => {
  const out = join(root, "dist", "browser")
  const widget = await bundle("main.ts", {})
  const digest = createHash("sha384").update(widget).digest()
  const name = `widget-${digest.toString("hex").slice(0, 16)}.js`
  const loader = await bundle("loader.ts", {
    __BUNDLE__: JSON.stringify(`assets/${name}`),
    __INTEGRITY__: JSON.stringify(`sha384-${digest.toString("base64")}`),
  })
  await rm(out, { recursive: true, force: true })
  await mkdir(out, { recursive: true })
  await writeFile(join(out, name), widget)
  await writeFile(join(out, "loader.js"), loader)
  // Last: whoever finds it finds the others.
  await writeFile(join(out, "manifest.json"), JSON.stringify({ loader: "loader.js", bundle: name }))
}

export default build({ onSuccess: buildBrowser })
