/** Every store in memory: what tests and a first try run on. */
import { Layer } from "effect"
import type { Blobs } from "../ports/Blobs.ts"
import type { Bookmarks } from "../ports/Bookmarks.ts"
import type { Consents } from "../ports/Consents.ts"
import type { Contacts } from "../ports/Contacts.ts"
import type { ConversationStore } from "../ports/ConversationStore.ts"
import type { DeliveryParts } from "../ports/DeliveryParts.ts"
import type { ArticleStore } from "../ports/Knowledge.ts"
import type { Secrets } from "../ports/Secrets.ts"
import type { SignalInbox } from "../ports/SignalInbox.ts"
import type { Threads } from "../ports/Threads.ts"
import type { TokenLedger } from "../ports/TokenLedger.ts"
import { articlesMemory } from "./MemoryArticles.ts"
import { blobsMemory } from "./MemoryBlobs.ts"
import { bookmarksMemory } from "./MemoryBookmarks.ts"
import { consentsMemory } from "./MemoryConsents.ts"
import { contactsMemory } from "./MemoryContacts.ts"
import { conversationsMemory } from "./MemoryConversations.ts"
import { deliveryPartsMemory } from "./MemoryDeliveryParts.ts"
import { secretsMemory } from "./MemorySecrets.ts"
import { signalsMemory } from "./MemorySignals.ts"
import { threadsMemory } from "./MemoryThreads.ts"
import { tokenLedgerMemory } from "./MemoryTokenLedger.ts"

/** Every store, over one set of threads and contacts. */
export const memoryStores: Layer.Layer<
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
> = Layer.mergeAll(
  conversationsMemory,
  contactsMemory,
  consentsMemory,
  deliveryPartsMemory,
  threadsMemory,
  blobsMemory,
  articlesMemory,
  secretsMemory,
  signalsMemory,
  tokenLedgerMemory,
  bookmarksMemory,
)
