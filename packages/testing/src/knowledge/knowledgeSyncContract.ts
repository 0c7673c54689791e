import { assert, describe, it } from "@effect/vitest"
import type { ArticleStore, KnowledgeSync, OrgId } from "@opencx/core"
import { Effect, type Scope } from "effect"

/** An article as an author writes it. */
export interface WrittenArticle {
  readonly title: string
  /** One line of plain text; sources that want markup wrap it. */
  readonly body: string
  readonly audience: "everybody" | "agents"
  readonly draft: boolean
}

/** A source without articles, the sync under test, and what it fills. */
export interface SyncedSource {
  readonly sync: KnowledgeSync["Service"]
  readonly store: ArticleStore["Service"]
  readonly orgId: OrgId
  readonly sourceId: string
  /** Writes an article; answers with its id. */
  readonly add: (article: WrittenArticle) => Effect.Effect<string>
  readonly edit: (articleId: string, change: Partial<WrittenArticle>) => Effect.Effect<void>
  readonly remove: (articleId: string) => Effect.Effect<void>
  /** From now on the source answers nothing, or everything again. */
  readonly setDown: (down: boolean) => Effect.Effect<void>
}

/** Starts a source; runs once per test, in the test's scope. */
export type MakeSyncedSource = Effect.Effect<SyncedSource, unknown, Scope.Scope>

const written: WrittenArticle = {
  title: "Refunds",
  body: "A refund takes five days.",
  audience: "everybody",
  draft: false,
}

/** What the store holds, by article id. */
const stored = ({ orgId, store }: SyncedSource) =>
  Effect.map(
    store.changesSince(orgId, 0),
    ({ changed }) => new Map(changed.map((article) => [article.articleId, article])),
  )

const copying = (make: MakeSyncedSource) =>
  it.live("copies what is published, agents' articles as internal, drafts never", () =>
    Effect.gen(function* () {
      const source = yield* make
      const [open, arabic] = [
        yield* source.add(written),
        yield* source.add({ ...written, title: "المرتجعات", body: "خمسة أيام عمل" }),
      ]
      const internal = yield* source.add({ ...written, title: "Override", audience: "agents" })
      const draft = yield* source.add({ ...written, title: "Unfinished", draft: true })
      const report = yield* source.sync.full
      const counted = { seen: 3, changed: 3, removed: 0, skippedDrafts: 1, internal: 1, errors: [] }
      assert.deepInclude(report, { sourceId: source.sourceId, ...counted })
      const articles = yield* stored(source)
      assert.sameMembers([...articles.keys()], [open, arabic, internal])
      assert.isFalse(articles.has(draft))
      assert.deepInclude(articles.get(open), { title: "Refunds", visibility: "public" })
      assert.include(articles.get(open)?.body, written.body)
      assert.include(articles.get(arabic)?.body, "خمسة أيام عمل")
      assert.strictEqual(articles.get(internal)?.visibility, "internal")
    }),
  )

const again = (make: MakeSyncedSource) =>
  it.live("a second run changes only what changed", () =>
    Effect.gen(function* () {
      const source = yield* make
      const ids = [yield* source.add(written), yield* source.add({ ...written, title: "Returns" })]
      yield* source.sync.full
      const { revision } = yield* source.store.changesSince(source.orgId, 0)
      assert.deepInclude(yield* source.sync.full, { seen: 2, changed: 0, removed: 0 })
      assert.strictEqual((yield* source.store.changesSince(source.orgId, 0)).revision, revision)
      yield* source.edit(ids[1] ?? "", { body: "Within thirty days." })
      assert.deepInclude(yield* source.sync.full, { seen: 2, changed: 1, removed: 0 })
      const { changed } = yield* source.store.changesSince(source.orgId, revision)
      assert.deepStrictEqual(
        changed.map((article) => article.articleId),
        [ids[1]],
      )
      assert.include(changed[0]?.body, "Within thirty days.")
    }),
  )

