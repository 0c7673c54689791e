/** A folder keeps the contract of `KnowledgeSync`. */
import { ArticleStore } from "@opencx/core"
import { knowledgeSyncContract, type SyncedSource, type WrittenArticle } from "@opencx/testing"
import { Context, Effect, Layer } from "effect"
import { mkdir, mkdtemp, rename, rm, unlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { makeFolderSync } from "../../src/sync/folder/folderSync.ts"
import { org, recorder, stores } from "./support.ts"

const textOf = ({ audience, body, draft, title }: WrittenArticle): string =>
  `---\ntitle: "${title}"\nvisibility: ${audience === "agents" ? "internal" : "public"}\ndraft: ${draft}\n---\n${body}\n`

const folderSource = Effect.gen(function* () {
  const base = yield* Effect.acquireRelease(
    Effect.promise(() => mkdtemp(join(tmpdir(), "opencx-runtime-test-"))),
    (path) => Effect.promise(() => rm(path, { recursive: true, force: true })),
  )
  const folder = join(base, "docs")
  yield* Effect.promise(() => mkdir(folder))
  const context = yield* Layer.build(stores)
  const articles = new Map<string, WrittenArticle>()
  let added = 0
  const write = (id: string, article: WrittenArticle) =>
    Effect.promise(async () => {
      articles.set(id, article)
      // As editors do: whole or not at all.
      await writeFile(join(base, "new"), textOf(article))
      await rename(join(base, "new"), join(folder, id))
    })
  const sync = yield* makeFolderSync({
    orgId: org,
    source: {
      id: "files",
      type: "folder",
      path: folder,
      locale: "en",
      visibility: "public",
      maxFiles: 100,
      maxFileBytes: 10_000,
    },
    onProgress: recorder().onProgress,
  }).pipe(Effect.provide(context))
  const source: SyncedSource = {
    sync,
    store: Context.get(context, ArticleStore),
    orgId: org,
    sourceId: "files",
    add: (article) => {
      added += 1
      const id = `${added}.md`
      return Effect.as(write(id, article), id)
    },
    edit: (id, change) => {
      const known = articles.get(id)
      return known === undefined ? Effect.void : write(id, { ...known, ...change })
    },
    remove: (id) => Effect.promise(() => unlink(join(folder, id))),
    setDown: (down) =>
      Effect.promise(() => (down ? rename(folder, `${folder}-away`) : rename(`${folder}-away`, folder))),
  }
  return source
})

knowledgeSyncContract("a folder", folderSource)
