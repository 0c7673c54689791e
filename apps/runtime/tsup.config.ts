import { cp, rm } from "node:fs/promises"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "../../tooling/tsup.base.ts"

// tsup bundles this file elsewhere and keeps its URL.
const root = dirname(fileURLToPath(import.meta.url))

/** What browsers load of the web chat lies beside the program, which carries the web chat's code inside. */
const copyBrowserFiles = async (): Promise<void> => {
  const to = join(root, "dist", "browser")
  await rm(to, { recursive: true, force: true })
  await cp(join(root, "../../packages/channel-widget/dist/browser"), to, { recursive: true })
}

// The program carries our own packages inside, so that it runs without resolving the workspace.
export default build({
  entry: ["src/index.ts", "src/main.ts"],
  noExternal: [/^@opencx\//],
  // CommonJS dependencies of the bundled packages call `require` for Node's own modules.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
  onSuccess: copyBrowserFiles,
})
