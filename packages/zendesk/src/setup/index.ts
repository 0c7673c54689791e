/** Connecting an account: verify, set up, disconnect. Effects that give plain data, for commands and for an API alike. */
export { applyDisconnect, type DisconnectInput, planDisconnect } from "./Disconnect.ts"
export {
  type OurHook,
  type Ownership,
  type Plan,
  type SetupError,
  type SetupStore,
  type StepId,
  type StepView,
  storedNames,
  viewOf,
} from "./Plan.ts"
export {
  applySetup,
  type FailedStep,
  type MessagingSide,
  planSetup,
  type SetupInput,
  type SetupReport,
  type SupportSide,
} from "./Setup.ts"
export { askConsent, type Consent, readConsent } from "./consent.ts"
export type { Finding } from "./verify/Probe.ts"
export {
  type AccountFindings,
  type AccountToVerify,
  isVerified,
  verifyAccount,
} from "./verify/verifyAccount.ts"
export { messagingTriggers } from "./messaging/Writes.ts"
export type { WebhookActivity } from "./facts/activity.ts"
export {
  type HookFacts,
  readSupportFacts,
  type SupportFacts,
  type TriggerFacts,
  type WebhookFacts,
} from "./facts/supportFacts.ts"
export { readClockAhead } from "./facts/clock.ts"
export type { TagTaker } from "./facts/tagTakers.ts"
