/** OpenCX over some articles, as the runtime puts it together: store, index, embedded agent. */
import { EmbeddedAgent, LexicalKnowledge } from "@opencx/agent"
import {
  type Article,
  ArticleStore,
  articlesMemory,
  ChannelId,
  type ConversationLine,
  OrgId,
  type TurnContext,
} from "@opencx/core"
import { Layer } from "effect"

export const org = OrgId.make("eval")

/** Store, index and agent; the store holds these articles. */
export const worldOf = (articles: ReadonlyArray<Article>) => {
  const filled = Layer.effectDiscard(ArticleStore.use((store) => store.upsert(org, articles)))
  const knowledge = LexicalKnowledge.layer.pipe(
    Layer.provideMerge(Layer.provideMerge(filled, articlesMemory)),
  )
  return EmbeddedAgent.layer.pipe(Layer.provideMerge(knowledge))
}

export interface ArticleInput {
  readonly id: string
  readonly locale: string
  readonly title: string
  readonly body: string
  readonly path?: ReadonlyArray<string>
  readonly internal?: boolean
}

export const articleOf = ({ body, id, internal, locale, path, title }: ArticleInput): Article => ({
  sourceId: "eval",
  key: `${id}:${locale}`,
  articleId: id,
  locale,
  title,
  path: path ?? [],
  body,
  url: `https://help.example.com/${encodeURIComponent(id)}`,
  visibility: internal === true ? "internal" : "public",
  labels: [],
  updatedAt: 0,
  hash: `${id}:${locale}`,
})

/** A conversation whose last line, a customer's, is to be answered. */
export const turnOf = (lines: ReadonlyArray<Omit<ConversationLine, "at">>): TurnContext => ({
  orgId: org,
  organizationName: "Example",
  channel: ChannelId.make("email"),
  subject: null,
  lines: lines.map((line) => ({ ...line, at: 0 })),
  unanswered: 1,
  language: null,
  agentLanguage: "en",
  escalateTopics: [],
})
