/** Builds and asks both indexes over the same articles. A process of its own (`--expose-gc`), so that heap means heap. */
import { LexicalKnowledge } from "@opencx/agent"
import { type Article, articlesMemory, ArticleStore, Knowledge, OrgId } from "@opencx/core"
import { Effect, Layer } from "effect"
import MiniSearch from "minisearch"
import { spreadOf } from "../report/stats.ts"
import { articlesOf, questionsOf } from "./corpus.ts"
import type { Outcome } from "./outcome.ts"

const articles = articlesOf(10_000)
const questions = questionsOf(150)
const limit = 5
const orgId = OrgId.make("bench")

const heapMb = (): number => {
  globalThis.gc?.()
  const { arrayBuffers, heapUsed } = process.memoryUsage()
  // Typed arrays lie outside of V8's heap.
  return (heapUsed + arrayBuffers) / 1_048_576
}

interface Index {
  readonly search: (text: string) => Promise<unknown> | unknown
}

const measure = async (build: () => Promise<Index>) => {
  const before = heapMb()
  const started = performance.now()
  const index = await build()
  const buildMs = performance.now() - started
  const heap = heapMb() - before
  for (const question of questions.slice(0, 15)) await index.search(question)
  const took: Array<number> = []
  for (const question of questions) {
    const asked = performance.now()
    await index.search(question)
    took.push(performance.now() - asked)
  }
  const { p50, p99 } = spreadOf(took)
  return { buildMs, heapMb: heap, p50, p99 }
}

const services = await Effect.runPromise(
  Effect.scoped(Layer.build(LexicalKnowledge.layer.pipe(Layer.provideMerge(articlesMemory)))),
)
const run = <A, E>(effect: Effect.Effect<A, E, LexicalKnowledge | Knowledge | ArticleStore>) =>
  Effect.runPromise(Effect.provide(effect, services))

await run(Effect.flatMap(ArticleStore, (store) => store.upsert(orgId, articles)))

const ours = await measure(async () => {
  await run(Effect.flatMap(Knowledge, (knowledge) => knowledge.refresh(orgId)))
  return {
    search: (text) =>
      run(
        Effect.flatMap(Knowledge, (knowledge) =>
          knowledge.search({ orgId, text, surface: "customer", locale: "en-us", limit }),
        ),
      ),
  }
})

const miniSearch = await measure(async () => {
  const index = new MiniSearch<Article>({
    idField: "key",
    fields: ["title", "body"],
    storeFields: ["title", "url", "body"],
  })
  index.addAll(articles)
  return { search: (text) => index.search(text).slice(0, limit) }
})

const outcome: Outcome = {
  articles: articles.length,
  textMb:
    articles.reduce((total, article) => total + article.title.length + article.body.length, 0) / 1_048_576,
  ours,
  miniSearch,
}
process.stdout.write(`${JSON.stringify(outcome)}\n`, () => process.exit(0))
