/** The Zendesk adapter of OpenCX: Support ticketing, Help Center sync, ticket webhooks. */
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
  OAuthClientCredentials,
  PublicHelpCenter,
  Subdomain,
  ZendeskAuth,
  ZendeskConnection,
} from "./client/Connection.ts"
export { type HelpCenterSyncInput, makeHelpCenterSync } from "./help-center/HelpCenterSync.ts"
export type { HelpCenterSource } from "./help-center/Run.ts"
export {
  defaultCommentLimit,
  layerTicketing,
  makeTicketing,
  ticketingOf,
} from "./support/ZendeskTicketing.ts"
export { triggerBody, triggerRequest, webhookRequest } from "./webhook/Setup.ts"
export { type SignedRequest, signatureHeaders, verifySignature } from "./webhook/Signature.ts"
export { decodeTicketSignal, maxSignalBytes, type TicketSignal } from "./webhook/TicketSignal.ts"
