/**
 * Watches a mailbox over IMAP. What counts is the server's own `\Seen`: a mail gets it only when it is journaled, so
 * nothing needs to be stored here, and a mail that is read twice after a crash is dropped by its dedup key.
 */
import type { Account, ListenHost, StoreError } from "@opencx/core"
import { Deferred, Effect, Queue, Redacted, type Scope } from "effect"
import { type FetchMessageObject, ImapFlow } from "imapflow"
import { Fault, toFault } from "../faults.ts"
import { parseHeadersOnly } from "../mime/parse.ts"
import type { EmailSettings } from "../settings.ts"
import { type Arrival, receiveMail, receiveRaw, type ReceiveDeps } from "./receive.ts"

type EmailAccount = Account<EmailSettings>
type ImapSettings = NonNullable<EmailSettings["inbound"]["imap"]>

/** A command to the server. On a `Fault` the watcher gives the connection up and comes back later. */
const ask = <A>(run: () => Promise<A>): Effect.Effect<A, Fault> =>
  Effect.tryPromise({ try: run, catch: toFault })

const clientFor = (imap: ImapSettings, settings: EmailSettings): ImapFlow => {
  const secret = imap.accessToken === undefined ? imap.password : imap.accessToken
  const credential = secret === undefined ? "" : Redacted.value(secret)
  return new ImapFlow({
    host: imap.host,
    port: imap.port,
    secure: imap.secure,
    // Without TLS from the start, STARTTLS is demanded: a password never goes over an open line unless told so.
    ...(imap.secure || settings.allowInsecureTls ? {} : { doSTARTTLS: true }),
    auth: {
      user: imap.user,
      ...(imap.accessToken === undefined ? { pass: credential } : { accessToken: credential }),
    },
    tls: { rejectUnauthorized: !settings.allowInsecureTls, minVersion: "TLSv1.2" },
    logger: false,
    disableAutoIdle: true,
    connectionTimeout: 30_000,
    greetingTimeout: 15_000,
    socketTimeout: 300_000,
  })
}

interface Watch {
  readonly host: ListenHost<EmailSettings>
  readonly account: EmailAccount
  readonly imap: ImapSettings
  readonly deps: ReceiveDeps
  /** `uidvalidity:uid` of what is journaled, for mailboxes that do not keep `\Seen`. */
  readonly done: Set<string>
}

const arrival: Arrival = { envelope: { from: null, to: [] }, peer: null, verdict: null, behindBorder: true }
const HEADERS = 256 * 1024

const eventsOf = Effect.fnUntraced(function* (watch: Watch, message: FetchMessageObject, complete: boolean) {
  const source = new Uint8Array(message.source ?? new Uint8Array())
  if (complete) return yield* receiveRaw(source, arrival, watch.account, watch.deps)
  const problem = `[This email of ${message.size ?? "unknown"} bytes is larger than the ${watch.account.settings.maxBytes} that are taken. It is still in the mailbox.]`
  return yield* receiveMail(parseHeadersOnly(source), source, arrival, watch.account, watch.deps, problem)
})

/** Journals one mail, then marks it as seen. */
const takeOne = Effect.fn("channel-email.imap.takeOne")(function* (
  watch: Watch,
  client: ImapFlow,
  uid: number,
  validity: string,
) {
  const key = `${validity}:${uid}`
  if (watch.done.has(key)) return
  const { maxBytes } = watch.account.settings
  const probe = yield* ask(() => client.fetchOne(String(uid), { size: true }, { uid: true }))
  // Deleted or moved by somebody else meanwhile.
  if (probe === false || probe === undefined) return
  const complete = (probe.size ?? 0) <= maxBytes
  const query = complete ? { source: true } : { source: { start: 0, maxLength: HEADERS } }
  const message = yield* ask(() => client.fetchOne(String(uid), query, { uid: true }))
  if (message === false || message === undefined) return
  const events = yield* eventsOf(watch, { ...message, size: probe.size ?? 0 }, complete)
  yield* watch.host.accept({ orgId: watch.account.orgId, accountId: watch.account.accountId }, events)
  if (watch.done.size > 50_000) watch.done.clear()
  watch.done.add(key)
  yield* ask(() => client.messageFlagsAdd(String(uid), ["\\Seen"], { uid: true }))
})

/** Takes in everything that is not seen, oldest first. */
const sweep = Effect.fn("channel-email.imap.sweep")(function* (
  watch: Watch,
  client: ImapFlow,
  validity: string,
) {
  const found = yield* ask(() => client.search({ seen: false }, { uid: true }))
  const uids = Array.isArray(found) ? found.toSorted((a, b) => a - b) : []
  yield* Effect.forEach(uids, (uid) => takeOne(watch, client, uid, validity), { discard: true })
})

const connect = (watch: Watch): Effect.Effect<ImapFlow, Fault, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.suspend(() => {
      const client = clientFor(watch.imap, watch.account.settings)
      // Faults also reject what is being awaited; without a listener they would end the process.
      client.on("error", () => undefined)
      return ask(() => client.connect()).pipe(
        Effect.as(client),
        Effect.onError(() => Effect.sync(() => client.close())),
      )
    }),
    (client) => Effect.sync(() => client.close()),
  )

const POLL = "60 seconds"

/** One connection: sweep, then wait for the server to say that there is more, or for a minute. */
const session = Effect.fn("channel-email.imap.session")(function* (watch: Watch, onUp: Effect.Effect<void>) {
  const client = yield* connect(watch)
  const lost = yield* Deferred.make<never, Fault>()
  const news = yield* Queue.sliding<void>(1)
  client.on("close", () =>
    Deferred.doneUnsafe(lost, Effect.fail(new Fault({ message: "the server closed the connection" }))),
  )
  client.on("exists", () => void Queue.offerUnsafe(news, undefined))
  const box = yield* ask(() => client.mailboxOpen(watch.imap.mailbox))
  const validity = String(box.uidValidity)
  yield* onUp
  const rounds = Effect.gen(function* () {
    while (true) {
      yield* sweep(watch, client, validity)
      // IDLE ends by itself when the next command is sent.
      const idle = Effect.andThen(
        ask(() => client.idle()),
        Effect.never,
      )
      yield* Effect.raceFirst(Queue.take(news), idle).pipe(Effect.timeoutOption(POLL))
    }
  })
  return yield* Effect.raceFirst(rounds, Deferred.await(lost))
}, Effect.scoped)

/** Watches until interrupted. A lost connection, a refused login, a full journal: tried again, at most five minutes apart. */
export const watchMailbox = Effect.fn("channel-email.watchMailbox")(function* (
  host: ListenHost<EmailSettings>,
  account: EmailAccount,
  imap: ImapSettings,
  deps: ReceiveDeps,
) {
  const watch: Watch = { host, account, imap, deps, done: new Set() }
  const warn = (error: Fault | StoreError) =>
    Effect.logWarning(
      `IMAP ${account.orgId}/${account.accountId} (${imap.user} at ${imap.host}): ${error.message}; trying again`,
    )
  let failures = 0
  while (true) {
    yield* session(
      watch,
      Effect.sync(() => void (failures = 0)),
    ).pipe(Effect.catch(warn))
    failures++
    const wait = Math.min(300_000, 500 * 2 ** Math.min(failures, 10))
    yield* Effect.sleep(wait)
  }
})
