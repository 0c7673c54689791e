// A small repository in a temporary folder that every check finds clean, to be broken one way at a time.
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { afterEach } from "vitest"
import { type Check, renderFinding } from "../src/Check.ts"
import { toolRoot } from "../src/tools/Process.ts"

const sharedConfigs = [
  "tsconfig.base.json",
  "tsconfig.test.json",
  "tsconfig.diagnostics.json",
  ".oxlintrc.json",
  ".oxfmtrc.json",
  "knip.jsonc",
]

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`

const manifest = (name: string, more: object = {}) =>
  json({ name, version: "0.0.0", type: "module", exports: "./src/index.ts", ...more })

const config = (base: string, rootDirectory: string, references: ReadonlyArray<string>) =>
  json({
    extends: base,
    compilerOptions: { rootDir: rootDirectory, outDir: rootDirectory === "src" ? "dist" : "../dist-test" },
    include: [rootDirectory],
    references: references.map((path) => ({ path })),
  })

const sources: Readonly<Record<string, string>> = {
  "package.json": json({ name: "fixture", private: true, type: "module", dependencies: { vitest: "*" } }),
  "pnpm-workspace.yaml": "packages:\n  - packages/*\n",
  "tsconfig.json": json({
    files: [],
    references: [
      { path: "./packages/core" },
      { path: "./packages/core/test" },
      { path: "./packages/storage" },
    ],
  }),
  "packages/core/package.json": manifest("@opencx/core", { peerDependencies: { effect: "*" } }),
  "packages/core/tsconfig.json": config("../../tsconfig.base.json", "src", []),
  "packages/core/src/index.ts": 'export { greeting } from "./greeting.ts"\n',
  "packages/core/src/greeting.ts":
    'import { Effect } from "effect"\n\n/** Says hello. */\nexport const greeting = Effect.succeed("hello")\n',
  "packages/core/test/tsconfig.json": config("../../../tsconfig.test.json", ".", [".."]),
  "packages/core/test/greeting.test.ts": [
    'import { Effect } from "effect"',
    'import { expect, it } from "vitest"',
    'import { greeting } from "../src/greeting.ts"',
    "",
    'it("greets", async () => expect(await Effect.runPromise(greeting)).toBe("hello"))',
    "",
  ].join("\n"),
  "packages/storage/package.json": manifest("@opencx/storage", {
    dependencies: { "@opencx/core": "workspace:*" },
    peerDependencies: { effect: "*" },
  }),
  "packages/storage/tsconfig.json": config("../../tsconfig.base.json", "src", ["../core"]),
  "packages/storage/src/index.ts": 'export { greeting } from "@opencx/core"\n',
}

const created: Array<string> = []

afterEach(() => {
  for (const directory of created.splice(0)) rmSync(directory, { recursive: true, force: true })
})

/** Writes `files` into the repository at `root`. */
export const write = (root: string, files: Readonly<Record<string, string>>): void => {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
}

/** An empty folder that the test's end removes. */
export const emptyFolder = (): string => {
  const root = mkdtempSync(join(tmpdir(), "opencx-check-"))
  created.push(root)
  return root
}

/** The clean repository, with `changes` written over it. */
export const repository = (changes: Readonly<Record<string, string>> = {}): string => {
  const root = emptyFolder()
  for (const file of sharedConfigs) cpSync(join(toolRoot, file), join(root, file))
  symlinkSync(join(toolRoot, "node_modules"), join(root, "node_modules"))
  write(root, sources)
  mkdirSync(join(root, "packages/storage/node_modules/@opencx"), { recursive: true })
  symlinkSync(join(root, "packages/core"), join(root, "packages/storage/node_modules/@opencx/core"))
  write(root, changes)
  return root
}

/** Runs one check and renders its findings as the command line does. */
export const findingsOf = async (check: Check, root: string): Promise<ReadonlyArray<string>> =>
  (await check.run({ root })).map(renderFinding)
