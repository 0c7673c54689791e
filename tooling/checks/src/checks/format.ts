// oxfmt in its check mode.
import { type Check } from "../Check.ts"
import { run } from "../tools/Process.ts"

const timed = /^(.+) \(\d+(?:\.\d+)?m?s\)$/

export const format: Check = {
  name: "format",
  title: "format (oxfmt)",
  remedy: "Run `node_modules/.bin/oxfmt .` to format in place.",
  run: async ({ root }) => {
    const result = await run("oxfmt", ["--check", "."], { cwd: root })
    if (result.code === 0) return []
    const files = result.stdout.split("\n").flatMap((line) => {
      const match = timed.exec(line)
      return match ? [{ file: match[1] ?? line, message: "is not formatted" }] : []
    })
    return files.length > 0
      ? files
      : [{ message: `oxfmt ended with code ${result.code}: ${result.stdout}${result.stderr}` }]
  },
}
