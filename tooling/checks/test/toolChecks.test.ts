// Each tool check is green on a clean repository and red, with the reason, on one broken for it.
import { expect, it } from "vitest"
import { effect } from "../src/checks/effect.ts"
import { format } from "../src/checks/format.ts"
import { lint } from "../src/checks/lint.ts"
import { types } from "../src/checks/types.ts"
import { unused } from "../src/checks/unused.ts"
import { run } from "../src/tools/Process.ts"
import { findingsOf, repository, write } from "./fixture.ts"

const limits = { timeout: 60_000 }

it.each([types, effect, lint, unused])("$name passes on a clean repository", limits, async (check) => {
  expect(await findingsOf(check, repository())).toEqual([])
})

const broken = (body: string) =>
  repository({
    "packages/core/src/greeting.ts": `import { Effect } from "effect"\n\n/** Says hello. */\n${body}\n`,
  })

it("types reports a wrong type in a source and in a test", limits, async () => {
  const inSource = broken("export const greeting = Effect.succeed(1)\nexport const word: string = 1")
  expect(await findingsOf(types, inSource)).toContainEqual(
    expect.stringMatching(/^packages\/core\/src\/greeting\.ts:5 TS2322/),
  )
  const inTest = repository({ "packages/core/test/wrong.test.ts": 'export const wrong: number = "text"\n' })
  expect(await findingsOf(types, inTest)).toContainEqual(
    expect.stringMatching(/^packages\/core\/test\/wrong\.test\.ts:1 TS2322/),
  )
})

const effectCases = [
  [
    "floatingEffect",
    'export const greeting = Effect.gen(function* () {\n  Effect.log("lost")\n  return "hello"\n})',
  ],
  [
    "missingReturnYieldStar",
    'export const greeting = Effect.gen(function* () {\n  yield* Effect.fail("no")\n})',
  ],
  [
    "globalDateInEffect",
    "export const greeting = Effect.gen(function* () {\n  return yield* Effect.succeed(Date.now())\n})",
  ],
  ["globalDate", "export const greeting = Effect.succeed(1)\nexport const now = () => Date.now()"],
  ["processEnv", 'export const greeting = Effect.succeed(1)\nexport const home = () => process.env["HOME"]'],
  ["globalConsole", 'export const greeting = Effect.succeed(1)\nexport const tell = () => console.log("x")'],
] as const

it.each(effectCases)("effect reports %s", limits, async (rule, body) => {
  expect(await findingsOf(effect, broken(body))).toContainEqual(
    expect.stringMatching(new RegExp(`^packages/core/src/greeting\\.ts:\\d+ ${rule}: `)),
  )
})

it("effect reports an effect that a test forgets to run, and lets tests read the clock", limits, async () => {
  const root = repository({
    "packages/core/test/forgotten.test.ts": [
      'import { it } from "vitest"',
      'import { greeting } from "../src/greeting.ts"',
      "",
      'it("forgets", () => {',
      "  greeting",
      "  Date.now()",
      "})",
      "",
    ].join("\n"),
  })
  const findings = await findingsOf(effect, root)
  expect(findings).toContainEqual(expect.stringMatching(/forgotten\.test\.ts:5 floatingEffect/))
  expect(findings.filter((line) => line.includes("globalDate"))).toEqual([])
})

it("effect fails when it would look at nothing", limits, async () => {
  const root = repository({ "tsconfig.base.json": '{ "compilerOptions": { "module": "NodeNext" } }' })
  expect(await findingsOf(effect, root)).toEqual(["only 0 of 4 files were looked at"])
})

it("effect reports a leaked requirement in a service", limits, async () => {
  const root = broken(
    [
      'import { Context } from "effect"',
      'class Clock extends Context.Service<Clock, { readonly now: number }>()("@opencx/core/greeting/Clock") {}',
      "export class Greeter extends Context.Service<",
      "  Greeter,",
      "  {",
      "    readonly greet: () => Effect.Effect<string, never, Clock>",
      "    readonly leave: () => Effect.Effect<string, never, Clock>",
      "  }",
      '>()("@opencx/core/greeting/Greeter") {}',
      "export const greeting = Effect.succeed(1)",
    ].join("\n"),
  )
  expect(await findingsOf(effect, root)).toContainEqual(expect.stringMatching(/leakingRequirements/))
})

it("lint reports any, a non-null assertion, console and a long function", limits, async () => {
  const lines = Array.from({ length: 85 }, (_, index) => `  total += ${index}`).join("\n")
  const root = broken(
    [
      "export const greeting = Effect.succeed(1)",
      "export const loose = (value: any) => value",
      "export const sure = (value: string | undefined) => value!.length",
      'export const tell = () => console.log("x")',
      `export const long = () => {\n  let total = 0\n${lines}\n  return total\n}`,
    ].join("\n"),
  )
  const findings = await findingsOf(lint, root)
  for (const rule of ["no-explicit-any", "no-non-null-assertion", "no-console", "max-lines-per-function"]) {
    expect(findings).toContainEqual(expect.stringMatching(new RegExp(`greeting\\.ts:\\d+ .*${rule}`)))
  }
})

it("lint reports a directive that silences nothing", limits, async () => {
  const root = broken("// oxlint-disable-next-line no-console\nexport const greeting = Effect.succeed(1)")
  expect(await findingsOf(lint, root)).toContainEqual(expect.stringMatching(/greeting\.ts:4 .*[Uu]nused/))
})

it("format names the file that is not formatted, and passes once oxfmt ran", limits, async () => {
  const root = repository()
  await run("oxfmt", ["."], { cwd: root })
  expect(await findingsOf(format, root)).toEqual([])
  write(root, { "packages/core/src/greeting.ts": "export const greeting   =  1;\n" })
  expect(await findingsOf(format, root)).toEqual(["packages/core/src/greeting.ts is not formatted"])
})

it("unused reports a file, an export and a dependency that nothing uses", limits, async () => {
  const root = repository({
    "packages/core/src/lost.ts": "export const lost = 1\n",
    "packages/core/src/greeting.ts":
      'import { Effect } from "effect"\n\nexport const greeting = Effect.succeed("hello")\nexport const spare = 1\n',
    "packages/core/package.json": JSON.stringify({
      name: "@opencx/core",
      type: "module",
      exports: "./src/index.ts",
      peerDependencies: { effect: "*" },
      dependencies: { "left-over": "1.0.0" },
    }),
  })
  const findings = await findingsOf(unused, root)
  expect(findings).toContainEqual(
    expect.stringMatching(/^packages\/core\/src\/lost\.ts file is used by nothing/),
  )
  expect(findings).toContainEqual(expect.stringMatching(/greeting\.ts:4 spare: export is used by nothing/))
  expect(findings).toContainEqual(
    expect.stringMatching(/core\/package\.json.* left-over: dependency is used by/),
  )
})
