/** A mail server that keeps what it gets in memory: the mailboxes of the demonstration's and the tests' customers. */
import { Clock, Effect, Schema } from "effect"
import PostalMime from "postal-mime"
import { SMTPServer } from "smtp-server"
import { callbackify } from "node:util"
import type { SMTPServerDataStream, SMTPServerSession } from "smtp-server"

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
  readonly attachments: ReadonlyArray<{
    readonly fileName: string
    readonly contentType: string
    readonly size: number
  }>
}

interface Refusal {
  readonly code: number
  readonly message: string
}

export interface MailSink {
  readonly port: number
  readonly host: string
  /** Everything received so far, oldest first; the same mail twice is listed twice. */
  readonly mails: () => ReadonlyArray<SinkMail>
  /** From now on answers each recipient like this: null takes mail, a code refuses it. */
  readonly refuse: (answer: Refusal | null) => void
}

/** The sink cannot listen, usually because the port is taken. */
export class MailSinkError extends Schema.TaggedError<MailSinkError>("@opencx/runtime/MailSinkError")(
  "MailSinkError",
  {
    detail: Schema.String,
  },
) {
  override get message(): string {
    return `The mail sink cannot start: ${this.detail}`
  }
}

const lastMails = 5000

const decode = async (raw: Buffer, session: SMTPServerSession, receivedAt: number): Promise<SinkMail> => {
  const mail = await PostalMime.parse(raw)
  const { mailFrom, rcptTo } = session.envelope
  return {
    receivedAt,
    envelopeFrom: mailFrom === false ? "" : mailFrom.address,
    envelopeTo: rcptTo.map((r) => r.address),
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

const readAll = async (stream: SMTPServerDataStream): Promise<Buffer> => {
  const chunks: Array<Uint8Array> = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

class Mailbox {
  readonly mails: Array<SinkMail> = []
  refusal: Refusal | null = null
  readonly server: SMTPServer

  constructor(now: () => number) {
    const take = async (stream: SMTPServerDataStream, session: SMTPServerSession) => {
      this.mails.push(await decode(await readAll(stream), session, now()))
      if (this.mails.length > lastMails) this.mails.shift()
    }
    this.server = new SMTPServer({
      authOptional: true,
      disabledCommands: ["STARTTLS", "AUTH"],
      disableReverseLookup: true,
      logger: false,
      // Milliseconds that a client may hold up the end; 30 s otherwise.
      closeTimeout: 1_000,
      onRcptTo: (_address, _session, callback) => {
        const { refusal } = this
        callback(
          refusal === null ? null : Object.assign(new Error(refusal.message), { responseCode: refusal.code }),
        )
      },
      onData: callbackify(take),
    })
  }
}

const listening = (mailbox: Mailbox, host: string, port: number) =>
  Effect.callback<number, MailSinkError>((resume) => {
    const { server } = mailbox
    server.on("error", (error) => resume(Effect.fail(new MailSinkError({ detail: error.message }))))
    server.listen(port, host, () => {
      const address = server.server.address()
      resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : port))
    })
  })

/** Starts the sink; it stops with its scope. Port 0 takes a free one. */
export const makeMailSink = Effect.fn("makeMailSink")(function* (options: {
  readonly host: string
  readonly port: number
}) {
  const clock = yield* Clock.Clock
  const mailbox = yield* Effect.acquireRelease(
    Effect.sync(() => new Mailbox(() => clock.currentTimeMillisUnsafe())),
    ({ server }) => Effect.callback<void>((resume) => server.close(() => resume(Effect.void))),
  )
  const port = yield* listening(mailbox, options.host, options.port)
  const sink: MailSink = {
    port,
    host: options.host,
    mails: () => mailbox.mails,
    refuse: (answer) => {
      mailbox.refusal = answer
    },
  }
  return sink
})
