/**
 * A stateful Zendesk account on loopback: Support, Help Center, OAuth, triggers, webhooks and faults,
 * for development and tests without an account.
 */
export { EmulatorError, make, startEmulator, type Emulator } from "./Emulator.ts"
export type { ScheduleHandle } from "./schedules/control.ts"
export type { SunshineHandle } from "./control/sunshineHandle.ts"
export type { Counts } from "./control/state.ts"
export type { Fault, HttpFaultKind, MessagingFaultKind, WebhookFaultKind } from "./faults/Faults.ts"
export type { Call } from "./http/CallsLog.ts"
export type { DeliveryAttempt, DeliveryRecord } from "./webhooks/Delivery.ts"
export type { MessagingDelivery } from "./sunshine/events/Hooks.ts"
export type { ChannelDelivery } from "./sunshine/world/model.ts"
export type { SunshineBehaviour } from "./sunshine/world/behaviour.ts"
export type { NotificationMail, Role, TicketStatus } from "./world/model.ts"
export type {
  EmulatorOptions,
  LimitOptions,
  Seed,
  SeedArticle,
  SeedHelpCenter,
  SeedOAuthClient,
  SeedSchedule,
  SeedSunshine,
  SeedTicketField,
  SeedTranslation,
  SeedUser,
  WebhookOptions,
} from "./world/options.ts"
export { sampleSunshineApp } from "./sunshine/seed.ts"
export { sampleHelpCenter } from "./sample/index.ts"
export type { SampleArticle, SampleHelpCenter } from "./sample/index.ts"
export type { CdnRequest } from "./world/World.ts"
