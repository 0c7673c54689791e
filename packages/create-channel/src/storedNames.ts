/**
 * Names under which template files are stored. npm would read a `.gitignore` in this package as its own, and a nested
 * `package.json` or a test would be taken for one of this repository's.
 */

const segments: ReadonlyMap<string, string> = new Map([
  ["_gitignore", ".gitignore"],
  ["_package.json", "package.json"],
  ["_tsconfig.json", "tsconfig.json"],
  ["_tsconfig.test.json", "tsconfig.test.json"],
  ["_README.md", "README.md"],
  ["_AGENTS.md", "AGENTS.md"],
  ["_test", "test"],
])

/** `_test/contract_test.ts` → `test/contract.test.ts`. */
export const publicPath = (stored: string): string =>
  stored
    .split("/")
    .map((segment) => segments.get(segment) ?? segment)
    .join("/")
    .replace(/_test\.ts$/, ".test.ts")
