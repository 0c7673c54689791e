/** Every port has a layer in memory, and together they make a world to try things out in. */
import { assert, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import {
  type ArticleStore,
  type Blobs,
  type Bookmarks,
  ChannelId,
  type Consents,
  type Contacts,
  type ConversationStore,
  type DeliveryParts,
  type IdentityMerge,
  type Knowledge,
  KnowledgeSync,
  layerMemory,
  type MemoryChat,
  MemoryDesk,
  type MemoryPeople,
  type Messaging,
  type Secrets,
  type SignalInbox,
  type SourceArticle,
  SupportAgent,
  type Threads,
  type TokenLedger,
  type Ticketing,
} from "../../src/index.ts"
import { orgId } from "../support/fixtures.ts"

const article: SourceArticle = {
  articleId: "1",
  locale: "en",
  title: "Refunds",
  path: ["Orders"],
  body: "# Refunds\n\n## Times\n\nA refund takes five days.\n\nSomething else.",
  url: "https://help.example/1",
  visibility: "public",
  labels: [],
  updatedAt: 1,
}

type Port =
  | Ticketing
  | Messaging
  | IdentityMerge
  | SupportAgent
  | Knowledge
  | KnowledgeSync
  | ConversationStore
  | Contacts
  | Consents
  | DeliveryParts
  | Threads
  | Blobs
  | ArticleStore
  | Secrets
  | SignalInbox
  | TokenLedger
  | Bookmarks

// The type is the test: a port without a layer in memory does not compile.
const world: Layer.Layer<Port | MemoryDesk | MemoryChat | MemoryPeople> = Layer.mergeAll(
  layerMemory.ticketing,
  layerMemory.messaging,
  layerMemory.identityMerge,
  layerMemory.supportAgent,
  layerMemory.knowledgeSync({ orgId, sourceId: "list", articles: Effect.succeed([article]) }),
  layerMemory.conversationStore,
  layerMemory.contacts,
  layerMemory.consents,
  layerMemory.deliveryParts,
  layerMemory.threads,
  layerMemory.blobs,
  layerMemory.secrets,
  layerMemory.signalInbox,
  layerMemory.tokenLedger,
  layerMemory.bookmarks,
).pipe(Layer.provideMerge(layerMemory.knowledge), Layer.provideMerge(layerMemory.articleStore))

it.effect("a synced article answers a customer, with the passage and the link", () =>
  Effect.gen(function* () {
    const report = yield* (yield* KnowledgeSync).full
    assert.deepInclude(report, { sourceId: "list", seen: 1, changed: 1, durationMs: 0 })
    const turn = yield* (yield* SupportAgent).respond({
      orgId,
      organizationName: "Acme",
      channel: ChannelId.make("email"),
      subject: null,
      lines: [{ role: "customer", text: "When do I get my refund?", at: 0 }],
      unanswered: 1,
      language: "en",
      agentLanguage: "en",
      escalateTopics: [],
    })
    assert.strictEqual(
      turn._tag === "Answer" ? turn.text : turn._tag,
      "A refund takes five days.\n\n[Refunds](https://help.example/1)",
    )
    assert.deepStrictEqual((yield* MemoryDesk).tickets, [])
  }).pipe(Effect.provide(world)),
)
