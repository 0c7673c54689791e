/** A folder as a source: what is read, what is not, and that nothing outside of it ever is. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { chmod, mkdir, rename, rm, symlink, unlink, utimes, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import type { FolderSourceConfig } from "../../src/config/SourceConfig.ts"
import { makeFolderSync } from "../../src/sync/folder/folderSync.ts"
import { inFolder } from "../support/run.ts"
import { org, recorder, stored, stores } from "./support.ts"

const put = async (folder: string, files: Readonly<Record<string, string | Uint8Array>>) => {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
}

const settings = (path: string, more: Partial<FolderSourceConfig> = {}): FolderSourceConfig => ({
  id: "files",
  type: "folder",
  path,
  locale: "en",
  visibility: "public",
  maxFiles: 1_000,
  maxFileBytes: 10_000,
  ...more,
})

const syncOf = (path: string, more: Partial<FolderSourceConfig> = {}) =>
  makeFolderSync({ orgId: org, source: settings(path, more), onProgress: recorder().onProgress })

/** Runs in a folder that is gone afterwards; `outside` is beside it. */
const inTwo = <A>(test: (folder: string, outside: string) => Effect.Effect<A, unknown, never>) =>
  inFolder(async (base) => {
    await put(base, { "docs/.keep": "", "outside/secret.md": "# Secret\n\nThe code is 7731." })
    return Effect.runPromise(test(join(base, "docs"), join(base, "outside")))
  })

const io = (work: () => Promise<unknown>) => Effect.promise(work)

