import { describe, expect, it } from "vitest"
import { boundaries } from "../src/checks/boundaries.ts"
import { findCycles } from "../src/boundaries/cycles.ts"
import { findingsOf, repository } from "./fixture.ts"

const manifest = (name: string, dependencies: ReadonlyArray<string> = []) =>
  JSON.stringify({
    name,
    type: "module",
    dependencies: Object.fromEntries(dependencies.map((each) => [each, "*"])),
  })

const neighbours = {
  "packages/channel-sms/package.json": manifest("@opencx/channel-sms"),
  "packages/channel-email/package.json": manifest("@opencx/channel-email"),
  "packages/zendesk/package.json": manifest("@opencx/zendesk"),
  "packages/zendesk-emulator/package.json": manifest("@opencx/zendesk-emulator"),
  "apps/runtime/package.json": manifest("@opencx/runtime"),
}

const check = (files: Readonly<Record<string, string>>) =>
  findingsOf(boundaries, repository({ ...neighbours, ...files }))

describe("boundaries", () => {
  it("passes on a clean repository", async () => {
    expect(await check({})).toEqual([])
  })

  const forbidden = [
    ["core importing a library", "core/src/a.ts", 'import "marked"', "imports only effect"],
    ["core importing Node", "core/src/a.ts", 'import { readFileSync } from "node:fs"', "imports only effect"],
    [
      "a channel importing another",
      "channel-sms/src/a.ts",
      'import "@opencx/channel-email"',
      "may import only",
    ],
    [
      "a channel importing zendesk",
      "channel-sms/src/a.ts",
      'export * from "@opencx/zendesk"',
      "may import only",
    ],
    [
      "a type-only import of zendesk",
      "channel-sms/src/a.ts",
      'import type { X } from "@opencx/zendesk"',
      "may import",
    ],
    [
      "an inline type import",
      "channel-sms/src/a.ts",
      'export type X = import("@opencx/zendesk").X',
      "may import only",
    ],
    [
      "a dynamic import",
      "channel-sms/src/a.ts",
      'export const x = import("@opencx/zendesk")',
      "may import only",
    ],
    [
      "a channel testing with zendesk",
      "channel-sms/test/a.ts",
      'import "@opencx/zendesk"',
      "may import only",
    ],
    ["zendesk importing a channel", "zendesk/src/a.ts", 'import "@opencx/channel-sms"', "may import only"],
    [
      "zendesk importing its emulator",
      "zendesk/src/a.ts",
      'import "@opencx/zendesk-emulator"',
      "may import only",
    ],
    ["the emulator importing ours", "zendesk-emulator/src/a.ts", 'import "@opencx/core"', "none of ours"],
    ["a deep import", "channel-sms/src/a.ts", 'import "@opencx/core/src/greeting.ts"', "public are"],
    [
      "a way out of the package",
      "channel-sms/src/a.ts",
      'import "../../core/src/greeting.ts"',
      "leaves its package",
    ],
    [
      "a source importing a test",
      "channel-sms/src/a.ts",
      'import "../test/b.ts"',
      "not part of the published src",
    ],
    ["a package nobody listed", "unknown/src/a.ts", 'import "@opencx/core"', "none of ours"],
  ] as const

  it.each(forbidden)("reports %s", async (_, file, source, message) => {
    const findings = await check({
      "packages/unknown/package.json": manifest("@opencx/unknown"),
      [`packages/${file}`]: `${source}\n`,
    })
    expect(findings).toHaveLength(1)
    expect(findings[0]).toContain(`packages/${file}:1 `)
    expect(findings[0]).toContain(message)
  })

  it("allows what the layout allows", async () => {
    expect(
      await check({
        "packages/channel-sms/src/a.ts":
          'import { greeting } from "@opencx/core"\nexport const a = greeting\n',
        "packages/zendesk/test/a.test.ts": 'import "@opencx/zendesk-emulator"\nimport "@opencx/zendesk"\n',
        "apps/runtime/src/main.ts":
          'import "@opencx/zendesk"\nimport "@opencx/channel-sms"\nimport "node:fs"\n',
        "packages/core/src/a.ts": 'import * as Http from "effect/http"\nexport const a = Http\n',
      }),
    ).toEqual([])
  })

  const runners = [
    "Effect.runPromise(x)",
    "Effect.runSync(x)",
    "Layer.launch(x)",
    "NodeRuntime.runMain(x)",
    "ManagedRuntime.make(x)",
  ]

  it.each(runners)("reports %s in a package, and not in an app or a test", async (call) => {
    const source = `export const run = (x: never) => ${call}\n`
    const findings = await check({
      "packages/zendesk/src/a.ts": source,
      "packages/zendesk/test/a.test.ts": source,
      "apps/runtime/src/main.ts": source,
    })
    expect(findings).toEqual([
      `packages/zendesk/src/a.ts:1 calls ${call.slice(0, -3)}; only an app runs effects and provides layers`,
    ])
  })

  it("reports cycles between files, also of types, and between packages", async () => {
    const findings = await check({
      "packages/zendesk/src/a.ts": 'import { b } from "./b.ts"\nexport const a = b\n',
      "packages/zendesk/src/b.ts": 'import type { C } from "./c.ts"\nexport const b: C = 1\n',
      "packages/zendesk/src/c.ts": 'export type C = number\nexport { a } from "./a.ts"\n',
      "packages/channel-sms/package.json": manifest("@opencx/channel-sms", ["@opencx/channel-email"]),
      "packages/channel-email/package.json": manifest("@opencx/channel-email", ["@opencx/channel-sms"]),
    })
    const [a, b, c] = ["a", "b", "c"].map((name) => `packages/zendesk/src/${name}.ts`)
    expect(findings).toEqual([
      `${a} import cycle: ${a} → ${b} → ${c} → ${a}`,
      "packages depend on each other in a circle: @opencx/channel-email → @opencx/channel-sms → @opencx/channel-email",
    ])
  })

  it("reports a file it cannot read instead of passing it over", async () => {
    expect(await check({ "packages/core/src/a.ts": "export const = 1\n" })).toContainEqual(
      expect.stringMatching(/^packages\/core\/src\/a\.ts does not parse/),
    )
  })
})

describe("findCycles", () => {
  it("finds a self import and ignores a diamond", () => {
    expect(findCycles(new Map([["a", ["a"]]]))).toEqual([["a"]])
    const diamond = new Map([
      ["a", ["b", "c"]],
      ["b", ["d"]],
      ["c", ["d"]],
      ["d", ["outside"]],
    ])
    expect(findCycles(diamond)).toEqual([])
  })
})
