/** A folder of data sets that the test makes, laid out like the real ones. */
import { NodeServices } from "@effect/platform-node"
import { Effect, type FileSystem, type Path } from "effect"
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"

/** Contents by path; arrays become lines of JSON. */
export type Files = Readonly<Record<string, string | ReadonlyArray<unknown>>>

export const withData = async <A>(files: Files, use: (folder: string) => Promise<A>): Promise<A> => {
  const folder = await mkdtemp(join(tmpdir(), "opencx-eval-test-"))
  try {
    for (const [name, content] of Object.entries(files)) {
      const file = join(folder, name)
      await mkdir(dirname(file), { recursive: true })
      const text =
        typeof content === "string" ? content : content.map((line) => JSON.stringify(line)).join("\n")
      await writeFile(file, text)
    }
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export const run = <A, E>(effect: Effect.Effect<A, E, FileSystem.FileSystem | Path.Path>): Promise<A> =>
  Effect.runPromise(Effect.provide(effect, NodeServices.layer))

export const failure = <A, E>(effect: Effect.Effect<A, E, FileSystem.FileSystem | Path.Path>): Promise<E> =>
  run(Effect.flip(effect))

const topics = [
  ["refund", "When do I get my refund?", "A refund takes five working days."],
  ["parcel", "Where is my parcel?", "The tracking page tells where your parcel is."],
  ["password", "How do I reset my password?", "Open the login page and choose forgotten password."],
  ["invoice", "How do I download an invoice?", "Every invoice is in your account, under documents."],
  ["warranty", "How long is the warranty?", "The warranty on frames is ten years."],
  ["newsletter", "How do I unsubscribe from the newsletter?", "Each newsletter has a link at its end."],
] as const

/** One small set of every kind. */
export const everyKind: Files = {
  "faq-tiny/corpus.jsonl": topics.map(([_id, title, text]) => ({ _id, title, text })),
  "faq-tiny/queries.jsonl": topics.map(([name, title]) => ({ _id: `q-${name}`, text: title })),
  "faq-tiny/qrels.tsv": [
    "query-id\tcorpus-id\tscore",
    ...topics.map(([name]) => `q-${name}\t${name}\t1`),
    "q-refund\tparcel\t0",
  ].join("\n"),
  "faq-tiny/README.md": "Not data.",
  "answerability-tiny/tasks.jsonl": topics.map(([id, title, text], at) => ({
    id: `task-${id}`,
    collection: "tiny",
    answerability: ["ANSWERABLE", "UNANSWERABLE", "PARTIAL", "UNDERSPECIFIED"][at % 4],
    turns: [{ speaker: "user", text: title }],
    contexts: [{ id, text, title }],
  })),
  "langid-tiny/dev.jsonl": [
    { lang: "en", kind: "sentences", text: "Where is the parcel that I ordered last week?" },
    { lang: "de", kind: "sentences", text: "Wo ist das Paket, das ich letzte Woche bestellt habe?" },
    { lang: "de", kind: "single words", text: "Rechnung" },
  ],
  "sentiment-tiny/reviews.jsonl": [
    { text: "I love it, wonderful and great, thank you!", label: "positive" },
    { text: "Terrible, awful, the worst shop ever.", label: "negative" },
    { text: "The parcel has two boxes.", label: "neutral" },
  ],
  "intents-tiny/shop.jsonl": [
    { text: "I want to cancel my order please", intent: "cancel_order" },
    { text: "track my parcel now", intent: "track_parcel" },
    { text: "what is the meaning of life", intent: "oos" },
  ],
  "conversations-tiny/talks.jsonl": [
    {
      id: "talk-1",
      turns: [
        { role: "customer", text: "My refund for order AB12345 has not arrived." },
        { role: "ai", text: "I am sorry. Let me see." },
        { role: "tool", text: null },
        { role: "customer", text: "Please give me a human." },
      ],
      transfer_summary: "The customer waits for the refund of order AB12345.",
    },
  ],
  "email-reply-tiny/mails.jsonl": [
    {
      id: "mail-1",
      text: "Yes, please do.\n\nOn Mon, 1 Jan 2024 at 10:00, Bob <bob@example.com> wrote:\n> Shall I?\n",
      trimmed: "Yes, please do.",
    },
  ],
  "email-classify-tiny/labels.jsonl": [
    { file: "person.eml", label: "human" },
    { file: "away.eml", label: "auto_reply" },
  ],
  "email-classify-tiny/person.eml":
    "From: Ann <ann@customer.example>\r\nTo: support@acme.example\r\nSubject: Hi\r\nMessage-ID: <1@c.example>\r\n\r\nWhere is my parcel?\r\n",
  "email-classify-tiny/away.eml":
    "From: Ann <ann@customer.example>\r\nTo: support@acme.example\r\nSubject: Away\r\nMessage-ID: <2@c.example>\r\nAuto-Submitted: auto-replied\r\n\r\nI am away.\r\n",
}
