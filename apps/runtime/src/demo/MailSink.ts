/** A mail server that keeps what it gets in memory: the mailboxes of the demonstration's and the tests' customers. */
import { Effect } from "effect"
import PostalMime from "postal-mime"
import { SMTPServer } from "smtp-server"

/** One received mail, decoded. */
export interface SinkMail {
  readonly receivedAt: number
  readonly envelopeFrom: string
  readonly envelopeTo: ReadonlyArray<string>
  readonly messageId: string
  readonly from: string
  readonly fromName: string
  readonly to: ReadonlyArray<string>
  readonly replyTo: string | null
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly headers: Readonly<Record<string, string>>
  readonly attachments: ReadonlyArray<{ readonly fileName: string; readonly contentType: string; readonly size: number }>
}

export interface MailSink {
  readonly port: number
  readonly host: string
  /** Everything received so far, oldest first; the same mail twice is listed twice. */
  readonly mails: () => ReadonlyArray<SinkMail>
  /** From now on answers each recipient like this: null takes mail, a code refuses it. */
  readonly refuse: (answer: { readonly code: number; readonly message: string } | null) => void
}

const lastMails = 5000

const decode = async (raw: Buffer, from: string, to: ReadonlyArray<string>): Promise<SinkMail> => {
  const mail = await PostalMime.parse(raw)
  return {
    receivedAt: Date.now(),
    envelopeFrom: from,
    envelopeTo: to,
    messageId: mail.messageId ?? "",
    from: mail.from?.address ?? "",
    fromName: mail.from?.name ?? "",
    to: (mail.to ?? []).flatMap((a) => (a.address === undefined ? [] : [a.address])),
    replyTo: mail.replyTo?.[0]?.address ?? null,
    subject: mail.subject ?? "",
    text: mail.text ?? "",
    html: mail.html ?? "",
    headers: Object.fromEntries(mail.headers.map((h) => [h.key, h.value])),
    attachments: mail.attachments.map((a) => ({
      fileName: a.filename ?? "",
      contentType: a.mimeType,
      size: typeof a.content === "string" ? a.content.length : a.content.byteLength,
    })),
  }
}

/** Starts the sink; it stops with its scope. Port 0 takes a free one. */
export const makeMailSink = (options: { readonly host: string; readonly port: number }) =>
  Effect.acquireRelease(
    Effect.callback<MailSink & { readonly server: SMTPServer }, Error>((resume) => {
      const mails: Array<SinkMail> = []
      let refusal: { readonly code: number; readonly message: string } | null = null
      const server = new SMTPServer({
        authOptional: true,
        disabledCommands: ["STARTTLS", "AUTH"],
        disableReverseLookup: true,
        logger: false,
        onRcptTo: (_address, _session, callback) =>
          callback(refusal === null ? null : Object.assign(new Error(refusal.message), { responseCode: refusal.code })),
        onData: (stream, session, callback) => {
          const chunks: Array<Buffer> = []
          stream.on("data", (chunk: Buffer) => chunks.push(chunk))
          stream.on("end", () => {
            const sender = session.envelope.mailFrom === false ? "" : session.envelope.mailFrom.address
            const recipients = session.envelope.rcptTo.map((r) => r.address)
            decode(Buffer.concat(chunks), sender, recipients).then(
              (mail) => {
                mails.push(mail)
                if (mails.length > lastMails) mails.shift()
                callback()
              },
              (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
            )
          })
        },
      })
      server.on("error", (error) => resume(Effect.fail(error)))
      server.listen(options.port, options.host, () => {
        const address = server.server.address()
        const port = typeof address === "object" && address !== null ? address.port : options.port
        resume(
          Effect.succeed({
            server,
            port,
            host: options.host,
            mails: () => mails,
            refuse: (answer) => {
              refusal = answer
            },
          }),
        )
      })
    }),
    ({ server }) => Effect.callback<void>((resume) => server.close(() => resume(Effect.void))),
  )
