/** Lines of the data files, as far as they are used. */
import { Schema } from "effect"

const text = Schema.optionalKey(Schema.NullOr(Schema.String))

export const Document = Schema.Struct({
  _id: Schema.String,
  title: Schema.String,
  text: Schema.String,
  lang: text,
  domain: text,
  entity: text,
  internal: Schema.optionalKey(Schema.Boolean),
})
export type Document = typeof Document.Type

export const Query = Schema.Struct({
  _id: Schema.String,
  text: Schema.String,
  lang: text,
  /** Reading comprehension: the words that answer, and the document that has them. */
  doc: text,
  answer: text,
  answer_start: Schema.optionalKey(Schema.Number),
  answerable: Schema.optionalKey(Schema.Boolean),
})
export type Query = typeof Query.Type

export const Dialog = Schema.Struct({
  id: Schema.String,
  turns: Schema.Array(Schema.Struct({ speaker: Schema.String, text: Schema.String })),
  knowledge_seeking: Schema.Boolean,
  relevant: Schema.optionalKey(Schema.NullOr(Schema.Array(Schema.String))),
})
export type Dialog = typeof Dialog.Type

/** A customer's story, and the documents that its solution needs. */
export const Story = Schema.Struct({
  id: Schema.String,
  user_instructions: Schema.String,
  required_documents: Schema.Array(Schema.String),
})
export type Story = typeof Story.Type

export const Task = Schema.Struct({
  id: Schema.String,
  collection: Schema.String,
  answerability: Schema.String,
  turns: Schema.Array(Schema.Struct({ speaker: Schema.String, text: Schema.String })),
  contexts: Schema.Array(Schema.Struct({ id: Schema.String, text: Schema.String, title: text })),
})
export type Task = typeof Task.Type

export const WholeArticle = Schema.Struct({
  id: Schema.String,
  title: Schema.String,
  description: text,
  body_markdown: Schema.String,
})
export type WholeArticle = typeof WholeArticle.Type
