/** A fake Twilio for tests and demonstrations. */
export { type FakeTwilio, startFakeTwilio, type TwilioHookResult } from "./FakeTwilio.ts"
export type { CustomerText, SignedHook } from "./hooks.ts"
export type { Fault, FaultPlan, LoggedRequest } from "./loopback.ts"
export type { FakeMedia, TwilioMessage, TwilioStatus } from "./model.ts"
export { signTwilioForm, signTwilioJson } from "./signing.ts"
export type { FakeTwilioOptions } from "./State.ts"
