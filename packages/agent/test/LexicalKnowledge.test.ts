import { type Article, ArticleStore, articlesMemory, Knowledge, OrgId, StoreError } from "@opencx/core"
import { assert, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Layer } from "effect"
import { LexicalKnowledge } from "../src/index.ts"
import { articles } from "./fixtures/helpCenter.ts"
import { org } from "./fixtures/world.ts"

const search = (text: string, orgId = org) =>
  Knowledge.use((knowledge) => knowledge.search({ orgId, text, surface: "customer", locale: null, limit: 3 }))

const [sample] = articles
const article = (title: string, key = "1:en"): Article => {
  if (sample === undefined) throw new Error("the sample Help Center has no article")
  return { ...sample, key, articleId: key, title, body: title, hash: title }
}

const memory = LexicalKnowledge.layer.pipe(Layer.provideMerge(articlesMemory))

it.effect("loads an organization at its first search and takes changes in on refresh only", () =>
  Effect.gen(function* () {
    const store = yield* ArticleStore
    const knowledge = yield* Knowledge
    yield* store.upsert(org, [article("Zebra crossing")])
    assert.lengthOf(yield* search("zebra"), 1)
    yield* store.upsert(org, [article("Quokka island")])
    assert.lengthOf(yield* search("quokka"), 0)
    yield* knowledge.refresh(org)
    assert.lengthOf(yield* search("quokka"), 1)
    assert.lengthOf(yield* search("zebra"), 0)
    yield* store.remove(org, article("").sourceId, ["1:en"])
    yield* knowledge.refresh(org)
    assert.lengthOf(yield* search("quokka"), 0)
  }).pipe(Effect.provide(memory)),
)

it.effect("crosses no organization", () =>
  Effect.gen(function* () {
    const store = yield* ArticleStore
    const other = OrgId.make("other")
    yield* store.upsert(org, [article("Zebra crossing")])
    yield* store.upsert(other, [article("Quokka island")])
    assert.lengthOf(yield* search("quokka"), 0)
    assert.lengthOf(yield* search("zebra", other), 0)
    assert.lengthOf(yield* search("quokka", other), 1)
  }).pipe(Effect.provide(memory)),
)

it.effect("stays searchable while it refreshes, and loads once for many first searches", () =>
  Effect.gen(function* () {
    const gate = yield* Deferred.make<void>()
    let calls = 0
    const slow = ArticleStore.use((store) =>
      Effect.succeed(
        ArticleStore.of({
          ...store,
          changesSince: (orgId, revision) => {
            calls += 1
            return revision === 0
              ? store.changesSince(orgId, revision)
              : Effect.andThen(Deferred.await(gate), store.changesSince(orgId, revision))
          },
        }),
      ),
    )
    const stores = Layer.effect(ArticleStore, slow).pipe(Layer.provide(articlesMemory))
    yield* Effect.gen(function* () {
      const knowledge = yield* Knowledge
      yield* (yield* ArticleStore).upsert(org, [article("Zebra crossing")])
      const many = yield* Effect.all(
        Array.from({ length: 5 }, () => search("zebra")),
        { concurrency: "unbounded" },
      )
      assert.isTrue(many.every((hits) => hits.length === 1))
      assert.strictEqual(calls, 1)
      const running = yield* Effect.forkChild(knowledge.refresh(org))
      yield* Effect.yieldNow
      assert.lengthOf(yield* search("zebra"), 1)
      yield* Deferred.succeed(gate, undefined)
      yield* Fiber.join(running)
    }).pipe(Effect.provide(LexicalKnowledge.layer.pipe(Layer.provideMerge(stores))))
  }),
)

it.effect("says that it is unavailable while the store is, and recovers", () =>
  Effect.gen(function* () {
    let down = true
    const broken = Layer.effect(
      ArticleStore,
      ArticleStore.use((store) =>
        Effect.succeed(
          ArticleStore.of({
            ...store,
            changesSince: (orgId, revision) =>
              down
                ? Effect.fail(new StoreError({ operation: "changesSince", detail: "disk gone" }))
                : store.changesSince(orgId, revision),
          }),
        ),
      ),
    ).pipe(Layer.provide(articlesMemory))
    yield* Effect.gen(function* () {
      yield* (yield* ArticleStore).upsert(org, [article("Zebra crossing")])
      const error = yield* Effect.flip(search("zebra"))
      assert.strictEqual(error.reason._tag, "Unavailable")
      assert.isTrue(error.isRetryable)
      assert.include(error.message, "disk gone")
      down = false
      assert.lengthOf(yield* search("zebra"), 1)
    }).pipe(Effect.provide(LexicalKnowledge.layer.pipe(Layer.provideMerge(broken))))
  }),
)
