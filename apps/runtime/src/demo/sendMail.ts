/** Sends a mail as a customer's mail program does, over SMTP. */
import { Effect } from "effect"
import { createTransport } from "nodemailer"
import { ConfigurationError } from "../config/ConfigError.ts"

export interface CustomerMail {
  readonly host: string
  readonly port: number
  readonly from: string
  readonly name?: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html?: string
  readonly messageId?: string
  readonly inReplyTo?: string | null
  readonly references?: ReadonlyArray<string>
  readonly headers?: Readonly<Record<string, string>>
  /** Envelope sender, where it is another than `from`; empty for bounces. */
  readonly envelopeFrom?: string
  readonly attachments?: ReadonlyArray<{
    readonly filename: string
    readonly content: string | Uint8Array
    readonly contentType?: string
  }>
  /** The whole message, ready made; everything above but the envelope is then unused. */
  readonly raw?: string
}

const envelope = (mail: CustomerMail) => ({ from: mail.envelopeFrom ?? mail.from, to: [mail.to] })

const message = (mail: CustomerMail) =>
  mail.raw === undefined
    ? {
        envelope: envelope(mail),
        from: { name: mail.name ?? "", address: mail.from },
        to: mail.to,
        subject: mail.subject,
        text: mail.text,
        ...(mail.html === undefined ? {} : { html: mail.html }),
        ...(mail.messageId === undefined ? {} : { messageId: mail.messageId }),
        ...(mail.inReplyTo
          ? { inReplyTo: mail.inReplyTo, references: [...(mail.references ?? []), mail.inReplyTo] }
          : {}),
        ...(mail.headers === undefined ? {} : { headers: mail.headers }),
        attachments: (mail.attachments ?? []).map((a) => ({
          ...a,
          content: typeof a.content === "string" ? a.content : Buffer.from(a.content),
        })),
      }
    : { envelope: envelope(mail), raw: mail.raw }

/** Resolves when the server has taken the mail; its refusal is the error. */
export const sendMail = (
  mail: CustomerMail,
): Effect.Effect<{ readonly messageId: string }, ConfigurationError> =>
  Effect.tryPromise({
    try: async () => {
      const transport = createTransport({ host: mail.host, port: mail.port, ignoreTLS: true, secure: false })
      try {
        const sent = await transport.sendMail(message(mail))
        return { messageId: String(sent.messageId) }
      } finally {
        transport.close()
      }
    },
    catch: (cause) =>
      new ConfigurationError({
        problem: `The mail was not taken by ${mail.host}:${mail.port}: ${cause instanceof Error ? cause.message : String(cause)}`,
        hint: "Is the demonstration running? Its start banner names the SMTP address.",
      }),
  })
