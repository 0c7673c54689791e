/** What is found, as it is handed on. */
import type { Article, Hit, Surface } from "@opencx/core"
import type { Chunk } from "./chunk.ts"
import type { Evidence } from "./rank.ts"

/** A hit with the evidence that ranking saw. */
export interface RankedHit<S extends Surface> extends Hit<S> {
  readonly evidence: Evidence
}

/** `chunk`: number of the best passage; `shown`: of those that make the text. Without any, the title is the text. */
export const hitOf = <S extends Surface>(
  { article, chunks }: { readonly article: Article; readonly chunks: ReadonlyArray<Chunk> },
  { chunk, shown }: { readonly chunk: number; readonly shown: ReadonlyArray<number> },
  surface: S,
  score: number,
  evidence: Evidence,
): RankedHit<S> => ({
  surface,
  articleId: article.articleId,
  locale: article.locale,
  title: article.title,
  url: article.url,
  headings: chunks[chunk]?.headings ?? [],
  passage: shown.map((at) => chunks[at]?.text ?? article.title).join("\n\n"),
  score,
  evidence,
})
