/** Which provider an account's webhooks come from. */
import {
  type Account,
  type ChannelEvent,
  MalformedInput,
  type RawRequest,
  SignatureRejected,
} from "@opencx/core"
import { Effect } from "effect"
import type { MailResolver } from "../identity/authenticate.ts"
import type { EmailSettings } from "../settings.ts"
import { verifyBasic } from "./credentials.ts"
import { type FetchText, fetchText } from "./fetchText.ts"
import { decodeMailgun, TokenMemory, verifyMailgun } from "./mailgun.ts"
import { decodePostmark } from "./postmark.ts"
import type { ReceiveDeps } from "./receive.ts"
import { decodeSendgrid, verifySendgrid } from "./sendgrid.ts"
import { decodeSes, verifySes } from "./ses.ts"
import type { CertificateCache } from "./sns.ts"

/** What the webhooks of one plugin value remember. */
export interface Webhooks {
  readonly deps: ReceiveDeps
  readonly fetchText: FetchText
  readonly tokens: TokenMemory
  readonly certificates: CertificateCache
}

export const makeWebhooks = (options: {
  readonly resolver?: MailResolver
  readonly fetchText?: FetchText
}): Webhooks => ({
  deps: { resolver: options.resolver },
  fetchText: options.fetchText ?? fetchText,
  tokens: new TokenMemory(),
  certificates: new Map(),
})

type EmailAccount = Account<EmailSettings>

/** Checks that a request comes from the account's provider. */
export const verifyWebhook = (
  hooks: Webhooks,
  request: RawRequest,
  account: EmailAccount,
): Effect.Effect<void, SignatureRejected> => {
  const { postmark, mailgun, sendgrid, ses } = account.settings.inbound
  if (postmark !== undefined) return verifyBasic(request, postmark)
  if (mailgun !== undefined) return verifyMailgun(request, account, hooks.tokens)
  if (sendgrid !== undefined) return verifySendgrid(request, account)
  if (ses !== undefined) return verifySes(request, account, hooks.fetchText, hooks.certificates)
  return Effect.fail(
    new SignatureRejected({
      detail: "this account has no webhook provider; set inbound.postmark, mailgun, sendgrid or ses",
    }),
  )
}

/** Events of a request that was verified. */
export const decodeWebhook = (
  hooks: Webhooks,
  request: RawRequest,
  account: EmailAccount,
): Effect.Effect<ReadonlyArray<ChannelEvent>, MalformedInput | SignatureRejected> => {
  const { postmark, mailgun, sendgrid } = account.settings.inbound
  if (postmark !== undefined) return decodePostmark(request, account, hooks.deps)
  if (mailgun !== undefined) return decodeMailgun(request, account, hooks.deps)
  if (sendgrid !== undefined) return decodeSendgrid(request, account, hooks.deps)
  return decodeSes(request, account, hooks.deps, hooks.fetchText)
}
