import { assert, describe, it } from "vitest"
import { readFileSync } from "node:fs"
import { bareName, checkId, checkName, checkScope, checkTitle, idFor, titleFor } from "../src/names.ts"
import { Refusal } from "../src/Refusal.ts"
import { takenIds } from "../src/takenIds.ts"

const refused = (check: (text: string) => unknown, text: string) =>
  assert.throws(() => check(text), Refusal, undefined, `"${text}" was not refused`)

describe("names", () => {
  it("packages as npm has them", () => {
    for (const name of ["opencx-channel-line", "@acme/line", "line.js", "a", "@a/b-c_d", "1st", "x~y"])
      assert.strictEqual(checkName(name), name)
    for (const name of [
      "",
      " line",
      "Line",
      ".line",
      "_line",
      "li ne",
      "line/../x",
      "@acme",
      "@acme/",
      "@/line",
      "@Acme/line",
      "@acme/line/x",
      "node_modules",
      "http",
      "fs",
      "línea",
      "line\n",
      "a".repeat(215),
    ])
      refused(checkName, name)
  })

  it("scopes with and without @", () => {
    assert.strictEqual(checkScope("acme"), "@acme")
    assert.strictEqual(checkScope("@acme"), "@acme")
    assert.isNull(checkScope(""))
    for (const scope of ["@", "@a/b", "@A", "@.a", "a b"]) refused(checkScope, scope)
  })

  it("channel ids", () => {
    for (const id of ["line", "l", "my-line_2", "a".repeat(32)]) assert.strictEqual(checkId(id), id)
    for (const id of ["", "Line", "2line", "-x", "li ne", "a".repeat(33), "línea", "line\n"])
      refused(checkId, id)
    for (const id of takenIds.keys()) refused(checkId, id)
  })

  it("titles of one line that end no string", () => {
    for (const title of ["LINE", "Чат", "Zürich & Co", "It's"]) assert.strictEqual(checkTitle(title), title)
    for (const title of ["", "x", "a\nb", 'a"b', "a\\b", " a ", "x".repeat(61), "a\u202eb"])
      refused(checkTitle, title)
  })

  it("ids and titles from package names", () => {
    const ids = [
      "opencx-channel-line",
      "@acme/opencx-channel-line",
      "line-channel",
      "channel-line",
      "@a/line",
    ]
    for (const name of ids) assert.strictEqual(idFor(name), "line")
    assert.strictEqual(idFor("7.up"), "up")
    assert.strictEqual(titleFor("my_line-chat"), "My line chat")
    assert.strictEqual(checkTitle(titleFor("x")), "X channel")
    assert.strictEqual(bareName("@acme/line"), "line")
  })

  it("the ids that are taken are those of the runtime", () => {
    const source = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8")
    const runtime = source("apps/runtime/src/layers/Plugins.ts")
    const [, list = ""] = /reserved = new Set\(\[([^\]]*)\]/.exec(runtime) ?? []
    const reserved = [...list.matchAll(/"([^"]+)"/g)].map(([, id]) => id ?? "")
    assert.isAbove(reserved.length, 5)
    const shipped = [...runtime.matchAll(/from "@opencx\/channel-([a-z]+)"/g)].map(([, id]) => id ?? "")
    assert.isAbove(shipped.length, 3)
    const native = [
      ...source("packages/zendesk/src/sunshine/channels/sources.ts").matchAll(/\bid: "([^"]+)"/g),
    ]
    assert.isAbove(native.length, 3)
    for (const id of [...reserved, ...shipped, ...native.map(([, id]) => id ?? "")])
      assert.isTrue(takenIds.has(id), `${id} is missing in src/takenIds.ts`)
  })
})
