/** Contract suites and fakes for OpenCX channel plugins. Runs under vitest. */
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
export { articleStoreContract } from "./stores/articleStoreContract.ts"
export { blobsContract } from "./stores/blobsContract.ts"
export { contactsContract } from "./stores/contactsContract.ts"
export { conversationStoreContract } from "./stores/conversationStoreContract.ts"
export { secretsContract } from "./stores/secretsContract.ts"
export { threadsContract } from "./stores/threadsContract.ts"
