/** Questions over articles, whatever file they came from. */
import type { Article, ConversationLine } from "@opencx/core"

export interface Question {
  readonly id: string
  /** The conversation; its last line asks. */
  readonly lines: ReadonlyArray<Omit<ConversationLine, "at">>
  readonly relevant: ReadonlySet<string>
  /** Words that the shown passage must contain, where the set tells. */
  readonly answer: string | null
}

export interface RetrievalSet {
  readonly name: string
  readonly language: string
  readonly articles: ReadonlyArray<Article>
  readonly questions: ReadonlyArray<Question>
  /** Questions that no article answers. */
  readonly unanswerable: ReadonlyArray<Omit<Question, "relevant" | "answer">>
}

/** The last line alone, and everything that the customer has said. */
export const lastLine = (question: Pick<Question, "lines">): string => question.lines.at(-1)?.text ?? ""
export const allSaid = (question: Pick<Question, "lines">): string =>
  question.lines.map((line) => line.text).join("\n")
