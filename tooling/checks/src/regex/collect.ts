// Every regular expression of the sources: those written as literals by syntax tree, those that are put together by loading
// the module with a RegExp that takes notes. What a function puts together when it is called is not seen.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseSync, Visitor } from "oxc-parser"
import { run } from "../tools/Process.ts"
import { lineAt } from "../workspace/Source.ts"

export interface Expression {
  readonly file: string
  readonly line: number
  readonly source: string
  readonly flags: string
}

/** Literals of one file. */
export const literalsIn = (root: string, file: string): ReadonlyArray<Expression> => {
  const text = readFileSync(join(root, file), "utf8")
  const found: Array<Expression> = []
  new Visitor({
    Literal(node) {
      if (!("regex" in node)) return
      const { flags, pattern } = node.regex
      found.push({ file, line: lineAt(text, node.start), source: pattern, flags })
    },
  }).visit(parseSync(file, text).program)
  return found
}

const isNote = (
  value: unknown,
): value is { readonly file: string; readonly source: string; readonly flags: string } =>
  typeof value === "object" &&
  value !== null &&
  "file" in value &&
  typeof value.file === "string" &&
  "source" in value &&
  typeof value.source === "string" &&
  "flags" in value &&
  typeof value.flags === "string"

/** Expressions that modules make while they are loaded. Fails when one cannot be loaded. */
export const madeBy = async (
  root: string,
  files: ReadonlyArray<string>,
): Promise<{ readonly found: ReadonlyArray<Expression>; readonly problems: ReadonlyArray<string> }> => {
  const candidates = files.filter((file) => /\bRegExp\(/.test(readFileSync(join(root, file), "utf8")))
  if (candidates.length === 0) return { found: [], problems: [] }
  const script = fileURLToPath(new URL("./loaded.mjs", import.meta.url))
  const result = await run("node", [script, ...candidates.map((file) => join(root, file))], { cwd: root })
  if (result.code !== 0) return { found: [], problems: [`modules could not be loaded: ${result.stderr}`] }
  const notes: unknown = JSON.parse(result.stdout)
  if (!Array.isArray(notes)) return { found: [], problems: ["no notes were taken"] }
  const found = notes.filter(isNote).map(({ file, flags, source }) => ({
    file: file.slice(root.length + 1),
    line: 0,
    source,
    flags,
  }))
  return { found, problems: [] }
}
