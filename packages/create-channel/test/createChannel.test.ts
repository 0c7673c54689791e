import { afterEach, assert, beforeEach, describe, it } from "vitest"
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createChannel, Refusal, renderChannel } from "../src/index.ts"
import { requestFor } from "./support/request.ts"

let place: string
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "opencx-create-"))
})
afterEach(() => rmSync(place, { recursive: true, force: true }))

const refusal = (run: () => unknown): Refusal => {
  try {
    run()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
  throw new Error("was not refused")
}

/** The words of the templates that stand for something, however they are cut. */
const placeholders = /[a-z_-]_here\b|-here\b|Title Here|Author Here|License-Here|VERSION\.HERE|@scope\//

describe("createChannel", () => {
  it("writes what a package needs, under the names that npm wants", () => {
    const { directory, files } = createChannel(requestFor(join(place, "a", "b")))
    for (const file of [
      ".gitignore",
      "AGENTS.md",
      "LICENSE",
      "README.md",
      "package.json",
      "src/index.ts",
      "src/inbound/verify.ts",
      "test/contract.test.ts",
      "tsconfig.json",
    ])
      assert.include(files, file)
    assert.isEmpty(files.filter((file) => /(?:^|\/)_|_test\.ts$/.test(file)))
    const manifest: { readonly name: string; readonly license: string } = JSON.parse(
      readFileSync(join(directory, "package.json"), "utf8"),
    )
    assert.strictEqual(manifest.name, "@acme/opencx-channel-line")
    assert.strictEqual(manifest.license, "MIT")
    const plugin = readFileSync(join(directory, "src/plugin.ts"), "utf8")
    assert.include(plugin, 'id: "line"')
    assert.include(plugin, 'title: "LINE"')
  })

  it("leaves no placeholder anywhere", () => {
    for (const providerAuth of ["hmac", "bearer"] as const) {
      for (const [path, text] of renderChannel(requestFor(place, { providerAuth }))) {
        const found = text.split("\n").find((line) => placeholders.test(line))
        assert.isUndefined(found, `${path}: ${found}`)
        assert.notMatch(path, placeholders)
      }
    }
  })

  it("a title that ends comments ends none", () => {
    for (const [path, text] of renderChannel(requestFor(place, { title: "*/ x" }))) {
      if (path.endsWith(".ts") && text.includes("*/ x")) assert.strictEqual(path, "src/plugin.ts")
    }
  })

  it("a value that looks like a placeholder stays what it is", () => {
    const text = renderChannel(requestFor(place, { title: "channel_id_here" })).get("src/plugin.ts")
    assert.include(text, 'title: "channel_id_here"')
  })

  it("the same request writes the same bytes", () => {
    const one = renderChannel(requestFor(place))
    assert.deepStrictEqual([...one], [...renderChannel(requestFor(place))])
    createChannel(requestFor(join(place, "x")))
    for (const [path, text] of one) assert.strictEqual(readFileSync(join(place, "x", path), "utf8"), text)
  })

  it("the proof of webhooks and the license are the ones that were asked for", () => {
    const bearer = renderChannel(requestFor(place, { providerAuth: "bearer", license: "ISC" }))
    assert.include(bearer.get("src/inbound/verify.ts"), "Bearer")
    assert.notInclude(bearer.get("src/inbound/verify.ts"), "createHmac")
    assert.include(bearer.get("LICENSE"), "ISC License\n\nCopyright (c) Acme Ltd")
    assert.isFalse(renderChannel(requestFor(place, { license: "UNLICENSED" })).has("LICENSE"))
  })

  it("a tag has no hyphens: Zendesk would keep them, the contract does not", () => {
    const text = renderChannel(requestFor(place, { id: "my-line" })).get("src/plugin.ts")
    assert.include(text, 'channelTag: "my_line"')
  })

  it("refuses a folder with something in it, and touches nothing", () => {
    writeFileSync(join(place, "notes.txt"), "mine")
    const error = refusal(() => createChannel(requestFor(place)))
    assert.include(error.message, "not empty")
    assert.include(error.hint, "--dir")
    assert.deepStrictEqual(readdirSync(place), ["notes.txt"])
  })

  it("takes an empty folder, and one that only git knows", () => {
    mkdirSync(join(place, ".git"))
    assert.isAbove(createChannel(requestFor(place)).files.length, 20)
    assert.include(refusal(() => createChannel(requestFor(place))).message, "not empty")
  })

  it("refuses a file in place of the folder", () => {
    writeFileSync(join(place, "file"), "")
    assert.include(refusal(() => createChannel(requestFor(join(place, "file")))).message, "is a file")
  })

  it("a folder that cannot be made is a refusal in plain words", () => {
    writeFileSync(join(place, "file"), "")
    const error = refusal(() => createChannel(requestFor(join(place, "file", "x"))))
    assert.include(error.message, "could not be written")
  })

  it("refuses names before anything is written", () => {
    for (const over of [
      { name: "Not A Name" },
      { id: "email" },
      { id: "Line" },
      { title: 'LINE" ; process.exit() //' },
      { author: "a\nb" },
    ]) {
      refusal(() => createChannel(requestFor(join(place, "x"), over)))
      assert.deepStrictEqual(readdirSync(place), [])
    }
  })
})
