/** `docs/channel-plugins.md` against the code: its examples stand in it, and its tables are complete. */
import { assert, describe, it } from "vitest"
import { readFileSync } from "node:fs"
import { renderChannel } from "../src/index.ts"
import { requestFor } from "./support/request.ts"

const repository = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8")
const guide = repository("docs/channel-plugins.md")

/** Without indentation: an example may be a part of a function. */
const lines = (text: string): ReadonlyArray<string> =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")

const names = (text: string): ReadonlyArray<string> =>
  [...text.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name ?? "").toSorted()

const section = (heading: string): string => {
  const start = guide.indexOf(`\n## ${heading}\n`)
  return guide.slice(start, guide.indexOf("\n## ", start + 5))
}

describe("the guide for channel plugins", () => {
  it("shows code that exists", () => {
    const request = { id: "channel_id_here", title: "Channel Title Here" }
    const files = renderChannel(requestFor("/x", request))
    const examples = [...guide.matchAll(/<!-- from: (\S+) -->\n```ts\n([^]*?)```/g)]
    assert.isAtLeast(examples.length, 5)
    for (const [, path = "", code = ""] of examples) {
      const source = lines(files.get(path) ?? repository(path))
      let at = -1
      for (const line of lines(code)) {
        at = source.indexOf(line, at + 1)
        assert.isAtLeast(at, 0, `${path} has no (further) line "${line}"`)
      }
    }
    assert.strictEqual(guide.split("```ts").length - 1, examples.length, "each example names its file")
  })

  it("lists every capability and every event", () => {
    const contract = repository("packages/core/src/plugin/Plugin.ts")
    const [, capabilities = ""] = /interface Capabilities \{([^]*?)\n\}/.exec(contract) ?? []
    const declared = [...capabilities.matchAll(/^ {2}readonly (\w+):/gm)].map(([, name]) => name ?? "")
    assert.isAtLeast(declared.length, 8)
    assert.deepStrictEqual(names(section("Capabilities")), declared.toSorted())

    const events = repository("packages/core/src/plugin/ChannelEvent.ts")
    const tags = [...events.matchAll(/^ {2}readonly _tag: "(\w+)"/gm)].map(([, tag]) => tag ?? "")
    const [, failures = ""] = /TaggedUnion\(\{([^]*?)\n {2}\}\)/.exec(contract) ?? []
    const kinds = [...failures.matchAll(/^ {4}(\w+): \{/gm)].map(([, kind]) => kind ?? "")
    assert.isAtLeast(kinds.length, 5)
    const listed = new Set(names(section("The contract, piece by piece")))
    assert.deepStrictEqual([...listed].toSorted(), [...tags, ...kinds].toSorted())
  })

  it("has only links that lead somewhere", () => {
    for (const [, path = ""] of guide.matchAll(/\]\(\.\.\/([^)#]+)/g)) assert.isNotEmpty(repository(path))
    const slugs = [...guide.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
      heading
        .toLowerCase()
        .replace(/[^\w\s-]/g, "")
        .replaceAll(" ", "-"),
    )
    for (const [, anchor = ""] of guide.matchAll(/\]\(#([^)]+)\)/g)) assert.include(slugs, anchor)
  })
})
