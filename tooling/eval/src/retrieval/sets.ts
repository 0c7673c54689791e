/** Finds what can be searched in a folder of data sets, by the files that a set has, not by its name. */
import type { Article } from "@opencx/core"
import { Effect } from "effect"
import { readLines, readQrels, setsIn } from "../data/files.ts"
import { articleOf } from "../data/world.ts"
import type { Question, RetrievalSet } from "./RetrievalSet.ts"
import { Dialog, Document, Query, Story, Task, WholeArticle } from "./shapes.ts"

const toArticle = (one: Document): Article =>
  articleOf({
    id: one._id,
    locale: one.lang ?? "en",
    // Paragraphs of an encyclopedia carry the name of their article, with strokes for spaces.
    title: one.title.replaceAll("_", " "),
    body: one.text,
    path: [one.domain, one.entity].flatMap((name) => name ?? []),
    internal: one.internal === true,
  })

const customerAsks = (text: string) => [{ role: "customer" as const, text }]

const toLines = (turns: Dialog["turns"]) =>
  turns.map(({ speaker, text }) => ({
    role: /^(?:u|user|customer)$/i.test(speaker) ? ("customer" as const) : ("ai" as const),
    text,
  }))

/** Several languages in one corpus are several Help Centers. */
const fromQueries = Effect.fn("eval.fromQueries")(function* (
  name: string,
  folder: string,
  files: ReadonlyArray<string>,
  documents: ReadonlyArray<Document>,
) {
  const queries = yield* readLines(Query, folder, "queries.jsonl")
  const qrels = files.includes("qrels.tsv")
    ? yield* readQrels(folder, "qrels.tsv")
    : new Map<string, Set<string>>()
  const languages = [...new Set(documents.map((one) => one.lang ?? "en"))]
  return languages.map((language): RetrievalSet => {
    const asked = queries.filter((one) => (one.lang ?? "en") === language)
    const relevantTo = (one: Query) =>
      one.doc === undefined || one.doc === null
        ? (qrels.get(one._id) ?? new Set<string>())
        : new Set([one.doc])
    return {
      name: languages.length === 1 ? name : `${name} ${language}`,
      language,
      articles: documents.filter((one) => (one.lang ?? "en") === language).map(toArticle),
      questions: asked.flatMap((one): ReadonlyArray<Question> => {
        const relevant = relevantTo(one)
        const answer = one.answer_start === undefined ? null : (one.answer ?? null)
        return relevant.size === 0 ? [] : [{ id: one._id, lines: customerAsks(one.text), relevant, answer }]
      }),
      unanswerable: asked.flatMap((one) =>
        one.answerable === false ? [{ id: one._id, lines: customerAsks(one.text) }] : [],
      ),
    }
  })
})

const fromDialogs = (
  name: string,
  documents: ReadonlyArray<Document>,
  dialogs: ReadonlyArray<Dialog>,
): RetrievalSet => ({
  name,
  language: "en",
  articles: documents.map(toArticle),
  questions: dialogs.flatMap((one): ReadonlyArray<Question> =>
    one.knowledge_seeking && (one.relevant ?? []).length > 0
      ? [{ id: one.id, lines: toLines(one.turns), relevant: new Set(one.relevant), answer: null }]
      : [],
  ),
  unanswerable: [],
})

/** Stories tell what a customer wants, and name more documents than one; internal ones do not count for customers. */
const fromStories = (
  name: string,
  documents: ReadonlyArray<Document>,
  stories: ReadonlyArray<Story>,
): RetrievalSet => {
  const internal = new Set(documents.flatMap((one) => (one.internal === true ? [one._id] : [])))
  return {
    name: `${name} (stories)`,
    language: "en",
    articles: documents.map(toArticle),
    questions: stories.flatMap((one): ReadonlyArray<Question> => {
      const relevant = new Set(one.required_documents.filter((id) => !internal.has(id)))
      return relevant.size === 0
        ? []
        : [{ id: one.id, lines: customerAsks(one.user_instructions), relevant, answer: null }]
    }),
    unanswerable: [],
  }
}

/** Every context of every task together, since those of one task alone would tell the answer. */
export const fromTasks = (name: string, tasks: ReadonlyArray<Task>): RetrievalSet => {
  const contexts = new Map(tasks.flatMap((task) => task.contexts.map((one) => [one.id, one] as const)))
  return {
    name,
    language: "en",
    articles: [...contexts.values()].map(({ id, text, title }) =>
      articleOf({ id, locale: "en", title: title ?? text.split(/[\n.]/)[0]?.slice(0, 80) ?? "", body: text }),
    ),
    questions: tasks.flatMap((one): ReadonlyArray<Question> =>
      one.answerability === "ANSWERABLE" && one.contexts.length > 0
        ? [
            {
              id: one.id,
              lines: toLines(one.turns),
              relevant: new Set(one.contexts.map(({ id }) => id)),
              answer: null,
            },
          ]
        : [],
    ),
    unanswerable: tasks.flatMap((one) =>
      one.answerability === "UNANSWERABLE" ? [{ id: one.id, lines: toLines(one.turns) }] : [],
    ),
  }
}

/** What an article is about, asked in the words of its description. */
const fromArticles = (name: string, articles: ReadonlyArray<WholeArticle>): RetrievalSet => ({
  name: `${name} (known item by description)`,
  language: "en",
  articles: articles.map((one) =>
    articleOf({ id: one.id, locale: "en", title: one.title, body: one.body_markdown }),
  ),
  questions: articles.flatMap((one): ReadonlyArray<Question> =>
    (one.description ?? "").trim() === ""
      ? []
      : [
          {
            id: one.id,
            lines: customerAsks(one.description ?? ""),
            relevant: new Set([one.id]),
            answer: null,
          },
        ],
  ),
  unanswerable: [],
})

/** All sets below a folder. */
export const retrievalSets = Effect.fn("eval.retrievalSets")(function* (data: string) {
  const out: Array<RetrievalSet> = []
  for (const { files, folder, name } of yield* setsIn(data, /./)) {
    if (files.includes("corpus.jsonl")) {
      const documents = yield* readLines(Document, folder, "corpus.jsonl")
      if (files.includes("queries.jsonl")) out.push(...(yield* fromQueries(name, folder, files, documents)))
      if (files.includes("dialogs.jsonl"))
        out.push(fromDialogs(name, documents, yield* readLines(Dialog, folder, "dialogs.jsonl")))
      if (files.includes("tasks.jsonl"))
        out.push(fromStories(name, documents, yield* readLines(Story, folder, "tasks.jsonl")))
    } else if (files.includes("tasks.jsonl") && name.startsWith("answerability")) {
      out.push(fromTasks(name, yield* readLines(Task, folder, "tasks.jsonl")))
    } else if (files.includes("articles.jsonl")) {
      out.push(fromArticles(name, yield* readLines(WholeArticle, folder, "articles.jsonl")))
    }
  }
  return out
})
