/** Carries out one piece of work to its end: tries, pauses, gives up. It never fails; what came of it is in the store. */
import { Cause, Clock, Effect, Fiber, Random } from "effect"
import type { Outcome, Work, WorkId } from "../domain/Work.ts"
import type { StoreError } from "../errors/PortErrors.ts"
import type { Blobs } from "../ports/Blobs.ts"
import type { Consents } from "../ports/Consents.ts"
import type { Contacts } from "../ports/Contacts.ts"
import { ConversationStore } from "../ports/ConversationStore.ts"
import type { DeliveryParts } from "../ports/DeliveryParts.ts"
import type { Threads } from "../ports/Threads.ts"
import type { Organizations } from "./Organizations.ts"
import type { Live } from "./Live.ts"
import type { SignalFold } from "./SignalFold.ts"
import type { UpdateBudget } from "./tasks/UpdateBudget.ts"
import { runAssist } from "./tasks/assist.ts"
import { runMergeIdentity, runTakeChatBack } from "./tasks/chatDesk.ts"
import { runDeliver } from "./tasks/deliver.ts"
import { runForward, runNote, runSyncTicket } from "./tasks/desk.ts"
import { runOpenChat } from "./tasks/openChat.ts"
import { runOpenTicket } from "./tasks/openTicket.ts"
import { runReviewDraft } from "./tasks/reviewDraft.ts"
import { forLog, TaskFailure } from "./tasks/TaskFailure.ts"
import { runThink } from "./tasks/think.ts"
import { EngineMetrics } from "./EngineMetrics.ts"
import { judgedBySettings, organizationNow } from "./newSettings.ts"
import { pauseBefore, RetryPolicy, type RetryPolicyValues } from "./RetryPolicy.ts"
import { untilStored } from "./untilStored.ts"

/** What tasks need; the engine gets it from the app. */
export type TaskServices =
  | ConversationStore
  | Contacts
  | Threads
  | Blobs
  | Organizations
  | Consents
  | DeliveryParts
  | Live
  | UpdateBudget
  | SignalFold

const execute = (work: Work): Effect.Effect<Outcome, TaskFailure | StoreError, TaskServices> => {
  const { task } = work
  switch (task._tag) {
    case "Think":
      return runThink(work, task)
    case "OpenTicket":
      return runOpenTicket(work, task)
    case "OpenChat":
      return runOpenChat(work, task)
    case "TakeChatBack":
      return runTakeChatBack(work)
    case "MergeIdentity":
      return runMergeIdentity(work)
    case "Forward":
      return runForward(work)
    case "Note":
      return runNote(work, task)
    case "SyncTicket":
      return runSyncTicket(work, task)
    case "Assist":
      return runAssist(work, task)
    case "ReviewDraft":
      return runReviewDraft(work, task)
    case "Deliver":
      return runDeliver(work, task)
    case "Wait":
      return Effect.succeed<Outcome>({ _tag: "TimerFired" })
  }
}

/** Bugs get three tries: they may come from a passing state, and endless ones must not block the lane. */
const defectTries = 3

const asFailure = (cause: Cause.Cause<TaskFailure | StoreError>): TaskFailure | StoreError => {
  const error = Cause.findErrorOption(cause)
  if (error._tag === "Some") return error.value
  // What broke stands in the log; explanations are read by people in the help desk.
  return new TaskFailure({ explanation: "an internal error, see the log", retryable: true, afterMs: null })
}

const giveUp = Effect.fnUntraced(function* (work: Work, failure: TaskFailure) {
  const store = yield* ConversationStore
  yield* Effect.logError(`${work.task._tag} was given up`, forLog(failure))
  yield* EngineMetrics.deadLetter(work.task._tag)
  yield* untilStored(
    store.settle(work.id, "dead", {
      _tag: "Failed",
      explanation: failure.explanation,
      permanent: !failure.retryable,
    }),
  )
})

/** `byThen`: milliseconds from the first try to the one in question. A wish to come back tomorrow is a refusal. */
const mayTryAgain = (
  policy: RetryPolicyValues,
  work: Work,
  failure: TaskFailure,
  defect: boolean,
  byThen: number,
) => {
  const tries = defect ? Math.min(defectTries, policy.tries) : policy.tries
  return failure.retryable && work.attempts + 1 < tries && byThen < policy.withinMs
}

/** How long one try may go on after the engine has been told to stop. */
const grace = "6 seconds"

/**
 * Lets a try come to its end, with its outcome noted, when the wait for it is interrupted: a message that is going out is
 * not cut off in the middle.
 */
const toItsEnd = <A, E, R>(once: Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkDetach(once)
    const finish = Fiber.await(fiber).pipe(
      Effect.timeoutOption(grace),
      Effect.andThen(Fiber.interrupt(fiber)),
    )
    return yield* Effect.onInterrupt(Fiber.join(fiber), () => finish)
  })

/** One try. Answers with null when the work has come to its end, else with the pause before the next try. */
const attempt = Effect.fnUntraced(function* (work: Work, startedAt: number) {
  const store = yield* ConversationStore
  const policy = yield* RetryPolicy
  const organization = yield* organizationNow(work)
  const exit = yield* Effect.exit(execute(work))
  if (exit._tag === "Success") {
    yield* untilStored(store.settle(work.id, "done", exit.value))
    yield* EngineMetrics.workDone(work.task._tag, (yield* Clock.currentTimeMillis) - work.createdAt)
    return null
  }
  if (Cause.hasInterruptsOnly(exit.cause)) return yield* Effect.interrupt
  const found = asFailure(exit.cause)
  if (found._tag === "StoreError") return policy.storeMs
  const failure = yield* judgedBySettings(work, found, organization)
  const defect = Cause.hasDies(exit.cause)
  if (defect) yield* Effect.logError(`${work.task._tag} broke`, exit.cause)
  yield* EngineMetrics.failed({
    organization: work.lane.orgId,
    channel: work.lane.channel,
    task: work.task._tag,
    class: defect ? "defect" : (failure.errorClass ?? "own"),
  })
  const elapsed = (yield* Clock.currentTimeMillis) - startedAt
  const pause = pauseBefore(policy, work.attempts + 1, failure.afterMs, yield* Random.next)
  if (!mayTryAgain(policy, work, failure, defect, elapsed + pause)) {
    yield* giveUp(work, failure)
    return null
  }
  yield* untilStored(store.recordFailure(work.id, failure.explanation))
  yield* Effect.logWarning(`${work.task._tag} failed, next try in ${pause} ms`, forLog(failure))
  return pause
})

/** Runs the work to its end, however often that takes. Null when there is no such work (it was purged). */
export const runWork = Effect.fn("Worker.run")(function* (id: WorkId) {
  const store = yield* ConversationStore
  const startedAt = yield* Clock.currentTimeMillis
  while (true) {
    const work = yield* untilStored(store.anyWork(id))
    if (work === null || work.status !== "pending") return work
    yield* Effect.annotateCurrentSpan({ "opencx.session": work.sessionId, "opencx.task": work.task._tag })
    const pause = yield* toItsEnd(attempt(work, startedAt)).pipe(
      Effect.annotateLogs({ session: work.sessionId, work: id }),
    )
    if (pause !== null) yield* Effect.sleep(pause)
  }
})
