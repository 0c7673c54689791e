/**
 * Transfers a call when its conversation goes to the humans. The engine's confirmation is spoken first if it comes in time;
 * then the configured sentence; then the relay session ends, and the action URL answers with the configured target.
 */
import { isOpenAt, type ServeHost, ThreadKey, type ThreadRef } from "@opencx/core"
import { Clock, Deferred, Effect, FiberHandle, Stream } from "effect"
import type { LiveCall } from "./LiveCall.ts"

/** Changes are hints and can be lost, so the state is looked at this often as well. */
const LOOK_EVERY = "3 seconds"
/** A long sentence does not hold the transfer up for longer than this. */
const MAX_SPEECH_MS = 20_000

const threadOf = (call: LiveCall): ThreadRef => ({
  orgId: call.account.orgId,
  accountId: call.account.accountId,
  threadKey: ThreadKey.make(call.ref.callId),
})

const transfer = Effect.fnUntraced(function* (call: LiveCall) {
  const { transferHours, transferText, transferWaitMs } = call.account.settings
  yield* Effect.raceFirst(Deferred.await(call.confirmed), Effect.sleep(transferWaitMs))
  // Out of hours the action URL has the right words.
  if (isOpenAt(transferHours, yield* Clock.currentTimeMillis)) yield* call.remark(transferText)
  // Whether `end` lets the voice finish is not documented, so it is given the time.
  const speech = call.spoken.remaining(yield* Clock.currentTimeMillis)
  yield* Effect.sleep(Math.min(speech, MAX_SPEECH_MS))
  yield* call.end("transfer")
})

/** Watches a call until its scope closes. Back with the AI before the transfer: it is called off. */
export const watchHandoff = Effect.fnUntraced(function* (call: LiveCall, host: ServeHost<unknown>) {
  if (call.account.settings.transfer._tag === "none") return
  const thread = threadOf(call)
  const running = yield* FiberHandle.make()
  let leaving = false
  const look = Effect.gen(function* () {
    const state = yield* host.conversations.state(thread).pipe(
      Effect.map((s) => s.state),
      Effect.orElseSucceed(() => null),
    )
    if (state === null) return
    const humans = state === "handing_off" || state === "human"
    if (humans === leaving) return
    leaving = humans
    if (humans) return yield* Effect.asVoid(FiberHandle.run(running, transfer(call)))
    call.confirmed = Deferred.makeUnsafe<void>()
    yield* FiberHandle.clear(running)
  })
  const hints = Stream.merge(
    host.conversations.changes(thread).pipe(Stream.filter((event) => event._tag === "Changed")),
    Stream.tick(LOOK_EVERY),
  )
  yield* Stream.runForEach(hints, () => look)
})
