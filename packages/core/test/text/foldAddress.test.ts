import { assert, describe, it } from "@effect/vitest"
import { foldAddress } from "../../src/text/foldAddress.ts"

describe("addresses are the same", () => {
  it.each([
    ["Dana@Example.COM", "dana@example.com"],
    ["  dana@example.com\t", "dana@example.com"],
    ["ÄRGER@example.com", "ärger@example.com"],
  ])("%j and %j", (one, other) => assert.strictEqual(foldAddress(one), foldAddress(other)))
})

describe("addresses that look alike are not the same", () => {
  it.each([
    ["\u212Aim@example.com", "kim@example.com"],
    ["ａdmin@example.com", "admin@example.com"],
    ["аdmin@example.com", "admin@example.com"],
    ["admın@example.com", "admin@example.com"],
    ["İ@example.com", "i@example.com"],
    ["ſam@example.com", "sam@example.com"],
    ["dana@ⓔxample.com", "dana@example.com"],
  ])("%j and %j", (one, other) => assert.notStrictEqual(foldAddress(one), foldAddress(other)))

  it("no character outside of ASCII becomes one inside", () => {
    for (let code = 0x80; code <= 0x10ffff; code++) {
      if (code >= 0xd800 && code <= 0xdfff) continue
      const folded = foldAddress(`x${String.fromCodePoint(code)}x`).slice(1, -1)
      if (/^[\u0021-\u007e]+$/.test(folded)) assert.fail(`U+${code.toString(16)} becomes ${folded}`)
    }
  })
})
