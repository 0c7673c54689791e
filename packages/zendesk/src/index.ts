/** The Zendesk adapter of OpenCX: Support ticketing, Help Center sync, Sunshine messaging, identity merge, webhooks. */
export { CallsEndAt } from "./client/CallsEndAt.ts"
export {
  type ClientLimits,
  makeZendeskClient,
  type Pool,
  type ZendeskClient,
  type ZendeskHealth,
} from "./client/Client.ts"
export {
  type AccountAccess,
  ApiToken,
  LoopbackUrl,
  OAuthAuthorizationCode,
  OAuthClientCredentials,
  PublicHelpCenter,
  Subdomain,
  ZendeskAuth,
  ZendeskConnection,
} from "./client/Connection.ts"
export { redeemCode } from "./client/Authorization.ts"
export { StoredTokens, type TokenVault } from "./client/TokenVault.ts"
export type { TokenServer } from "./client/tokenRequest.ts"
export * from "./setup/index.ts"
export { type HelpCenterSyncInput, makeHelpCenterSync } from "./help-center/HelpCenterSync.ts"
export type { HelpCenterSource } from "./help-center/Run.ts"
export { htmlToMarkdown } from "./text/HtmlToMarkdown.ts"
export {
  defaultCommentLimit,
  layerTicketing,
  makeTicketing,
  ticketingOf,
} from "./support/ZendeskTicketing.ts"
export {
  type ListedSchedule,
  listSchedules,
  readSchedule,
  type ZendeskSchedule,
} from "./schedules/Schedules.ts"
export { ScheduleError } from "./schedules/ScheduleError.ts"
export { assistTriggerRequests, triggerBody, triggerRequest, webhookRequest } from "./webhook/Setup.ts"
export {
  minimumToleranceMs,
  type SignedRequest,
  signatureHeaders,
  verifySignature,
} from "./webhook/Signature.ts"
export { decodeTicketSignal, maxSignalBytes, type TicketSignal } from "./webhook/TicketSignal.ts"
export {
  decodeSunshineAddress,
  encodeSunshineAddress,
  type SunshineAddress,
} from "./sunshine/channels/address.ts"
export { sunshineSender } from "./sunshine/channels/sender.ts"
export { type SunshineSource, sunshineSourceOf, sunshineSources } from "./sunshine/channels/sources.ts"
export { sunshineChannels, type SunshineChannelsInput } from "./sunshine/channels/sunshineChannels.ts"
export { controlOf, type SwitchboardNames } from "./sunshine/chat/Control.ts"
export {
  makeSunshineClient,
  type SunshineClient,
  type SunshineHealth,
  type SunshineLimits,
} from "./sunshine/client/SunshineClient.ts"
export {
  sunshineAccess,
  type SunshineAccess,
  SunshineConnection,
  type SupportAddress,
} from "./sunshine/Connection.ts"
export type { ChatEvent, ChatProfile, ChatSource, SessionMeta } from "./sunshine/events/ChatEvent.ts"
export { chatEventOf } from "./sunshine/events/chatEvents.ts"
export {
  type ClassifiedMessage,
  classifyMessage,
  type MessageAuthor,
} from "./sunshine/events/classifyMessage.ts"
export type { MessageFile } from "./sunshine/events/content.ts"
export {
  decodeMessagingEvents,
  maxMessagingBytes,
  type MessagingEvent,
} from "./sunshine/events/decodeMessagingEvents.ts"
export {
  type KeyedRequest,
  messagingKeyHeader,
  verifyMessagingKey,
} from "./sunshine/events/verifyMessagingKey.ts"
export {
  type AddressEvidence,
  decideMerge,
  type MergeFacts,
  type SupportPerson,
  type Verdict,
} from "./sunshine/identity/decideMerge.ts"
export { type IdentityMergeParts, identityMergeOf } from "./sunshine/identity/SunshineIdentityMerge.ts"
export { messagingOf, type SunshineMessaging } from "./sunshine/SunshineMessaging.ts"
export { type BehindChats, behindChats } from "./erasure/behindChats.ts"
export { type ErasedInZendesk, eraseInZendesk } from "./erasure/eraseInZendesk.ts"
