/** Contract suites of the OpenCX ports and channel plugins. They register tests with vitest. */
export { channelContract } from "./channel/channelContract.ts"
export { type CorpusItem, markdownCorpus } from "./channel/corpus.ts"
export type {
  ChannelFixtures,
  EventTag,
  FakeProvider,
  Forgery,
  SendScenario,
  WebhookFixture,
} from "./channel/Fixtures.ts"
export { bindAccount, sampleMessage, testSigner } from "./channel/world.ts"
export { supportAgentContract } from "./agent/supportAgentContract.ts"
export { knowledgeContract } from "./knowledge/knowledgeContract.ts"
export {
  knowledgeSyncContract,
  type MakeSyncedSource,
  type SyncedSource,
  type WrittenArticle,
} from "./knowledge/knowledgeSyncContract.ts"
export { articleStoreContract } from "./stores/articleStoreContract.ts"
export { blobsContract } from "./stores/blobsContract.ts"
export { contactsContract } from "./stores/contactsContract.ts"
export { conversationStoreContract } from "./stores/conversationStoreContract.ts"
export { secretsContract } from "./stores/secretsContract.ts"
export { signalInboxContract } from "./stores/signalInboxContract.ts"
export { threadsContract } from "./stores/threadsContract.ts"
export type { HeldComment, HelpDesk, MakeHelpDesk } from "./ticketing/HelpDesk.ts"
export { ticketingContract } from "./ticketing/ticketingContract.ts"
