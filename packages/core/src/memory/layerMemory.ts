/**
 * The in-memory layer of every port, by the port's name. They are not statics of the ports (`Ticketing.layerMemory`):
 * an implementation imports its port, so that a port which names its implementation would make a circle.
 */
import { supportAgentMemory } from "./MemoryAgent.ts"
import { articlesMemory } from "./MemoryArticles.ts"
import { blobsMemory } from "./MemoryBlobs.ts"
import { bookmarksMemory } from "./MemoryBookmarks.ts"
import { consentsMemory } from "./MemoryConsents.ts"
import { contactsMemory } from "./MemoryContacts.ts"
import { conversationsMemory } from "./MemoryConversations.ts"
import { deliveryPartsMemory } from "./MemoryDeliveryParts.ts"
import { identityMergeMemory } from "./MemoryIdentityMerge.ts"
import { knowledgeMemory } from "./MemoryKnowledge.ts"
import { knowledgeSyncMemory } from "./MemoryKnowledgeSync.ts"
import { messagingMemory } from "./MemoryMessaging.ts"
import { secretsMemory } from "./MemorySecrets.ts"
import { signalsMemory } from "./MemorySignals.ts"
import { threadsMemory } from "./MemoryThreads.ts"
import { ticketingMemory } from "./MemoryTicketing.ts"
import { tokenLedgerMemory } from "./MemoryTokenLedger.ts"

/** By port: `layerMemory.ticketing`, `layerMemory.articleStore`, … */
export const layerMemory = {
  /** `Ticketing`, and `MemoryDesk` to act as the human. */
  ticketing: ticketingMemory,
  /** `Messaging`, and `MemoryChat` to act as the human and the customer. */
  messaging: messagingMemory,
  /** `IdentityMerge`, and `MemoryPeople` to say whom the help desk knows. */
  identityMerge: identityMergeMemory,
  /** Needs `Knowledge`. */
  supportAgent: supportAgentMemory,
  /** Needs `ArticleStore`. */
  knowledge: knowledgeMemory,
  /** A function of the source; needs `ArticleStore`. */
  knowledgeSync: knowledgeSyncMemory,
  conversationStore: conversationsMemory,
  contacts: contactsMemory,
  consents: consentsMemory,
  deliveryParts: deliveryPartsMemory,
  threads: threadsMemory,
  blobs: blobsMemory,
  articleStore: articlesMemory,
  secrets: secretsMemory,
  signalInbox: signalsMemory,
  tokenLedger: tokenLedgerMemory,
  bookmarks: bookmarksMemory,
} as const
