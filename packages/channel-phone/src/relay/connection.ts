/** The life of one relay connection: setup, messages, end. */
import type { Account, ServeHost } from "@opencx/core"
import { Clock, Deferred, Effect, Scope } from "effect"
import type { Reader, Socket } from "effect/socket/Socket"
import { callerOf } from "../caller/Caller.ts"
import { callEnded } from "../events.ts"
import type { TwilioSettings } from "../settings/twilio.ts"
import type { RelayTicket } from "../twilio/links.ts"
import { callKey, type Calls } from "./Calls.ts"
import { watchHandoff } from "./handoff.ts"
import { hear, onKeys } from "./hear.ts"
import { makeKeypad } from "./Keypad.ts"
import { Line } from "./Line.ts"
import { LiveCall } from "./LiveCall.ts"
import { END_MS, FrameRate, GRACE_MS, MAX_FRAME_BYTES, SETUP_MS } from "./limits.ts"
import { type Inbound, readFrame, type Setup } from "./wire.ts"

export interface ConnectionDeps {
  readonly account: Account<TwilioSettings>
  readonly ticket: RelayTicket
  readonly host: ServeHost<unknown>
  readonly calls: Calls
  /** Outlives the connection: the scope of the routes. */
  readonly scope: Scope.Scope
}

/** Why a connection is closed by us: WebSocket code and words. */
interface Stop {
  readonly code: number
  readonly reason: string
}

const stop = (code: number, reason: string): Stop => ({ code, reason })

/** Bytes of a frame as text; null for what the relay never sends. */
const textOf = (frame: Uint8Array | string): string | null => (typeof frame === "string" ? frame : null)

const isTooLarge = (frame: Uint8Array | string): boolean =>
  frame.length > MAX_FRAME_BYTES || (typeof frame === "string" && Buffer.byteLength(frame) > MAX_FRAME_BYTES)

/** Reads frames within the limits and hands on what can be read; ends with the reason to close, or null when it is closed. */
const readAll = Effect.fnUntraced(function* (
  reader: Reader,
  line: Line,
  on: {
    readonly message: (message: Inbound) => Effect.Effect<Stop | null>
    readonly idle: () => Effect.Effect<Stop | null>
    readonly idleMs: () => number
  },
) {
  const rate = new FrameRate(yield* Clock.currentTimeMillis)
  for (;;) {
    const frames = yield* reader.pull.pipe(
      Effect.catch(() => Effect.succeed("closed" as const)),
      Effect.timeoutOrElse({ duration: on.idleMs(), orElse: () => Effect.succeed("idle" as const) }),
    )
    // After our own end nothing is taken any more: another connection may have the call.
    if (frames === "closed" || !line.open) return null
    if (frames === "idle") {
      const done = yield* on.idle()
      if (done !== null) return done
      continue
    }
    line.alive()
    for (const frame of frames) {
      if (isTooLarge(frame)) return stop(1009, "message too large")
      if (!rate.take(yield* Clock.currentTimeMillis)) return stop(1008, "too many messages")
      const message = readFrame(textOf(frame) ?? "")
      const done = message === null ? null : yield* on.message(message)
      if (done !== null) return done
    }
  }
})

/** Null: the connection is not for the call that its token was made for. */
const callOf = (setup: Setup, deps: ConnectionDeps, line: Line): LiveCall | null => {
  const { account, ticket } = deps
  if (setup.callSid !== ticket.callSid || setup.accountSid !== account.settings.accountSid) return null
  return new LiveCall({
    account,
    line,
    host: deps.host,
    session: setup.sessionId.slice(0, 60),
    ref: {
      provider: "twilio",
      callId: ticket.callSid,
      // Only an address that is no number is taken from the socket; it is never dialled or texted.
      caller: ticket.caller ?? otherCaller(setup.from ?? ""),
      callerName: setup.callerName?.slice(0, 100) || null,
    },
  })
}

const otherCaller = (from: string) => {
  const caller = callerOf(from, false)
  return caller._tag === "Number" ? ({ _tag: "Withheld" } as const) : caller
}

/** Twilio tells the end by the action URL; if that does not come and no connection either, the call is over all the same. */
const endWithoutNews = Effect.fnUntraced(function* (call: LiveCall, deps: ConnectionDeps) {
  const key = callKey(deps.account, call.ref.callId)
  yield* Effect.sleep(GRACE_MS)
  if (deps.calls.find(key) !== null || deps.calls.pastOf(key) !== null) return
  deps.calls.over(key, "ended")
  const at = yield* Clock.currentTimeMillis
  yield* call.take([
    callEnded(call.ref, {
      dedupKey: `${call.ref.callId}:ended:${call.session}`,
      at,
      reason: "the caller hung up",
    }),
  ])
})

const enter = Effect.fnUntraced(function* (call: LiveCall, deps: ConnectionDeps) {
  const key = callKey(deps.account, call.ref.callId)
  const before = deps.calls.enter(key, call)
  if (before !== null) {
    yield* before.line.close(1000, "replaced by another connection of the same call")
  }
  yield* Effect.addFinalizer(() =>
    Effect.gen(function* () {
      yield* call.line.lost()
      if (deps.calls.leave(key, call)) yield* Effect.forkIn(endWithoutNews(call, deps), deps.scope)
    }),
  )
})

/** Ends a call that lasts too long. */
const watchLength = Effect.fnUntraced(function* (call: LiveCall) {
  yield* Effect.sleep(call.account.settings.maxCallMinutes * 60_000)
  yield* call.end("toolong")
})

/** When we have ended a session, Twilio closes it; if not, we do. */
const watchEnd = Effect.fnUntraced(function* (call: LiveCall) {
  yield* Deferred.await(call.finished)
  yield* Effect.sleep(END_MS)
  yield* call.line.close(1000, "the session was ended")
})

/** Serves a connection until it is closed. */
export const serveConnection = Effect.fn("channel-phone.relay")(
  function* (socket: Socket, deps: ConnectionDeps) {
    const reader = yield* socket.reader
    const line = new Line(yield* socket.writer)
    const { settings } = deps.account
    let live: { readonly call: LiveCall; readonly onMessage: (m: Inbound) => Effect.Effect<void> } | null =
      null
    const scope = yield* Effect.scope

    const begin = Effect.fnUntraced(function* (setup: Setup) {
      const call = callOf(setup, deps, line)
      if (call === null) return stop(1008, "another call")
      yield* enter(call, deps)
      const keypad = yield* makeKeypad(settings.keypadPauseMs, (keys) => onKeys(call, keys))
      yield* Effect.forkScoped(Effect.scoped(watchHandoff(call, deps.host)))
      yield* Effect.forkScoped(watchLength(call))
      yield* Effect.forkScoped(watchEnd(call))
      live = { call, onMessage: (message) => hear(call, keypad, message) }
      return null
    })
    const onMessage = (message: Inbound): Effect.Effect<Stop | null> => {
      if (live !== null) return Effect.as(live.onMessage(message), null)
      if (message.type !== "setup") return Effect.succeed(stop(1008, "setup comes first"))
      return Effect.provideService(begin(message), Scope.Scope, scope)
    }

    const done = yield* readAll(reader, line, {
      message: onMessage,
      idleMs: () => (live === null ? SETUP_MS : settings.idleSeconds * 1_000),
      idle: () =>
        live === null ? Effect.succeed(stop(1008, "no setup")) : Effect.as(live.call.end("idle"), null),
    })
    if (done !== null) yield* line.close(done.code, done.reason)
  },
  Effect.scoped,
  Effect.catch(() => Effect.void),
)
