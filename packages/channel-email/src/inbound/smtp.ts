/** The embedded SMTP listener: a door for our own recipients only. 250 is said when the mail is journaled, never before. */
import type { ListenHost } from "@opencx/core"
import { Cause, Effect, FiberSet, Option, Redacted, Semaphore } from "effect"
import { SMTPServer, type SMTPServerSession } from "smtp-server"
import { type Fault, type SmtpAnswer, toFault } from "../faults.ts"
import type { EmailSettings } from "../settings.ts"
import { isRecipient } from "../threading/tokens.ts"
import type { ReceiveDeps } from "./receive.ts"
import type { SmtpOptions } from "./SmtpOptions.ts"
import { type Door, type EmailAccount, refuse, takeMail } from "./takeMail.ts"

type Reply = (error?: Error | null) => void

const isOurs = (door: Door, address: { readonly address: string }): boolean =>
  door.accounts.some((account) => isRecipient(account, address.address))

const makeServer = (
  door: Door,
  run: (effect: Effect.Effect<void, Fault | SmtpAnswer>, session: SMTPServerSession, reply: Reply) => void,
): SMTPServer => {
  const { options } = door
  return new SMTPServer({
    banner: "OpenCX",
    size: options.maxBytes,
    disabledCommands: ["AUTH", ...(options.tls === undefined ? ["STARTTLS"] : [])],
    authOptional: true,
    disableReverseLookup: true,
    logger: false,
    maxClients: options.maxClients,
    socketTimeout: options.idleMs,
    closeTimeout: 5_000,
    ...(options.tls === undefined ? {} : { key: tlsKey(options.tls), cert: options.tls.cert }),
    onRcptTo: (address, session, reply) => {
      if (session.envelope.rcptTo.length >= 100) reply(refuse(452, "4.5.3 Too many recipients"))
      else if (isOurs(door, address)) reply()
      else reply(refuse(550, "5.1.1 No such mailbox here"))
    },
    onData: (stream, session, reply) => run(takeMail(door, session, stream), session, reply),
  })
}

const tlsKey = (tls: NonNullable<SmtpOptions["tls"]>): string => Redacted.value(tls.key)

const bind = (server: SMTPServer, options: SmtpOptions): Effect.Effect<string, Fault> =>
  Effect.callback<string, Fault>((resume) => {
    const onError = (error: Error) => resume(Effect.fail(toFault(error)))
    server.once("error", onError)
    const socket = server.listen(options.port, options.host, () => {
      server.off("error", onError)
      const address = socket.address()
      resume(
        Effect.succeed(
          address === null || typeof address === "string"
            ? `${address}`
            : hostPort(address.address, address.port),
        ),
      )
    })
  })

/** A fault of ours is never the sender's: whatever is not an SMTP answer becomes "try again". */
const answerOf = (cause: Cause.Cause<Fault | SmtpAnswer>): SmtpAnswer => {
  const error = Option.getOrNull(Cause.findErrorOption(cause))
  return error !== null && error._tag === "SmtpAnswer"
    ? error
    : refuse(451, "4.3.0 The mail could not be taken just now; please try again")
}

/** Lets a client go that has not finished in time. */
const hangUp = (server: SMTPServer, session: SMTPServerSession): void => {
  for (const connection of server.connections) if (connection.session === session) connection.close()
}

const hostPort = (host: string, port: number): string =>
  host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`

/**
 * Opens the listener for the accounts that take mail this way and keeps it until the scope closes; answers with the
 * bound address. Mails in flight are finished first (5 s at most).
 */
export const listenSmtp = Effect.fn("channel-email.listenSmtp")(function* (
  host: ListenHost<EmailSettings>,
  accounts: ReadonlyArray<EmailAccount>,
  options: SmtpOptions,
  deps: ReceiveDeps,
) {
  const fork = yield* FiberSet.makeRuntime<never, void, never>()
  const door: Door = { host, accounts, options, deps, turns: yield* Semaphore.make(4) }
  const server = makeServer(door, (effect, session, reply) => {
    fork(
      effect.pipe(
        Effect.tapCause((cause) =>
          Cause.hasDies(cause) ? Effect.logError("SMTP: a mail could not be taken", cause) : Effect.void,
        ),
        Effect.matchCause({
          onSuccess: () => reply(),
          onFailure: (cause) => {
            const answer = answerOf(cause)
            reply(answer)
            if (answer.responseCode === 421) hangUp(server, session)
          },
        }),
      ),
    )
  })
  yield* Effect.acquireRelease(bind(server, options), () =>
    Effect.callback<void>((resume) => server.close(() => resume(Effect.void))),
  )
  // Errors of single connections end up here; without a listener they would end the process.
  server.on("error", () => undefined)
  const address = server.server.address()
  return address === null || typeof address === "string"
    ? `${address}`
    : hostPort(address.address, address.port)
})
