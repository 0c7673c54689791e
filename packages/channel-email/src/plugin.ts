/** The email plugin: what it can do, and where its parts are. */
import { type ChannelPlugin, definePlugin } from "@opencx/core"
import type { MailResolver } from "./identity/authenticate.ts"
import { listen } from "./inbound/listen.ts"
import { decodeWebhook, makeWebhooks, verifyWebhook } from "./inbound/webhooks.ts"
import type { FetchText } from "./inbound/fetchText.ts"
import { openSender } from "./outbound/open.ts"
import { EmailSettings } from "./settings.ts"

/** What the plugin asks of the outside, for tests and closed networks. */
export interface EmailPluginOptions {
  /** Answers the DNS questions of DKIM, SPF and DMARC. Default: `dnsServers` of the account, else the machine's. */
  readonly resolver?: MailResolver
  /** Reads a small text over https: Amazon's signing certificates and subscription confirmations. */
  readonly fetchText?: FetchText
}

/** Makes the email plugin with its outside replaced. */
export const makeEmailPlugin = (options: EmailPluginOptions = {}): ChannelPlugin => {
  const webhooks = makeWebhooks(options)
  const deps = { resolver: options.resolver }
  return definePlugin({
    id: "email",
    title: "Email",
    capabilities: {
      handoff: "ticket",
      channelTag: "email",
      textLimit: null,
      markup: "html",
      media: { inbound: true, outbound: true, maxBytes: 25 * 1024 * 1024 },
      receipts: false,
      typing: false,
      replyWindowMinutes: null,
      optOutWords: [],
    },
    identity: ["email"],
    settings: EmailSettings,
    inbound: {
      verify: (request, account) => verifyWebhook(webhooks, request, account),
      decode: (request, account) => decodeWebhook(webhooks, request, account),
      listen: (host) => listen(host, deps),
    },
    outbound: { open: openSender },
  })
}

/** Email: in over SMTP, IMAP, Postmark, Mailgun, SendGrid or Amazon SES; out over SMTP. */
export const emailPlugin: ChannelPlugin = makeEmailPlugin()
