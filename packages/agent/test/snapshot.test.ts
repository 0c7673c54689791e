/** The index survives a restart, and never shows anything that the store does not have. */
import { createHash } from "node:crypto"
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Article, ArticleStore, articlesMemory, Knowledge, OrgId } from "@opencx/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Scope } from "effect"
import { LexicalKnowledge } from "../src/index.ts"
import { OrgIndex } from "../src/knowledge/OrgIndex.ts"
import { readArticle } from "../src/knowledge/read.ts"
import { formatVersion } from "../src/knowledge/snapshot/format.ts"
import { packIndex } from "../src/knowledge/snapshot/pack.ts"
import { unpackIndex } from "../src/knowledge/snapshot/unpack.ts"
import { baseLanguage } from "../src/text/analyze.ts"
import { articles } from "./fixtures/helpCenter.ts"
import { org } from "./fixtures/world.ts"

const many: ReadonlyArray<Article> = Array.from({ length: 5 }, (_, round) =>
  articles.map((one) => ({
    ...one,
    key: `${round}-${one.key}`,
    articleId: `${round}-${one.articleId}`,
    title: round === 0 ? one.title : `${one.title} variant${round}`,
    hash: `${round}-${one.hash}`,
  })),
).flat()

/** An article like the first one. */
const sample = (change: Partial<Article>): Article => {
  const [first] = articles
  if (first === undefined) throw new Error("the sample Help Center has no article")
  return { ...first, ...change }
}

const asked = [
  "refund",
  "battery does not charge",
  "Lieferung",
  "¿cuánto tarda el envío?",
  "variant3 warranty",
]
const everything = (index: OrgIndex) =>
  asked.flatMap((text) =>
    (["agent", "customer"] as const).map((surface) =>
      index.search({ text, context: "", locale: null, limit: 10, surface }),
    ),
  )
const built = (list: Iterable<Article>): OrgIndex => {
  const index = new OrgIndex()
  for (const one of list) index.put(one)
  return index
}

describe("an index as bytes", () => {
  it.effect("is the same index again, also after changes", () =>
    Effect.gen(function* () {
      const index = built(many)
      for (const one of many.slice(0, 70)) index.remove(one.sourceId, one.key)
      for (const one of many.slice(30, 50)) index.put(one)
      const unpacked = yield* unpackIndex(yield* packIndex(index, "acme", 7), "acme")
      assert.strictEqual(unpacked?.revision, 7)
      const again = unpacked?.index ?? new OrgIndex()
      assert.deepStrictEqual(everything(again), everything(index))
      for (const one of [index, again]) {
        one.put(sample({ key: "zebra:en", title: "Zebra" }))
        one.remove(many[40]?.sourceId ?? "", many[40]?.key ?? "")
      }
      assert.deepStrictEqual(everything(again), everything(index))
      assert.strictEqual(again.size, index.size)
    }),
  )
  it.effect("is nothing when a byte is wrong, missing or too many, or it is another's", () =>
    Effect.gen(function* () {
      const bytes = yield* packIndex(built(many.slice(0, 20)), "acme", 1)
      assert.isNotNull(yield* unpackIndex(bytes, "acme"))
      assert.isNull(yield* unpackIndex(bytes, "other"))
      assert.isNull(yield* unpackIndex(new Uint8Array(), "acme"))
      assert.isNull(yield* unpackIndex(Buffer.concat([bytes, Buffer.from("x")]), "acme"))
      for (const part of [0.01, 0.3, 0.6, 0.99]) {
        const at = Math.floor(bytes.length * part)
        assert.isNull(yield* unpackIndex(bytes.subarray(0, at), "acme"))
        const wrong = Uint8Array.from(bytes)
        wrong[at] = (wrong[at] ?? 0) ^ 1
        const read = yield* unpackIndex(wrong, "acme")
        // In the head only the revision may change unnoticed by the sum, and the store is asked about that.
        if (read !== null) assert.notStrictEqual(read.revision, 1)
      }
      const text = Buffer.from(bytes).toString("latin1")
      const older = text.replace(`"format":${formatVersion}`, `"format":${formatVersion + 1}`)
      assert.isNull(yield* unpackIndex(Buffer.from(older, "latin1"), "acme"))
    }),
  )
  it("has another version when articles are read differently", () => {
    const read = articles.map((one) => {
      const { uses, ...rest } = readArticle(one, baseLanguage(one.locale))
      return { ...rest, uses: [...uses] }
    })
    const digest = createHash("sha256").update(JSON.stringify(read)).digest("hex").slice(0, 16)
    // Different? Raise `formatVersion`, and write the new digest beside it.
    assert.deepStrictEqual({ formatVersion, digest }, { formatVersion: 2, digest: "ecec2857f298e857" })
  })
})

/** The store's changes, counted as they are handed out. */
const countedStore = (store: ArticleStore["Service"]) => {
  const read = { articles: 0 }
  const counted = ArticleStore.of({
    ...store,
    changesSince: (orgId, revision) =>
      Effect.tap(store.changesSince(orgId, revision), ({ changed }) =>
        Effect.sync(() => void (read.articles += changed.length)),
      ),
  })
  return { counted, read }
}

/** One life of the program: the index opens, `use` works with it, everything closes. */
const life = <A, E>(
  store: ArticleStore["Service"],
  directory: string,
  use: Effect.Effect<A, E, Knowledge>,
  orgId = org,
) =>
  Effect.gen(function* () {
    const { counted, read } = countedStore(store)
    const layer = LexicalKnowledge.layerIn(directory).pipe(
      Layer.provide(Layer.succeed(ArticleStore, counted)),
    )
    const result = yield* Effect.provide(
      Effect.andThen(
        Knowledge.use((knowledge) => knowledge.refresh(orgId)),
        use,
      ),
      layer,
    )
    return { result, read: read.articles }
  })

