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
