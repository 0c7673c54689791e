/** The table of checks: names once each, every one of them documented, and every one of them tried on something broken. */
import { assert, describe, it } from "@effect/vitest"
import { readdirSync, readFileSync } from "node:fs"
import { allChecks } from "../../src/doctor/checks/all.ts"

const here = new URL("./", import.meta.url)
const ids = allChecks.map(({ id }) => id)

describe("the table of checks", () => {
  it("has each name once", () => {
    assert.deepStrictEqual([...new Set(ids)], ids)
    assert.isAbove(ids.length, 80)
  })

  it("is documented, and nothing else is", () => {
    const text = readFileSync(new URL("../../../../docs/troubleshooting.md", here), "utf8")
    const named = [...text.matchAll(/`((?:[a-z]+)\.[a-z0-9_]+)`/g)].map(([, id]) => id ?? "")
    assert.deepStrictEqual(
      ids.filter((id) => !named.includes(id)),
      [],
    )
    const topics = new Set(ids.map((id) => id.split(".")[0]))
    const unknown = named.filter((id) => topics.has(id.split(".")[0]) && !ids.includes(id))
    assert.deepStrictEqual(
      unknown.filter((id) => !/^(assist\.(quietTopics|mode)|handoff\.\w+)$/.test(id)),
      [],
    )
  })

  it("has a test that breaks something and expects the check to name it", () => {
    const tests = readdirSync(here)
      .filter((name) => name.endsWith(".test.ts") && name !== "table.test.ts")
      .map((name) => readFileSync(new URL(name, here), "utf8"))
      .join("\n")
    // A name and what is expected of it: the problem as a pattern, or settings that bring it about.
    const breaks = [...tests.matchAll(/"([a-z]+\.[a-z0-9_]+)",\s*(?:missed|\/|\{|"\/api)/g)]
    const broken = new Set(breaks.map(([, id]) => id))
    // Assist mode's webhook and triggers are judged by the same code as those of replies, under names of their own.
    const isTried = (id: string) => broken.has(id) || broken.has(id.replace(/^assist\./, "replies."))
    assert.deepStrictEqual(
      ids.filter((id) => !isTried(id)),
      [],
    )
  })
})
