/** Finds articles by what they mean: the vectors of one organization's passages, public and internal apart. */
import type { Article, ArticleStore, OrgId, Surface, Visibility } from "@opencx/core"
import { Effect } from "effect"
import { chunkMarkdown, type Chunk } from "../knowledge/chunk.ts"
import { plainText } from "../text/clean.ts"
import type { Embed } from "./embed.ts"
import type { EmbeddingSettings } from "./settings.ts"
import { textKey, type VectorCache } from "./VectorCache.ts"
import { type Near, type Packed, packVector, Vectors } from "./Vectors.ts"

export interface Meant {
  readonly article: Article
  readonly chunks: ReadonlyArray<Chunk>
}

/** Longer texts say no more of what a passage is about, and models refuse them. In characters. */
const longest = 4000

const textsOf = ({ article, chunks }: Meant): ReadonlyArray<string> =>
  chunks.map((chunk) =>
    [article.title, ...chunk.headings, plainText(chunk.text)].join("\n").slice(0, longest),
  )

const keyOf = (sourceId: string, key: string): string => `${sourceId}\u0000${key}`

const meantOf = (article: Article): Meant => {
  const chunks = chunkMarkdown(article.body)
  return { article, chunks: chunks.length > 0 ? chunks : [{ headings: [], text: article.title }] }
}

export interface LearnDeps {
  readonly cache: VectorCache
  readonly embed: Embed
  readonly settings: EmbeddingSettings
}

/** One organization's. Articles whose vectors could not be made are tried again at the next refresh. */
export class Meaning {
  readonly #shelves: Readonly<Record<Visibility, Vectors<Meant>>> = {
    public: new Vectors(),
    internal: new Vectors(),
  }
  readonly #waiting = new Map<string, Meant>()
  #known: Map<string, Packed> | null = null
  #revision = 0

  /**
   * Takes in what the store has changed. What was hidden or removed is gone when this ends, whatever the model does; what
   * is new waits for `learn`.
   */
  readonly take = Effect.fn("Meaning.take")(function* (
    this: Meaning,
    orgId: OrgId,
    store: ArticleStore["Service"],
  ) {
    const changes = yield* store.changesSince(orgId, this.#revision)
    for (const { key, sourceId } of changes.removed) this.#drop(keyOf(sourceId, key))
    for (const article of changes.changed) {
      const key = keyOf(article.sourceId, article.key)
      this.#drop(key)
      this.#waiting.set(key, meantOf(article))
    }
    this.#revision = Math.max(this.#revision, changes.revision)
  })

  /** Makes the vectors that are missing. What fails is tried again the next time. */
  readonly learn = Effect.fn("Meaning.learn")(function* (
    this: Meaning,
    orgId: OrgId,
    { cache, embed, settings }: LearnDeps,
  ) {
    const known = this.#known ?? (yield* cache.load(orgId))
    this.#known = known
    this.#settle(known)
    const missing = [...new Set([...this.#waiting.values()].flatMap(textsOf))].filter(
      (text) => !known.has(textKey(text)),
    )
    for (let at = 0; at < missing.length; at += settings.batch) {
      const texts = missing.slice(at, at + settings.batch)
      const vectors = yield* embed(texts, settings.batchTimeoutMs)
      for (const [nth, vector] of vectors.entries()) known.set(textKey(texts[nth] ?? ""), packVector(vector))
      const isSaved = at % (settings.batch * 16) === 0 || at + settings.batch >= missing.length
      if (isSaved) yield* cache.save(orgId, known)
      // After saving: who stops as soon as they are found has them in the file.
      this.#settle(known)
    }
  })

  /** Nearest first. Customers are searched for among public articles; internal ones are on another shelf. */
  near(vector: ReadonlyArray<number>, surface: Surface, limit: number): ReadonlyArray<Near<Meant>> {
    const packed = packVector(vector)
    const open = this.#shelves.public.near(packed, limit)
    if (surface === "customer") return open
    return [...open, ...this.#shelves.internal.near(packed, limit)]
      .sort((a, b) => b.similarity - a.similarity)
      .slice(0, limit)
  }

  #drop(key: string): void {
    this.#shelves.public.remove(key)
    this.#shelves.internal.remove(key)
    this.#waiting.delete(key)
  }

  /** Articles that have all their vectors become findable. */
  #settle(known: ReadonlyMap<string, Packed>): void {
    for (const [key, meant] of this.#waiting) {
      const vectors = textsOf(meant).flatMap((text) => known.get(textKey(text)) ?? [])
      if (vectors.length < meant.chunks.length) continue
      this.#shelves[meant.article.visibility].put(key, meant, vectors)
      this.#waiting.delete(key)
    }
  }
}
