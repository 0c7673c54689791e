import { build } from "../../tooling/tsup.base.ts"

// The program carries our own packages inside, so that it runs without resolving the workspace.
export default build({
  entry: ["src/index.ts", "src/main.ts"],
  noExternal: [/^@opencx\//],
  // CommonJS dependencies of the bundled packages call `require` for Node's own modules.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
})
