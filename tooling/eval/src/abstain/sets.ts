/** Questions with and without an answer over the same articles. */
import type { Article } from "@opencx/core"
import { halfOf } from "../data/files.ts"
import type { Question, RetrievalSet } from "../retrieval/RetrievalSet.ts"

export interface Asked {
  readonly id: string
  readonly lines: Question["lines"]
  /** Empty when no article answers. */
  readonly relevant: ReadonlySet<string>
}

export interface AbstainSet {
  readonly name: string
  readonly language: string
  readonly articles: ReadonlyArray<Article>
  readonly questions: ReadonlyArray<Asked>
  readonly note: string
}

/** As the set has it: its own unanswerable questions. */
const asGiven = (set: RetrievalSet): AbstainSet => ({
  name: set.name,
  language: set.language,
  articles: set.articles,
  questions: [...set.questions, ...set.unanswerable.map((one) => ({ ...one, relevant: new Set<string>() }))],
  note: "unanswerable as labelled by the set",
})

/**
 * Half of the articles that answer something are taken away: nothing but the articles tells the questions apart. Taken
 * away by question, hardly any would be left where many questions share an article.
 */
const planted = (set: RetrievalSet): AbstainSet => {
  const answering = new Set(set.questions.flatMap((one) => [...one.relevant]))
  const gone = new Set([...answering].filter((id) => halfOf(`planted ${id}`) === "a"))
  return {
    name: `${set.name} (planted)`,
    language: set.language,
    articles: set.articles.filter((one) => !gone.has(one.articleId)),
    questions: set.questions.map((one) => ({
      ...one,
      relevant: new Set([...one.relevant].filter((id) => !gone.has(id))),
    })),
    note: "unanswerable: the articles that answer were taken away",
  }
}

/** A paragraph of an encyclopedia is not asked for help, and one corpus in eight languages would count eight times. */
const isOfUse = (set: RetrievalSet): boolean =>
  set.questions.every((one) => one.answer === null) &&
  set.questions.every((one) => one.relevant.size <= 10) &&
  !/known item|stories/.test(set.name)

export const abstainSets = (sets: ReadonlyArray<RetrievalSet>): ReadonlyArray<AbstainSet> =>
  sets
    .filter(isOfUse)
    .flatMap((set) => (set.unanswerable.length > 0 ? [asGiven(set), planted(set)] : [planted(set)]))