const find = (text: string, surface: "agent" | "customer" = "customer") =>
  Knowledge.use((knowledge) => knowledge.search({ orgId: org, text, surface, locale: null, limit: 5 }))

const indexFile = (directory: string): string | undefined =>
  existsSync(directory) ? readdirSync(directory).find((name) => name.endsWith(".index")) : undefined

/** Written in the background: looked for until it is there. */
const written = (directory: string) =>
  Effect.gen(function* () {
    for (let left = 2000; indexFile(directory) === undefined && left > 0; left--)
      yield* Effect.sleep("10 millis")
    return join(directory, indexFile(directory) ?? "not written")
  })

const inDirectory = <A, E>(
  use: (directory: string, store: ArticleStore["Service"]) => Effect.Effect<A, E, Scope.Scope>,
) =>
  Effect.gen(function* () {
    const directory = yield* Effect.acquireRelease(
      Effect.sync(() => mkdtempSync(join(tmpdir(), "opencx-index-"))),
      (made) => Effect.sync(() => rmSync(made, { recursive: true, force: true })),
    )
    const store = yield* Effect.provide(ArticleStore, articlesMemory)
    yield* store.upsert(org, many)
    return yield* use(join(directory, "kept"), store)
  }).pipe(Effect.scoped)

describe("an index in a file", () => {
  it.live("is read at the next start, with what changed since", () =>
    inDirectory((directory, store) =>
      Effect.gen(function* () {
        const first = yield* life(
          store,
          directory,
          Effect.andThen(written(directory), find("variant2 refund")),
        )
        assert.strictEqual(first.read, many.length)
        const again = yield* life(store, directory, find("variant2 refund"))
        assert.strictEqual(again.read, 0)
        assert.deepStrictEqual(again.result, first.result)
        yield* store.upsert(org, [sample({ title: "Quokka island", hash: "quokka" })])
        const third = yield* life(store, directory, find("quokka"))
        assert.strictEqual(third.read, 1)
        assert.lengthOf(third.result, 1)
        assert.strictEqual(statSync(yield* written(directory)).mode & 0o777, 0o600)
        assert.deepStrictEqual(
          readdirSync(directory).filter((name) => name.endsWith(".tmp")),
          [],
        )
      }),
    ),
  )
  it.live("shows nothing that was hidden or removed while the program was down", () =>
    inDirectory((directory, store) =>
      Effect.gen(function* () {
        const secret = {
          ...articles[0],
          key: "secret:en",
          articleId: "secret",
          title: "Wombat codes",
        } as Article
        yield* store.upsert(org, [{ ...secret, visibility: "public", hash: "open" }])
        const first = yield* life(store, directory, Effect.andThen(written(directory), find("wombat codes")))
        assert.strictEqual(first.result[0]?.articleId, "secret")
        yield* store.upsert(org, [{ ...secret, visibility: "internal", hash: "hidden" }])
        const hidden = yield* life(
          store,
          directory,
          Effect.all([find("wombat codes"), find("wombat codes", "agent")]),
        )
        assert.isFalse(hidden.result[0].some((hit) => hit.articleId === "secret"))
        assert.strictEqual(hidden.result[1][0]?.articleId, "secret")
        yield* store.remove(org, secret.sourceId, ["secret:en"])
        const gone = yield* life(store, directory, find("wombat codes", "agent"))
        assert.isFalse(gone.result.some((hit) => hit.articleId === "secret"))
      }),
    ),
  )
  it.live("is not used when it is broken, or when the store is another one", () =>
    inDirectory((directory, store) =>
      Effect.gen(function* () {
        yield* life(store, directory, written(directory))
        const file = yield* written(directory)
        const whole = readFileSync(file)
        for (const broken of [whole.subarray(0, whole.length / 2), Buffer.from("{}"), Buffer.alloc(0)]) {
          writeFileSync(file, broken)
          const { read, result } = yield* life(store, directory, find("refund"))
          assert.strictEqual(read, many.length)
          assert.isAbove(result.length, 0)
        }
        writeFileSync(file, whole)
        const other = yield* Effect.provide(ArticleStore, Layer.fresh(articlesMemory))
        yield* other.upsert(org, [sample({ title: "Quokka island", hash: "quokka" })])
        const elsewhere = yield* life(other, directory, Effect.all([find("quokka"), find("variant2")]))
        assert.lengthOf(elsewhere.result[0], 1)
        assert.lengthOf(elsewhere.result[1], 0)
      }),
    ),
  )
  it.live("is done without where nothing can be written", () =>
    inDirectory((directory, store) =>
      Effect.gen(function* () {
        writeFileSync(directory, "a file, not a folder")
        const { result } = yield* life(store, directory, find("refund"))
        assert.isAbove(result.length, 0)
      }),
    ),
  )
  it.live("belongs to one organization", () =>
    inDirectory((directory, store) =>
      Effect.gen(function* () {
        yield* life(store, directory, written(directory))
        const other = OrgId.make("other")
        const { read } = yield* life(store, directory, Effect.void, other)
        assert.strictEqual(read, 0)
        const hits = yield* life(
          store,
          directory,
          Knowledge.use((one) =>
            one.search({ orgId: other, text: "refund", surface: "agent", locale: null, limit: 5 }),
          ),
          other,
        )
        assert.deepStrictEqual(hits.result, [])
      }),
    ),
  )
})
