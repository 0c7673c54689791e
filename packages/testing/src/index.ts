/** Contract suites of the OpenCX ports and channel plugins. They register tests with vitest. */
export { channelContract } from "./channel/channelContract.ts"
export { type CorpusItem, markdownCorpus } from "./channel/corpus.ts"
export type {
  ChannelFixtures,
  EventTag,
  FakeProvider,
  Forgery,
  SendScenario,
  SignedBody,
  WebhookFixture,
} from "./channel/Fixtures.ts"
export {
  bindAccount,
  contractHookUrl,
  contractPublicUrl,
  deliveryBook,
  sampleMessage,
  testSigner,
} from "./channel/world.ts"
export { brokenBytes, brokenFields, brokenJson, brokenText, hostileText } from "./fuzz/hostile.ts"
export { fuzzSeeds, type Noise, noise, repeatedBy } from "./fuzz/seeds.ts"
export { supportAgentContract } from "./agent/supportAgentContract.ts"
export { knowledgeContract } from "./knowledge/knowledgeContract.ts"
export {
  knowledgeSyncContract,
  type MakeSyncedSource,
  type SyncedSource,
  type WrittenArticle,
} from "./knowledge/knowledgeSyncContract.ts"
export { identityMergeContract } from "./identity/identityMergeContract.ts"
export type { MakeMergeDesk, MergeDesk, WrittenPerson } from "./identity/MergeDesk.ts"
export type { LiveChatDesk, MakeLiveChatDesk, PassedOn, ShownMessage } from "./messaging/LiveChatDesk.ts"
export { messagingContract } from "./messaging/messagingContract.ts"
export { articleStoreContract } from "./stores/articleStoreContract.ts"
export { blobsContract } from "./stores/blobsContract.ts"
export { bookmarksContract } from "./stores/bookmarksContract.ts"
export { consentsContract } from "./stores/consentsContract.ts"
export { tokenLedgerContract } from "./stores/tokenLedgerContract.ts"
export { contactsContract } from "./stores/contactsContract.ts"
export { conversationStoreContract } from "./stores/conversationStoreContract.ts"
export { deliveryPartsContract } from "./stores/deliveryPartsContract.ts"
export { secretsContract } from "./stores/secretsContract.ts"
export { signalInboxContract } from "./stores/signalInboxContract.ts"
export { threadsContract } from "./stores/threadsContract.ts"
export type { HeldComment, HelpDesk, MakeHelpDesk } from "./ticketing/HelpDesk.ts"
export { contractFields } from "./ticketing/fieldTests.ts"
export { ticketingContract } from "./ticketing/ticketingContract.ts"
