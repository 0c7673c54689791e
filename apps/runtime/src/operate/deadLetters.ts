/** What operators do about work that was given up. Each works on the database, whether a runtime is up or not. */
import { ConversationStore, Engine, type OrgId, type StoreError, type WorkId } from "@opencx/core"
import { Effect } from "effect"
import { KnownSecrets } from "../logging/Logging.ts"
import { cutKnown } from "../logging/redact.ts"
import { redactWork } from "./redactWork.ts"
import type { WorkView } from "./WorkView.ts"

export interface DeadLetterFilter {
  readonly orgId: OrgId | null
  /** Only these kinds of task: `Deliver`, `OpenTicket` … */
  readonly tasks: ReadonlyArray<string>
  readonly limit: number
}

const store = Effect.service(ConversationStore)

const cutting = Effect.map(KnownSecrets, (secrets) => cutKnown(secrets))

/** Newest first, without anything that a customer wrote. */
export const listDeadLetters = Effect.fnUntraced(function* ({ limit, orgId, tasks }: DeadLetterFilter) {
  const { deadLetters } = yield* store
  const cut = yield* cutting
  // Filtered here: there are few of them, and those of one task may lie behind many others.
  const all = yield* deadLetters(orgId, tasks.length === 0 ? limit : 100_000)
  return all
    .filter(({ task }) => tasks.length === 0 || tasks.includes(task._tag))
    .slice(0, limit)
    .map((work) => redactWork(work, cut))
})

/** Null when there is no such work (of this organization), or it is older than the upkeep keeps. */
export const showWork = Effect.fnUntraced(function* (
  id: WorkId,
  orgId: OrgId | null = null,
): Effect.fn.Return<WorkView | null, StoreError, ConversationStore> {
  const service = yield* store
  const work = yield* orgId === null ? service.anyWork(id) : service.work(orgId, id)
  return work === null ? null : redactWork(work, yield* cutting)
})

/** `unchanged`: it is no dead letter (any more), somebody was faster. */
export type Handled = "done" | "unchanged" | "unknown"

export interface HandledWork {
  readonly id: WorkId
  readonly result: Handled
}

/** `orgId`: work of others is not known; null: of all, for who owns the machine. */
export interface Chosen {
  readonly ids: ReadonlyArray<WorkId>
  readonly orgId: OrgId | null
}

const each = (
  { ids, orgId }: Chosen,
  act: (store: ConversationStore["Service"], orgId: OrgId, id: WorkId) => Effect.Effect<boolean, StoreError>,
) =>
  Effect.gen(function* () {
    const service = yield* store
    return yield* Effect.forEach(ids, (id) =>
      Effect.gen(function* () {
        const found = yield* orgId === null ? service.anyWork(id) : service.work(orgId, id)
        if (found === null) return { id, result: "unknown" } satisfies HandledWork
        const done = yield* act(service, found.lane.orgId, id)
        return { id, result: done ? "done" : "unchanged" } satisfies HandledWork
      }),
    )
  })

/**
 * Runs them again, really: each gets a new epoch, and with it a new message to its queue. A runtime that is up takes them
 * over within 20 seconds, and one that is not when it starts. Again on the same ids changes nothing.
 */
export const replayWork = (chosen: Chosen) =>
  each(chosen, (service, orgId, id) => Effect.map(service.replay(orgId, id), (work) => work !== null))

/** The same in the runtime itself, which takes them over at once. */
export const replayWorkNow = (chosen: Chosen) =>
  Effect.flatMap(Engine, (engine) =>
    each(chosen, (_, orgId, id) => Effect.map(engine.replay(orgId, id), (work) => work !== null)),
  )

/** Gives them up for good; the reason stays with each. */
export const discardWork = (chosen: Chosen, reason: string) =>
  each(chosen, (service, orgId, id) => service.discard(orgId, id, reason))
