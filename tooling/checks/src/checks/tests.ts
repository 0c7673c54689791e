// A test that does not run must say why; a focused test hides all others.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { type Check, type Finding } from "../Check.ts"
import { readSource, type Call, type Source } from "../workspace/Source.ts"
import { typescriptFiles, workspacePackages } from "../workspace/Workspace.ts"

const runners = new Set(["it", "test", "describe", "suite"])
const conditional = new Set(["skipIf", "runIf"])

const printsSomething = (source: Source) =>
  source.calls.some(({ path }) => path[0] === "console" || path.join(".").endsWith("stdout.write"))

const judge = (call: Call, source: Source): string | undefined => {
  const [owner, ...members] = call.path
  if (owner === undefined) return undefined
  if (!runners.has(owner)) {
    // The test context's own `skip`: its first argument is the reason vitest prints.
    return members.at(-1) === "skip" && ["ctx", "context", "t"].includes(owner) && !call.firstArgumentIsText
      ? `${call.path.join(".")}() needs the reason as its argument`
      : undefined
  }
  const name = call.path.join(".")
  if (members.includes("only")) return `${name} hides every other test of the file`
  if (members.includes("skip")) return `${name} gives no reason: use ctx.skip("reason") inside the test`
  if (members.includes("todo")) return `${name} is not a test: write it or drop it`
  if (members.includes("fails")) return `${name} passes when it is broken: assert what should happen`
  const conditionally = members.some((member) => conditional.has(member))
  return conditionally && !printsSomething(source)
    ? `${name}: print a line that says why it does not run`
    : undefined
}

const suppressed = /(?:oxlint|eslint)-disable[^\n]*\bmax-lines|@ts-nocheck|@ts-ignore/

const suppressions = (root: string, file: string): ReadonlyArray<Finding> =>
  readFileSync(join(root, file), "utf8")
    .split("\n")
    .flatMap((text, index) => {
      const match = suppressed.exec(text)
      return match ? [{ file, line: index + 1, message: `"${match[0]}" switches a check off` }] : []
    })

export const tests: Check = {
  name: "tests",
  title: "no focused, skipped or silenced tests",
  remedy: "Run the test, give the printed reason, or delete it.",
  run: async ({ root }) =>
    workspacePackages(root).flatMap(({ directory }) => {
      const inTests = typescriptFiles(root, `${directory}/test`).flatMap((file) => {
        const source = readSource(join(root, file))
        return source.calls.flatMap((call) => {
          const message = judge(call, source)
          return message === undefined ? [] : [{ file, line: call.line, message }]
        })
      })
      const silenced = directory === "tooling/checks" ? [] : ["src", "test"]
      return [
        ...inTests,
        ...silenced.flatMap((part) =>
          typescriptFiles(root, `${directory}/${part}`).flatMap((file) => suppressions(root, file)),
        ),
      ]
    }),
}