const vanishing = (make: MakeSyncedSource) =>
  it.live("what was removed or became a draft goes; what became internal is internal", () =>
    Effect.gen(function* () {
      const source = yield* make
      const removed = yield* source.add({ ...written, title: "Removed" })
      const withdrawn = yield* source.add({ ...written, title: "Withdrawn" })
      const restricted = yield* source.add({ ...written, title: "Restricted" })
      yield* source.sync.full
      yield* source.remove(removed)
      yield* source.edit(withdrawn, { draft: true })
      yield* source.edit(restricted, { audience: "agents" })
      assert.deepInclude(yield* source.sync.full, { seen: 1, changed: 1, removed: 2, internal: 1 })
      const articles = yield* stored(source)
      assert.deepStrictEqual([...articles.keys()], [restricted])
      assert.strictEqual(articles.get(restricted)?.visibility, "internal")
    }),
  )

const increments = (make: MakeSyncedSource) =>
  it.live("an incremental run takes in every kind of change, and changes nothing where nothing changed", () =>
    Effect.gen(function* () {
      const source = yield* make
      const edited = yield* source.add(written)
      const removed = yield* source.add({ ...written, title: "Removed" })
      const withdrawn = yield* source.add({ ...written, title: "Withdrawn" })
      const restricted = yield* source.add({ ...written, title: "Restricted" })
      const published = yield* source.add({ ...written, title: "Published", draft: true })
      yield* source.sync.incremental
      assert.sameMembers([...(yield* stored(source)).keys()], [edited, removed, withdrawn, restricted])
      const { revision } = yield* source.store.changesSince(source.orgId, 0)
      assert.deepInclude(yield* source.sync.incremental, { changed: 0, removed: 0, failed: 0 })
      assert.strictEqual((yield* source.store.changesSince(source.orgId, 0)).revision, revision)
      yield* source.edit(edited, { body: "Within thirty days." })
      yield* source.remove(removed)
      yield* source.edit(withdrawn, { draft: true })
      yield* source.edit(restricted, { audience: "agents" })
      yield* source.edit(published, { draft: false })
      const added = yield* source.add({ ...written, title: "Added" })
      assert.deepInclude(yield* source.sync.incremental, { changed: 4, removed: 2, failed: 0, heldBack: 0 })
      const articles = yield* stored(source)
      assert.sameMembers([...articles.keys()], [edited, restricted, published, added])
      assert.include(articles.get(edited)?.body, "Within thirty days.")
      assert.strictEqual(articles.get(restricted)?.visibility, "internal")
      assert.deepInclude(yield* source.sync.full, { changed: 0, removed: 0 })
    }),
  )

const losses = (make: MakeSyncedSource) =>
  it.live("a loss that is too large to believe is held back and told, until a person accepts it", () =>
    Effect.gen(function* () {
      const source = yield* make
      const ids: Array<string> = []
      for (let n = 0; n < 30; n++) ids.push(yield* source.add({ ...written, title: `Article ${n}` }))
      yield* source.sync.full
      for (const id of ids.slice(0, 20)) yield* source.remove(id)
      for (const run of [source.sync.incremental, source.sync.incremental, source.sync.full]) {
        const report = yield* run
        assert.deepInclude(report, { removed: 0, heldBack: 20 })
        assert.isTrue(report.errors.some((error) => error.articleId === "*" && error.detail.includes("20")))
        assert.strictEqual((yield* stored(source)).size, 30)
      }
      assert.deepInclude(yield* source.sync.fullAcceptingLoss, { removed: 20, heldBack: 0, errors: [] })
      assert.sameMembers([...(yield* stored(source)).keys()], ids.slice(20))
    }),
  )

const outage = (make: MakeSyncedSource) =>
  it.live("a source that is down removes nothing, and the next run goes on", () =>
    Effect.gen(function* () {
      const source = yield* make
      const id = yield* source.add(written)
      yield* source.sync.full
      yield* source.edit(id, { title: "Refunds and returns" })
      yield* source.setDown(true)
      const error = yield* Effect.flip(source.sync.full)
      assert.isTrue(error.isRetryable, error.message)
      assert.strictEqual((yield* stored(source)).get(id)?.title, "Refunds")
      yield* source.setDown(false)
      assert.deepInclude(yield* source.sync.full, { changed: 1, removed: 0 })
      assert.strictEqual((yield* stored(source)).get(id)?.title, "Refunds and returns")
    }),
  )

/** Registers what every `KnowledgeSync` does. Tests run live: the source may be a server on a real socket. */
export const knowledgeSyncContract = (name: string, make: MakeSyncedSource): void => {
  describe(`KnowledgeSync: ${name}`, () => {
    for (const test of [copying, again, vanishing, increments, losses, outage]) test(make)
  })
}
