// What a source file imports and calls, from its syntax tree.
import { readFileSync } from "node:fs"
import { parseSync, Visitor, type CallExpression, type Expression } from "oxc-parser"

export interface Import {
  readonly specifier: string
  readonly line: number
}

export interface Call {
  /** The callee as written, without arguments: `Effect.runPromise`, `it.effect.skip`. */
  readonly path: ReadonlyArray<string>
  readonly line: number
  /** Whether the first argument is a string or a template. */
  readonly firstArgumentIsText: boolean
}

export interface Source {
  readonly imports: ReadonlyArray<Import>
  readonly calls: ReadonlyArray<Call>
  /** Syntax errors; a file that does not parse was not looked at, so this must be reported. */
  readonly errors: ReadonlyArray<string>
}

/** The line, from 1, of an offset. */
export const lineAt = (text: string, offset: number) => text.slice(0, offset).split("\n").length

const calleePath = (expression: Expression): ReadonlyArray<string> => {
  if (expression.type === "Identifier") return [expression.name]
  if (expression.type === "CallExpression") return calleePath(expression.callee)
  if (expression.type === "MemberExpression" && expression.object.type !== "Super") {
    const owner = calleePath(expression.object)
    return expression.property.type === "Identifier" && !expression.computed
      ? [...owner, expression.property.name]
      : owner
  }
  return []
}

const isText = (call: CallExpression) => {
  const first = call.arguments[0]
  return (first?.type === "Literal" && typeof first.value === "string") || first?.type === "TemplateLiteral"
}

/** Parses one file. */
export const readSource = (file: string): Source => {
  const text = readFileSync(file, "utf8")
  const parsed = parseSync(file, text)
  const imports: Array<Import> = []
  const calls: Array<Call> = []
  const add = (specifier: string, offset: number) => imports.push({ specifier, line: lineAt(text, offset) })
  for (const statement of parsed.module.staticImports) add(statement.moduleRequest.value, statement.start)
  for (const statement of parsed.module.staticExports) {
    const request = statement.entries.find((entry) => entry.moduleRequest !== null)?.moduleRequest
    if (request) add(request.value, statement.start)
  }
  new Visitor({
    ImportExpression(node) {
      if (node.source.type === "Literal" && typeof node.source.value === "string")
        add(node.source.value, node.start)
    },
    TSImportType(node) {
      if (typeof node.source.value === "string") add(node.source.value, node.start)
    },
    CallExpression(node) {
      const path = calleePath(node.callee)
      if (path.length > 0)
        calls.push({ path, line: lineAt(text, node.start), firstArgumentIsText: isText(node) })
    },
  }).visit(parsed.program)
  return { imports, calls, errors: parsed.errors.map((error) => error.message) }
}
