// No regular expression of ours takes more time than its text is long: each is run on texts made to hurt it.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { type Check, type Finding } from "../Check.ts"
import { attacksOn } from "../regex/attack.ts"
import { type Expression, literalsIn, madeBy } from "../regex/collect.ts"
import { slowText } from "../regex/measure.ts"
import { filesBelow, workspacePackages } from "../workspace/Workspace.ts"

interface Exception {
  readonly file: string
  readonly source: string
  /** What bounds the text that it meets. */
  readonly why: string
}

const exceptions: ReadonlyArray<Exception> = JSON.parse(
  readFileSync(join(import.meta.dirname, "regexes.json"), "utf8"),
)

/** Squares of this are no time; cubes and powers are. What is excused must still keep to it. */
const excusedLength = 1_500

/** Longer than a mail's line, a form's field and a page's heading; short enough that all are done in seconds. */
const length = 32_000

const sourcesOf = (root: string): ReadonlyArray<string> =>
  workspacePackages(root)
    .filter(({ group }) => group !== "tooling")
    .flatMap(({ directory }) => filesBelow(root, `${directory}/src`))
    .filter((file) => /(?<!\.d)\.tsx?$/.test(file))

const unique = (expressions: ReadonlyArray<Expression>): ReadonlyArray<Expression> => [
  ...new Map(expressions.map((one) => [`${one.file}\0${one.flags}\0${one.source}`, one])).values(),
]

const excused = ({ file, source }: Expression): boolean =>
  exceptions.some((one) => one.file === file && one.source === source)

const judged = (expression: Expression): ReadonlyArray<Finding> => {
  const isExcused = excused(expression)
  const slow = slowText(expression, attacksOn(expression.source, isExcused ? excusedLength : length))
  if (slow === null) return []
  const { file, line, source } = expression
  const how = isExcused
    ? "takes more than the square of its text's length, which nothing excuses,"
    : "takes more than linear time"
  return [
    {
      file,
      ...(line > 0 ? { line } : {}),
      message: `/${source.slice(0, 120)}/ ${how} on ${JSON.stringify(slow.slice(0, 40))}…`,
    },
  ]
}

export const regexes: Check = {
  name: "regexes",
  title: "regular expressions (time on hostile texts)",
  remedy:
    "Bound or anchor the repetition (`(?<!x)x+`, `{0,80}`), or say in tooling/checks/src/checks/regexes.json what bounds the text.",
  run: async ({ root }) => {
    const files = sourcesOf(root)
    const made = await madeBy(
      root,
      // A program that starts when it is loaded, and code for browsers.
      files.filter((file) => !/\/main\.ts$|\/browser\//.test(file)),
    )
    const all = unique([...files.flatMap((file) => literalsIn(root, file)), ...made.found])
    const stale = exceptions.filter(
      (one) =>
        files.includes(one.file) &&
        !all.some(({ file, source }) => file === one.file && source === one.source),
    )
    return [
      ...made.problems.map((message) => ({ message })),
      ...stale.map(({ file, source }) => ({
        file,
        message: `regexes.json names /${source}/, which is gone`,
      })),
      ...all.flatMap(judged),
    ]
  },
}
