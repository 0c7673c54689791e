/** The settings of one mailbox: what an operator writes in the configuration. */
import { Effect, Schema } from "effect"

const Secret = Schema.RedactedFromValue(Schema.NonEmptyString)

/** `name@domain.example`; compared without regard to case. */
const Address = Schema.String.check(
  Schema.isPattern(/^[^\s@<>,;:"()[\]\\]{1,64}@[A-Za-z0-9.-]{1,253}$/, {
    expected: "an email address such as support@acme.example",
  }),
)

const Domain = Schema.String.check(
  Schema.isPattern(/^[A-Za-z0-9.-]{1,253}$/, { expected: "a domain such as acme.example" }),
)

const Port = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 65_535 }))

const Outbound = Schema.Struct({
  host: Schema.NonEmptyString,
  port: Port,
  /** TLS from the first byte (port 465). */
  secure: Schema.optionalKey(Schema.Boolean),
  /** `required` (default when there are credentials), `optional`, or `never`. */
  starttls: Schema.optionalKey(Schema.Literals(["required", "optional", "never"])),
  auth: Schema.optionalKey(Schema.Struct({ user: Schema.NonEmptyString, password: Secret })),
  dkim: Schema.optionalKey(
    Schema.Struct({ domainName: Domain, keySelector: Schema.NonEmptyString, privateKey: Secret }),
  ),
  /** Connections kept open to this server. */
  pool: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 20 })).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(2)),
  ),
  /** Milliseconds to wait for a connection, and for each answer. */
  timeoutMs: Schema.Int.check(Schema.isBetween({ minimum: 100, maximum: 600_000 })).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(60_000)),
  ),
})

const Imap = Schema.Struct({
  host: Schema.NonEmptyString,
  port: Port,
  /** TLS from the first byte (port 993); STARTTLS is demanded otherwise unless `allowInsecureTls`. */
  secure: Schema.Boolean.pipe(Schema.withDecodingDefaultKey(Effect.succeed(true))),
  user: Schema.NonEmptyString,
  password: Schema.optionalKey(Secret),
  /** OAuth 2 access token, instead of a password (Google, Microsoft 365). */
  accessToken: Schema.optionalKey(Secret),
  mailbox: Schema.NonEmptyString.pipe(Schema.withDecodingDefaultKey(Effect.succeed("INBOX"))),
}).check(
  Schema.makeFilter((imap) =>
    imap.password === undefined && imap.accessToken === undefined
      ? "imap needs a `password` or an `accessToken`"
      : true,
  ),
)

/** `previousPassword`: the one before, taken as long as it stands here. */
const Basic = Schema.Struct({
  username: Schema.NonEmptyString,
  password: Secret,
  previousPassword: Schema.optionalKey(Secret),
})

const Inbound = Schema.Struct({
  /** Take this account's mail from the embedded SMTP listener. */
  smtp: Schema.optionalKey(Schema.Boolean),
  imap: Schema.optionalKey(Imap),
  postmark: Schema.optionalKey(Basic),
  mailgun: Schema.optionalKey(
    Schema.Struct({
      signingKey: Secret,
      /** The one before: what it signed is taken as long as it stands here. */
      previousSigningKey: Schema.optionalKey(Secret),
      /** Oldest signature that is taken, in seconds. */
      maxAgeSeconds: Schema.Int.pipe(Schema.withDecodingDefaultKey(Effect.succeed(43_200))),
    }),
  ),
  sendgrid: Schema.optionalKey(
    Schema.Struct({
      /** Base64 DER (SPKI) of the security policy's key. */
      publicKey: Schema.optionalKey(Schema.NonEmptyString),
      /** The policy's key before: what it signed is taken as long as it stands here. */
      previousPublicKey: Schema.optionalKey(Schema.NonEmptyString),
      basic: Schema.optionalKey(Basic),
    }).check(
      Schema.makeFilter((s) =>
        s.publicKey === undefined && s.basic === undefined
          ? "sendgrid needs a `publicKey` (signed parse webhook) or `basic` credentials"
          : true,
      ),
    ),
  ),
  ses: Schema.optionalKey(
    Schema.Struct({
      topicArn: Schema.String.check(
        Schema.isPattern(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/, {
          expected: "an SNS topic ARN (standard topic)",
        }),
      ),
      region: Schema.String.check(Schema.isPattern(/^[a-z]{2}(-[a-z]+)+-\d$/, { expected: "an AWS region" })),
    }),
  ),
}).check(
  Schema.makeFilter((inbound) => {
    const webhooks = [inbound.postmark, inbound.mailgun, inbound.sendgrid, inbound.ses]
    return webhooks.filter((w) => w !== undefined).length <= 1
      ? true
      : "choose one of postmark, mailgun, sendgrid and ses per account"
  }),
)

/** One email account. Every secret decodes to a `Redacted`. */
export const EmailSettings = Schema.Struct({
  address: Address,
  aliases: Schema.Array(Address).pipe(Schema.withDecodingDefaultKey(Effect.succeed([]))),
  displayName: Schema.NonEmptyString,
  outbound: Outbound,
  /** Where bounces come back to: `bounce+<token>@<this domain>`. Default: the domain of `address`. */
  bounceDomain: Schema.optionalKey(Domain),
  inbound: Inbound,
  /** Mail from these domains is our own (robots, relays): kept, never answered. */
  ownDomains: Schema.Array(Domain).pipe(Schema.withDecodingDefaultKey(Effect.succeed([]))),
  /** Whose `Authentication-Results` header is believed, when it is the topmost one (IMAP behind your own server). */
  trustedAuthservId: Schema.optionalKey(Schema.NonEmptyString),
  /** Largest mail taken, in bytes. */
  maxBytes: Schema.Int.check(Schema.isBetween({ minimum: 1024, maximum: 104_857_600 })).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed(26_214_400)),
  ),
  /** Accept any certificate and unencrypted logins. For tests on loopback only. */
  allowInsecureTls: Schema.Boolean.pipe(Schema.withDecodingDefaultKey(Effect.succeed(false))),
  /**
   * `verify`: a sender is identified only with a DMARC pass. `trust`: the From address is believed, whoever wrote it.
   * Never use `trust` where strangers can reach the mailbox: they could speak as any customer.
   */
  authentication: Schema.Literals(["verify", "trust"]).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("verify" as const)),
  ),
  /** A line put above every mail that we send; whatever follows it in an answer is not read. */
  replyDelimiter: Schema.optionalKey(Schema.NonEmptyString.check(Schema.isMaxLength(120))),
  /** DNS servers for checking DKIM, SPF and DMARC. Default: the machine's own. */
  dnsServers: Schema.optionalKey(Schema.Array(Schema.NonEmptyString)),
})
export type EmailSettings = typeof EmailSettings.Type

/** All addresses of an account, lower-case, the main one first. */
export const addressesOf = (settings: EmailSettings): ReadonlyArray<string> =>
  [settings.address, ...settings.aliases].map((a) => a.toLowerCase())

export const domainOf = (address: string): string => address.slice(address.lastIndexOf("@") + 1).toLowerCase()

/** The domain that bounces come back to. */
export const bounceDomainOf = (settings: EmailSettings): string =>
  (settings.bounceDomain ?? domainOf(settings.address)).toLowerCase()
