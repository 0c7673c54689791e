/** A fake of Meta's WhatsApp Cloud API: Graph, signed webhooks, and the customers' phones. */
export { FakeMeta, type FakeMetaOptions, type NewCustomer, startFakeMeta } from "./FakeMeta.ts"
export type { Fault, Misbehaviour, Operation } from "./faults.ts"
export type { PairLimit } from "./limits.ts"
export type {
  Customer,
  LoggedRequest,
  ShownMedia,
  ShownMessage,
  StatusName,
  StoredMedia,
  Template,
} from "./model.ts"
export {
  bytesOf,
  changeOf,
  type CustomerContent,
  envelopeOf,
  type JsonObject,
  type Target,
} from "./payloads.ts"
export type { WebhookResult } from "./webhooks.ts"
export type { BatchItem, NewNumber } from "./writing.ts"
