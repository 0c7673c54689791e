import { describe, expect, it } from "vitest"
import { attacksOn } from "../src/regex/attack.ts"
import { slowText } from "../src/regex/measure.ts"
import { regexes } from "../src/checks/regexes.ts"
import { findingsOf, repository } from "./fixture.ts"

const isSlow = (source: string, flags = ""): boolean =>
  slowText({ source, flags }, attacksOn(source, 32_000)) !== null

describe("hostile texts", () => {
  const slow = [
    ["(a+)+$", ""],
    ["^(?:\\w+\\s?)*$", ""],
    ["(x|x)*y", ""],
    ["\\s+$", ""],
    ["[a-z][a-z0-9+.-]*:\\/\\/", "gi"],
    ["\\[([^\\]]+)\\]\\(", "g"],
    ["^(\\d+)*\\.$", ""],
    ["(?:\\p{L}+)+!", "u"],
  ] as const
  it.each(slow)("find that /%s/%s is slow", { timeout: 60_000 }, (source, flags) => {
    expect(isSlow(source, flags)).toBe(true)
  })

  const quick = [
    ["^[a-z]+$", ""],
    ["(?<![a-z])[a-z]+:", "gi"],
    ["\\s{0,80}$", ""],
    ["^\\/hooks\\/[a-z]{1,80}\\/", "g"],
    ["(?<year>\\d{4})-\\k<year>", ""],
    ["^(?=.{0,20}x)[^<>]*$", "u"],
  ] as const
  it.each(quick)("find that /%s/%s is not", { timeout: 60_000 }, (source, flags) => {
    expect(isSlow(source, flags)).toBe(false)
  })
})

describe("regexes", () => {
  it("looks at literals and at what modules put together", { timeout: 60_000 }, async () => {
    const root = repository({
      "packages/core/src/slow.ts": [
        "export const literal = /(a+)+$/",
        'const letter = "b"',
        "export const made = new RegExp(`(${letter}+)+$`)",
        "export const fine = /^a+$/",
        "",
      ].join("\n"),
    })
    const found = await findingsOf(regexes, root)
    expect(found).toHaveLength(2)
    expect(found[0]).toContain("packages/core/src/slow.ts:1 /(a+)+$/ takes more than linear time")
    expect(found[1]).toContain("packages/core/src/slow.ts /(b+)+$/")
  })
})
