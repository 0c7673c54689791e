/** One mail that arrives over SMTP: read it, make events of it, journal them. */
import type { Account, ListenHost } from "@opencx/core"
import { Effect, type Semaphore } from "effect"
import type { SMTPServerDataStream, SMTPServerSession } from "smtp-server"
import { Fault, SmtpAnswer, toFault } from "../faults.ts"
import type { EmailSettings } from "../settings.ts"
import { isRecipient } from "../threading/tokens.ts"
import { receiveRaw, type ReceiveDeps } from "./receive.ts"
import type { SmtpOptions } from "./SmtpOptions.ts"

export type EmailAccount = Account<EmailSettings>
/** An error that the server answers with this code. */
export const refuse = (responseCode: number, message: string): SmtpAnswer =>
  new SmtpAnswer({ responseCode, message })

/** The whole mail, or null when it is larger than `limit`. Reads to the end in both cases: the client must be heard out. */
const collect = (stream: SMTPServerDataStream, limit: number): Effect.Effect<Uint8Array | null, Fault> =>
  Effect.callback<Uint8Array | null, Fault>((resume) => {
    let chunks: Array<Buffer> = []
    let size = 0
    stream.on("data", (chunk: Buffer) => {
      size += chunk.length
      if (size > limit) chunks = []
      else chunks.push(chunk)
    })
    stream.once("end", () =>
      resume(Effect.succeed(size > limit || stream.sizeExceeded ? null : Buffer.concat(chunks))),
    )
    stream.once("error", (error: Error) => resume(Effect.fail(toFault(error))))
    stream.once("close", () => resume(Effect.fail(new Fault({ message: "the client went away" }))))
  })

/** What the listener serves. */
export interface Door {
  readonly host: ListenHost<EmailSettings>
  readonly accounts: ReadonlyArray<EmailAccount>
  readonly options: SmtpOptions
  readonly deps: ReceiveDeps
  readonly turns: Semaphore.Semaphore
}

const accountsFor = (door: Door, session: SMTPServerSession) => {
  const recipients = session.envelope.rcptTo.map((r) => r.address.toLowerCase())
  return door.accounts.flatMap((account) => {
    const mine = recipients.filter((r) => isRecipient(account, r))
    return mine.length === 0 ? [] : [{ account, recipients: mine }]
  })
}

/** Takes one mail in for every account it is for. Fails with the SMTP answer. */
const takeIn = Effect.fn("channel-email.smtp.takeIn")(function* (
  door: Door,
  session: SMTPServerSession,
  raw: Uint8Array,
) {
  const mailFrom = session.envelope.mailFrom
  const from = mailFrom === false ? "" : mailFrom.address
  for (const { account, recipients } of accountsFor(door, session)) {
    if (raw.length > account.settings.maxBytes) {
      return yield* refuse(
        552,
        `5.3.4 ${account.settings.address} takes mails of up to ${account.settings.maxBytes} bytes`,
      )
    }
    const peer = {
      ip: session.remoteAddress,
      helo: session.hostNameAppearsAs || session.clientHostname,
      mailFrom: from,
    }
    const arrival = { envelope: { from, to: recipients }, peer, verdict: null, behindBorder: false }
    const events = yield* receiveRaw(raw, arrival, account, door.deps)
    yield* door.host
      .accept({ orgId: account.orgId, accountId: account.accountId }, events)
      .pipe(
        Effect.mapError(() => refuse(451, "4.3.0 The mail could not be stored just now; please try again")),
      )
  }
})

/** Reads and journals one mail; fails with the SMTP answer. */
export const takeMail = Effect.fn("channel-email.smtp.takeMail")(function* (
  door: Door,
  session: SMTPServerSession,
  stream: SMTPServerDataStream,
) {
  const limit = Math.min(
    door.options.maxBytes,
    Math.max(1024, ...door.accounts.map((a) => a.settings.maxBytes)),
  )
  const raw = yield* collect(stream, limit).pipe(
    Effect.timeoutOrElse({
      duration: door.options.dataMs,
      orElse: () => Effect.fail(refuse(421, "4.4.2 The mail took too long to arrive")),
    }),
  )
  if (raw === null) return yield* refuse(552, `5.3.4 The mail is larger than ${limit} bytes`)
  // Parsing holds the whole mail several times over; a few at a time bound the memory.
  return yield* door.turns.withPermits(1)(takeIn(door, session, raw))
})
