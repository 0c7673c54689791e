/** The in-memory layers of the core keep every contract. */
import {
  ArticleStore,
  articlesMemory,
  deskFaults,
  KnowledgeError,
  KnowledgeSync,
  layerMemory,
  MemoryDesk,
  memoryStores,
  OrgId,
  type SourceArticle,
  Ticketing,
  Unavailable,
} from "@opencx/core"
import { Context, Effect, Layer } from "effect"
import {
  articleStoreContract,
  blobsContract,
  contactsContract,
  conversationStoreContract,
  type HelpDesk,
  knowledgeContract,
  knowledgeSyncContract,
  secretsContract,
  supportAgentContract,
  type SyncedSource,
  threadsContract,
  ticketingContract,
  type WrittenArticle,
} from "../src/index.ts"

conversationStoreContract("memory", layerMemory.conversationStore)
contactsContract("memory", layerMemory.contacts)
threadsContract("memory", memoryStores)
blobsContract("memory", layerMemory.blobs)
articleStoreContract("memory", layerMemory.articleStore)
secretsContract("memory", layerMemory.secrets)

const memoryDesk = Effect.gen(function* () {
  const context = yield* Layer.build(layerMemory.ticketing)
  const desk = Context.get(context, MemoryDesk)
  const helpDesk: HelpDesk = {
    ticketing: Context.get(context, Ticketing),
    reply: (id, text) => Effect.sync(() => void desk.reply(id, text)),
    note: (id, text) => Effect.sync(() => void desk.note(id, text)),
    solve: (id) => Effect.sync(() => desk.solve(id)),
    close: (id) => Effect.sync(() => desk.close(id)),
    customerReply: (id, text) => Effect.sync(() => void desk.customerReply(id, text)),
    loseAnswer: (operation) => Effect.sync(() => desk.next(operation, deskFaults.loseAnswer)),
    tickets: Effect.sync(() => desk.tickets.map((ticket) => ticket.id)),
    comments: (id) =>
      Effect.sync(() =>
        (desk.find(id)?.comments ?? []).map((one) => ({ id: one.id, public: one.public, text: one.body })),
      ),
  }
  return helpDesk
})

ticketingContract("memory", memoryDesk)

const knowledge = layerMemory.knowledge.pipe(Layer.provideMerge(articlesMemory))
knowledgeContract("memory", knowledge)
supportAgentContract("memory", layerMemory.supportAgent.pipe(Layer.provideMerge(knowledge)))

const toSource = (articleId: string, { audience, body, draft, title }: WrittenArticle): SourceArticle => ({
  articleId,
  locale: "en",
  title,
  path: [],
  body,
  url: null,
  visibility: audience === "everybody" ? "public" : "internal",
  labels: [],
  updatedAt: 1,
  draft,
})

const memorySource = Effect.gen(function* () {
  const articles = new Map<string, WrittenArticle>()
  let down = false
  const [orgId, sourceId] = [OrgId.make("acme"), "memory"]
  const outage = new KnowledgeError({
    operation: "list",
    reason: new Unavailable({ detail: "down", retryAfterMs: null }),
  })
  const list = Effect.suspend(() =>
    down ? Effect.fail(outage) : Effect.succeed([...articles].map(([id, article]) => toSource(id, article))),
  )
  const sync = layerMemory.knowledgeSync({ orgId, sourceId, articles: list })
  const context = yield* Layer.build(Layer.provideMerge(sync, articlesMemory))
  const put = (id: string, article: WrittenArticle) => void articles.set(id, article)
  const source: SyncedSource = {
    sync: Context.get(context, KnowledgeSync),
    store: Context.get(context, ArticleStore),
    orgId,
    sourceId,
    add: (article) =>
      Effect.sync(() => {
        const id = String(articles.size + 1)
        put(id, article)
        return id
      }),
    edit: (id, change) =>
      Effect.sync(() => {
        const known = articles.get(id)
        if (known !== undefined) put(id, { ...known, ...change })
      }),
    remove: (id) => Effect.sync(() => void articles.delete(id)),
    setDown: (value) => Effect.sync(() => void (down = value)),
  }
  return source
})

knowledgeSyncContract("memory", memorySource)
