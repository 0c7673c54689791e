import {
  type ArticleStore,
  type Blobs,
  type Bookmarks,
  type Consents,
  type Contacts,
  type ConversationStore,
  type DeliveryParts,
  memoryStores,
  type Secrets,
  type SignalInbox,
  type Threads,
  type TokenLedger,
} from "@opencx/core"
import { acquirePostgres, reportSkipped } from "@opencx-tooling/postgres"
import {
  articleStoreContract,
  blobsContract,
  bookmarksContract,
  consentsContract,
  contactsContract,
  conversationStoreContract,
  deliveryPartsContract,
  secretsContract,
  signalInboxContract,
  threadsContract,
  tokenLedgerContract,
} from "@opencx/testing"
import { afterAll, describe, it } from "@effect/vitest"
import { Effect, Exit, Layer, Scope } from "effect"
import { postgresStores, sqliteStores, temporaryDirectory } from "./support/databases.ts"

type Stores =
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

const directory = temporaryDirectory()
const postgres = await acquirePostgres()
const scope = Scope.makeUnsafe()

afterAll(async () => {
  await Effect.runPromise(Scope.close(scope, Exit.void))
  directory.remove()
  if (!("skipped" in postgres)) await postgres.close()
})

/** All contracts over one database, which is opened once. */
const storeContracts = async (name: string, stores: Layer.Layer<Stores, unknown>) => {
  const layer = Layer.succeedContext(await Effect.runPromise(Layer.buildWithScope(stores, scope)))
  conversationStoreContract(name, layer)
  contactsContract(name, layer)
  consentsContract(name, layer)
  deliveryPartsContract(name, layer)
  threadsContract(name, layer)
  blobsContract(name, layer)
  articleStoreContract(name, layer)
  secretsContract(name, layer)
  signalInboxContract(name, layer)
  tokenLedgerContract(name, layer)
  bookmarksContract(name, layer)
}

await storeContracts("memory", memoryStores)
await storeContracts("SQLite", sqliteStores(directory.path))
if ("skipped" in postgres) {
  reportSkipped(postgres.skipped)
  describe("Postgres", () => it("is skipped", (context) => context.skip(`no Postgres: ${postgres.skipped}`)))
} else {
  await storeContracts("Postgres", postgresStores(await postgres.createDatabase("stores")))
}
