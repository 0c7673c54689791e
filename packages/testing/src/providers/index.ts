/**
 * Fakes of messaging and voice providers on loopback: real HTTP, real signatures, faults on demand. They share no code with
 * the channel plugins, and import no test runner, so that a demonstration can run them too. Each is also an entry of its own
 * (`@opencx/testing/providers/twilio`), with everything that tests need.
 */
export { FakeMeta, type FakeMetaOptions, type Customer as MetaCustomer, startFakeMeta } from "./meta/index.ts"
export {
  type CallOptions,
  FakeCall,
  type FakeRelay,
  type FakeRelayOptions,
  startFakeRelay,
} from "./relay/index.ts"
export {
  type FakeTwilio,
  type FakeTwilioOptions,
  startFakeTwilio,
  type TwilioMessage,
} from "./twilio/index.ts"