describe("a folder of files", () => {
  it("is read as Markdown and HTML, with what each file says of itself", () =>
    inTwo((folder) =>
      Effect.gen(function* () {
        yield* io(() =>
          put(folder, {
            "returns.md": "# How to return\n\nWithin **30** days.\n",
            "orders/track/where-is-it.markdown":
              "---\ntitle: 'Where is my order?'\nlocale: pt_BR\nlabels: [orders, \"late ones\"]\nurl: https://acme.example/a\nid: track\n---\n# Heading\n\nLook here.",
            "orders/وضع.md": "---\ntitle: حالة الطلب\nlang: ar\n---\nخمسة أيام",
            "page.html":
              '<html lang="de"><head><title>Seite &amp; mehr</title></head><body><nav>Start</nav><main><h1>Rückgabe</h1><p hidden>geheim</p><p>Binnen 30 Tagen.</p></main></body></html>',
            "internal.md": "---\r\nvisibility: internal\r\n---\r\nFor us.",
            "odd.md": "---\nvisibility: Everybody\n---\nFor whom?",
            "broken.md": "---\n: : nonsense\n---\nText.",
            "draft.md": "---\ndraft: true\n---\nNot yet.",
            "not-a-draft.md": "---\ndraft: false\nvisibility: PUBLIC\n---\nDone.",
            "picture.png": "no text",
            ".hidden/x.md": "hidden",
          }),
        )
        const sync = yield* syncOf(folder)
        const report = yield* sync.incremental
        assert.deepInclude(report, {
          seen: 8,
          changed: 8,
          skippedDrafts: 1,
          internal: 3,
          failed: 0,
          calls: 0,
        })
        const articles = yield* stored
        assert.deepInclude(articles.get("returns.md"), {
          articleId: "returns.md",
          title: "How to return",
          body: "Within **30** days.",
          locale: "en",
          path: [],
          visibility: "public",
          url: null,
        })
        assert.deepInclude(articles.get("orders/track/where-is-it.markdown"), {
          articleId: "track",
          title: "Where is my order?",
          locale: "pt-br",
          labels: ["orders", "late ones"],
          url: "https://acme.example/a",
          path: ["orders", "track"],
        })
        assert.deepInclude(articles.get("orders/وضع.md"), {
          title: "حالة الطلب",
          locale: "ar",
          body: "خمسة أيام",
        })
        assert.deepInclude(articles.get("page.html"), {
          title: "Rückgabe",
          locale: "de",
          body: "Binnen 30 Tagen.",
        })
        for (const name of ["internal.md", "odd.md", "broken.md"])
          assert.strictEqual(articles.get(name)?.visibility, "internal", name)
        assert.strictEqual(articles.get("not-a-draft.md")?.visibility, "public")
        assert.strictEqual(articles.size, 8)
      }).pipe(Effect.provide(stores)),
    ))

  it("is followed through edits, renames, withdrawals and deletions, and reads only what changed", () =>
    inTwo((folder) =>
      Effect.gen(function* () {
        yield* io(() => put(folder, { "a.md": "# A\n\none", "b.md": "# B\n\ntwo", "c/d.md": "# D\n\nthree" }))
        const sync = yield* syncOf(folder)
        yield* sync.incremental
        assert.deepInclude(yield* sync.incremental, { kind: "incremental", seen: 0, changed: 0, removed: 0 })
        assert.deepInclude(yield* sync.full, { kind: "full", seen: 3, changed: 0, removed: 0 })
        yield* io(() => put(folder, { "a.md": "# A\n\nanother text" }))
        yield* io(() => rename(join(folder, "b.md"), join(folder, "e.md")))
        yield* io(() => put(folder, { "c/d.md": "---\ndraft: yes\n---\n# D\n\nthree" }))
        assert.deepInclude(yield* sync.incremental, { changed: 2, removed: 2, skippedDrafts: 1 })
        assert.sameMembers([...(yield* stored).keys()], ["a.md", "e.md"])
        yield* io(() => unlink(join(folder, "e.md")))
        assert.deepInclude(yield* sync.incremental, { changed: 0, removed: 1 })
        const internal = yield* syncOf(folder, { visibility: "internal" })
        assert.deepInclude(yield* internal.incremental, { changed: 1, internal: 1 })
      }).pipe(Effect.provide(stores)),
    ))

  it("is left by no link, enters no circle, and takes links within it", () =>
    inTwo((folder, outside) =>
      Effect.gen(function* () {
        yield* io(() => put(folder, { "..data/real.md": "# Real\n\nmounted", "sub/x.md": "# X\n\nx" }))
        yield* io(() => symlink(join(folder, "..data/real.md"), join(folder, "real.md")))
        yield* io(() => symlink(join(outside, "secret.md"), join(folder, "secret.md")))
        yield* io(() => symlink(outside, join(folder, "linked")))
        yield* io(() => symlink("../../outside/secret.md", join(folder, "sub/up.md")))
        yield* io(() => symlink(folder, join(folder, "sub/circle")))
        yield* io(() => symlink("nowhere", join(folder, "dangling.md")))
        const report = yield* (yield* syncOf(folder)).full
        const articles = yield* stored
        assert.sameMembers([...articles.keys()], ["real.md", "sub/x.md"])
        assert.sameMembers(
          report.errors.map((error) => error.articleId),
          ["secret.md", "linked", "sub/up.md", "dangling.md"],
        )
        assert.notInclude([...articles.values()].map((one) => one.body).join(), "7731")
      }).pipe(Effect.provide(stores)),
    ))

  it("tells what is too large, too many, no text or empty, and reads the rest; a last good text stands", () =>
    inTwo((folder) =>
      Effect.gen(function* () {
        yield* io(() => put(folder, { "a.md": "# A\n\ngood", "b.md": "# B\n\ngood" }))
        const sync = yield* syncOf(folder)
        yield* sync.full
        yield* io(() =>
          put(folder, {
            "a.md": "x".repeat(10_001),
            "bytes.md": new Uint8Array([0xff, 0xfe, 0x00, 0x41]),
            "empty.md": "---\ntitle: Nothing\n---\n\n",
          }),
        )
        const report = yield* sync.incremental
        assert.deepInclude(report, { changed: 0, removed: 0, failed: 3 })
        assert.sameMembers(
          report.errors.map((error) => error.articleId),
          ["a.md", "bytes.md", "empty.md"],
        )
        assert.include((yield* stored).get("a.md")?.body, "good")
        const few = yield* (yield* syncOf(folder, { maxFiles: 2 })).incremental
        assert.isTrue(few.errors.some((error) => error.detail.includes("maxFiles")))
      }).pipe(Effect.provide(stores)),
    ))

  it("that is not there, or that lost almost everything, removes nothing until a person says so", () =>
    inTwo((folder) =>
      Effect.gen(function* () {
        const names = Array.from({ length: 40 }, (_, n) => `${n}.md`)
        yield* io(() => put(folder, Object.fromEntries(names.map((name) => [name, `# ${name}\n\ntext`]))))
        const sync = yield* syncOf(folder)
        yield* sync.full
        yield* io(() => rename(folder, `${folder}-away`))
        const gone = yield* Effect.flip(sync.incremental)
        assert.include(gone.message, folder)
        assert.strictEqual((yield* stored).size, 40)
        yield* io(() => mkdir(folder))
        assert.deepInclude(yield* sync.incremental, { removed: 0, heldBack: 40 })
        assert.strictEqual((yield* stored).size, 40)
        yield* io(() => rm(folder, { recursive: true }))
        yield* io(() => rename(`${folder}-away`, folder))
        assert.deepInclude(yield* sync.incremental, { removed: 0, heldBack: 0, changed: 0 })
        for (const name of names.slice(0, 30)) yield* io(() => unlink(join(folder, name)))
        assert.deepInclude(yield* sync.full, { removed: 0, heldBack: 30 })
        assert.deepInclude(yield* sync.fullAcceptingLoss, { removed: 30, heldBack: 0 })
      }).pipe(Effect.provide(stores)),
    ))

  it("tells its progress", () =>
    inTwo((folder) =>
      Effect.gen(function* () {
        const names = Array.from({ length: 120 }, (_, n) => `${n}.md`)
        yield* io(() => put(folder, Object.fromEntries(names.map((name) => [name, `# ${name}\n\ntext`]))))
        yield* io(() => utimes(join(folder, "0.md"), 1_000, 1_000))
        const { onProgress, told } = recorder()
        yield* (yield* makeFolderSync({ orgId: org, source: settings(folder), onProgress })).full
        assert.deepStrictEqual(
          told.map(({ done, total }) => [done, total]),
          [
            [0, 120],
            [50, 120],
            [100, 120],
            [120, 120],
          ],
        )
        assert.strictEqual((yield* stored).get("0.md")?.updatedAt, 1_000_000)
      }).pipe(Effect.provide(stores)),
    ))
})

describe("a folder in the folder that may not be read", () => {
  it("ends the run, and removes nothing", async (context) => {
    if (globalThis.process.getuid?.() === 0) context.skip("runs as root, whom no file mode keeps out")
    await inTwo((folder) =>
      Effect.gen(function* () {
        yield* io(() => put(folder, { "a.md": "# A\n\none", "closed/b.md": "# B\n\ntwo" }))
        const sync = yield* syncOf(folder)
        yield* sync.full
        yield* io(() => chmod(join(folder, "closed"), 0o000))
        const error = yield* Effect.flip(sync.full)
        yield* io(() => chmod(join(folder, "closed"), 0o700))
        assert.strictEqual(error._tag, "KnowledgeError")
        assert.strictEqual((yield* stored).size, 2)
      }).pipe(Effect.provide(stores)),
    )
  })
})
