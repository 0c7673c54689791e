/** Every repository of the core over one SQL database. */
import type {
  ArticleStore,
  Blobs,
  Bookmarks,
  Consents,
  ContactRecords,
  Contacts,
  ConversationStore,
  DeliveryParts,
  Secrets,
  SessionSearch,
  SignalInbox,
  Threads,
  TokenLedger,
} from "@opencx/core"
import { Layer } from "effect"
import type { SqlClient } from "effect/sql"
import * as Articles from "./articles/ArticleStoreSql.ts"
import * as BlobsSql from "./blobs/BlobsSql.ts"
import * as ConsentsSql from "./consents/ConsentsSql.ts"
import * as ContactsSql from "./contacts/ContactsSql.ts"
import * as Conversations from "./conversations/ConversationStoreSql.ts"
import * as DeliveryPartsSql from "./deliveries/DeliveryPartsSql.ts"
import * as Records from "./records/ContactRecordsSql.ts"
import * as Search from "./search/SessionSearchSql.ts"
import type { MasterKey } from "./secrets/MasterKey.ts"
import * as SecretsSql from "./secrets/SecretsSql.ts"
import * as Signals from "./signals/SignalInboxSql.ts"
import * as ThreadsSql from "./threads/ThreadsSql.ts"
import * as BookmarksSql from "./usage/BookmarksSql.ts"
import * as TokenLedgerSql from "./usage/TokenLedgerSql.ts"

/** What `layer` provides. */
export type Stores =
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
  | SessionSearch
  | ContactRecords

/** All repositories. The schema must be there: provide it on top of `Migrations.layer`. */
export const layer = (
  options: BlobsSql.BlobOptions = {},
): Layer.Layer<Stores, never, SqlClient.SqlClient | MasterKey> =>
  Layer.mergeAll(
    Conversations.layer,
    ContactsSql.layer,
    ConsentsSql.layer,
    DeliveryPartsSql.layer,
    ThreadsSql.layer,
    BlobsSql.layer({ maxBytes: options.maxBytes }),
    Articles.layer,
    SecretsSql.layer,
    Signals.layer,
    TokenLedgerSql.layer,
    BookmarksSql.layer,
    Search.layer,
    Records.layer,
  )
