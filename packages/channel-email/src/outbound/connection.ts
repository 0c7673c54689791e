/** SMTP connections to one server: opened when needed, kept for the next mail, never more than the pool allows. */
import { Readable } from "node:stream"
import { Clock, Data, Effect, Redacted, Schedule, Semaphore } from "effect"
import SMTPConnection from "nodemailer/lib/smtp-connection"
import { Fault } from "../faults.ts"
import type { EmailSettings } from "../settings.ts"
import type { Composed } from "./compose.ts"
import type { Progress } from "./failure.ts"

/** A try that failed, and how far it came. */
export class TryFailed extends Data.TaggedError("TryFailed")<{
  readonly cause: unknown
  readonly progress: Progress
  readonly reused: boolean
}> {}

const IDLE_MS = 20_000
const MAILS_PER_CONNECTION = 100

interface Line {
  readonly connection: SMTPConnection
  sent: number
  dead: boolean
  reused: boolean
  /** Epoch milliseconds of its last mail. */
  lastUsed: number
}

const optionsOf = (settings: EmailSettings) => {
  const { outbound, allowInsecureTls } = settings
  const starttls =
    outbound.starttls ?? (outbound.auth === undefined || allowInsecureTls ? "optional" : "required")
  return {
    host: outbound.host,
    port: outbound.port,
    secure: outbound.secure ?? outbound.port === 465,
    ignoreTLS: starttls === "never",
    requireTLS: starttls === "required" && outbound.secure !== true && outbound.port !== 465,
    connectionTimeout: outbound.timeoutMs,
    greetingTimeout: outbound.timeoutMs,
    socketTimeout: outbound.timeoutMs,
    dnsTimeout: outbound.timeoutMs,
    logger: false,
    tls: { rejectUnauthorized: !allowInsecureTls, minVersion: "TLSv1.2" as const },
  }
}

const login = (connection: SMTPConnection, settings: EmailSettings): Effect.Effect<void, unknown> => {
  const auth = settings.outbound.auth
  if (auth === undefined) return Effect.void
  return Effect.callback<void, unknown>((resume) => {
    connection.once("error", (error: unknown) => resume(Effect.fail(error)))
    connection.login({ credentials: { user: auth.user, pass: Redacted.value(auth.password) } }, (error) =>
      resume(error ? Effect.fail(error) : Effect.void),
    )
  })
}

const dial = (settings: EmailSettings): Effect.Effect<Line, unknown> =>
  Effect.suspend(() => {
    const connection = new SMTPConnection(optionsOf(settings))
    const line: Line = { connection, sent: 0, dead: false, reused: false, lastUsed: 0 }
    connection.on("error", () => (line.dead = true))
    connection.on("end", () => (line.dead = true))
    return Effect.callback<void, unknown>((resume) => {
      connection.once("error", (error: unknown) => resume(Effect.fail(error)))
      connection.once("end", () =>
        resume(Effect.fail(new Fault({ message: "the server closed the connection" }))),
      )
      connection.connect((error) => resume(error ? Effect.fail(error) : Effect.void))
    }).pipe(
      Effect.andThen(Effect.suspend(() => login(connection, settings))),
      Effect.as(line),
      Effect.onError(() => Effect.sync(() => connection.close())),
      Effect.onInterrupt(() => Effect.sync(() => connection.close())),
    )
  })

/** Hands the mail over on an open line. Notes when the server asked for the body: from then on nothing is certain. */
const hand = (line: Line, mail: Composed): Effect.Effect<void, TryFailed> =>
  Effect.callback<void, TryFailed>((resume) => {
    const state: { progress: Progress } = { progress: "before-body" }
    const body = new Readable({
      read() {
        state.progress = "body-sent"
        this.push(mail.raw)
        this.push(null)
      },
    })
    const failed = (error: unknown) => {
      line.dead = true
      resume(Effect.fail(new TryFailed({ cause: error, progress: state.progress, reused: line.reused })))
    }
    const onEnd = () => failed(new Fault({ message: "the server closed the connection" }))
    line.connection.once("end", onEnd)
    line.connection.send(
      { from: mail.envelope.from, to: [...mail.envelope.to], size: mail.raw.length },
      body,
      (error) => {
        line.connection.removeListener("end", onEnd)
        if (error) return failed(error)
        line.sent++
        resume(Effect.void)
      },
    )
    return Effect.sync(() => {
      line.dead = true
      line.connection.close()
    })
  })

/** A pool for one account; closes with the scope. */
export const openPool = Effect.fn("channel-email.openPool")(function* (settings: EmailSettings) {
  const seats = yield* Semaphore.make(settings.outbound.pool)
  const idle: Array<Line> = []

  const drop = (line: Line): void => {
    if (line.dead) line.connection.close()
    else line.connection.quit()
    line.dead = true
  }
  const take = (): Line | null => {
    for (let line = idle.pop(); line !== undefined; line = idle.pop()) {
      if (line.dead) continue
      line.reused = true
      return line
    }
    return null
  }
  const giveBack = Effect.fnUntraced(function* (line: Line) {
    if (line.dead || line.sent >= MAILS_PER_CONNECTION) return drop(line)
    line.lastUsed = yield* Clock.currentTimeMillis
    idle.push(line)
  })
  const reap = Effect.gen(function* () {
    const before = (yield* Clock.currentTimeMillis) - IDLE_MS
    for (const line of idle.filter((l) => l.dead || l.lastUsed <= before)) {
      idle.splice(idle.indexOf(line), 1)
      drop(line)
    }
  })
  yield* Effect.forkScoped(Effect.repeat(reap, Schedule.spaced(IDLE_MS)))
  yield* Effect.addFinalizer(() => Effect.sync(() => idle.splice(0).forEach(drop)))

  const once = (mail: Composed, fresh: boolean): Effect.Effect<void, TryFailed> =>
    Effect.gen(function* () {
      const line =
        (fresh ? null : take()) ??
        (yield* dial(settings).pipe(
          Effect.mapError((e) => new TryFailed({ cause: e, progress: "before-body", reused: false })),
        ))
      yield* hand(line, mail).pipe(Effect.ensuring(giveBack(line)))
    })

  /** Sends one mail. A kept connection that turns out dead before the body is replaced once, unseen by the caller. */
  const send = (mail: Composed): Effect.Effect<void, TryFailed> =>
    seats.withPermits(1)(
      once(mail, false).pipe(
        Effect.catchIf(
          (error) => error.reused && error.progress === "before-body" && !hasResponse(error.cause),
          () => once(mail, true),
        ),
      ),
    )
  return { send }
})

const hasResponse = (error: unknown): boolean =>
  typeof error === "object" &&
  error !== null &&
  "responseCode" in error &&
  typeof error.responseCode === "number"
