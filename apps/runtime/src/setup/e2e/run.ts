/** Watches a person go through the steps, one after the other, and says of each what was seen. */
import { ConversationStore, isAssist, type OrgId, type Session } from "@opencx/core"
import { Clock, Duration, Effect } from "effect"
import type { OrganizationConfig } from "../../config/RuntimeConfig.ts"
import { checkInZendesk } from "./check.ts"
import { whyLate } from "./late.ts"
import {
  instructionFor,
  lookAt,
  type Seen,
  stepNames,
  type StepName,
  type Trouble,
  type Watched,
} from "./steps.ts"

export interface StepResult {
  readonly step: StepName
  readonly ok: boolean
  readonly seconds: number
  readonly said: string
  readonly fix: string | null
}

export interface E2eOptions {
  readonly organization: OrganizationConfig
  /** How long a person may take for each step. */
  readonly patience: Duration.Input
  /** Between two looks. */
  readonly every: Duration.Input
  /** Hears what is to be done now, and of whom; `session` is null before the first message. */
  readonly tell: (step: StepName, instruction: string, session: Session | null) => Effect.Effect<void>
}

/** Sessions that are looked through for the first message. */
const newest = 200

const sessionsOf = Effect.fnUntraced(function* (orgId: OrgId) {
  const all = yield* (yield* ConversationStore).sessions(orgId, { limit: newest })
  return all.filter((session) => !isAssist(session))
})

/** What every session's newest customer message was before we began: anything newer is the person's. */
const baseline = Effect.fnUntraced(function* (orgId: OrgId) {
  const all = yield* sessionsOf(orgId)
  return new Map(all.map((session) => [session.id, session.customerSeq]))
})

type Baseline = Effect.Success<ReturnType<typeof baseline>>

const firstNew = Effect.fnUntraced(function* (orgId: OrgId, before: Baseline) {
  const all = yield* sessionsOf(orgId)
  const found = all.find((session) => session.customerSeq > (before.get(session.id) ?? 0))
  return found === undefined ? null : ({ session: found, since: before.get(found.id) ?? 0 } as const)
})

interface Progress {
  readonly session: Session
  readonly since: number
}

/**
 * The session as it is now. When the humans are through, the customer may write in a new thread (a new mail): then that newer
 * session of the same customer goes on.
 */
const watch = Effect.fnUntraced(function* (
  step: StepName,
  orgId: OrgId,
  before: Baseline,
  progress: Progress | null,
) {
  const store = yield* ConversationStore
  if (progress === null) {
    const found = yield* firstNew(orgId, before)
    return found === null ? null : yield* withTimeline(found.session, found.since)
  }
  const now = (yield* store.session(orgId, progress.session.id)) ?? progress.session
  if (step !== "handback") return yield* withTimeline(now, progress.since)
  const open = yield* store.openSessionsOf(orgId, now.contactId)
  const next = open.find(({ createdAt, id }) => id !== now.id && createdAt > now.createdAt)
  return next === undefined ? yield* withTimeline(now, progress.since) : yield* withTimeline(next, 0)
})

const withTimeline = Effect.fnUntraced(function* (session: Session, since: number) {
  const entries = yield* (yield* ConversationStore).timeline(session.orgId, session.id)
  return { session, entries, since } satisfies Watched
})

type Outcome = { readonly seen: Exclude<Seen, { readonly waiting: true }>; readonly watched: Watched } | null

/** Looks until the step is seen, or patience ends. */
const waitFor = Effect.fnUntraced(function* (
  step: StepName,
  options: E2eOptions,
  before: Baseline,
  progress: Progress | null,
) {
  const orgId = options.organization.id
  let last: Watched | null = null
  const seen: Effect.Effect<Outcome, Effect.Error<ReturnType<typeof watch>>, ConversationStore> = Effect.gen(
    function* () {
      for (;;) {
        const watched = yield* watch(step, orgId, before, progress)
        last = watched
        const look: Seen = watched === null ? { waiting: true } : lookAt(step, watched)
        if (watched !== null && !("waiting" in look)) return { seen: look, watched }
        yield* Effect.sleep(options.every)
      }
    },
  )
  const outcome = yield* Effect.timeoutOrElse(seen, {
    duration: options.patience,
    orElse: () => Effect.succeed<Outcome>(null),
  })
  return { outcome, last }
})

const failedBy = (step: StepName, seconds: number, { fix, problem }: Trouble): StepResult => ({
  step,
  ok: false,
  seconds,
  said: problem,
  fix,
})

interface Taken {
  readonly result: StepResult
  /** Where the next step begins; null after a failure. */
  readonly progress: Progress | null
}

const takeStep = Effect.fnUntraced(function* (
  step: StepName,
  options: E2eOptions,
  before: Baseline,
  progress: Progress | null,
) {
  const began = yield* Clock.currentTimeMillis
  const known = progress?.session ?? null
  yield* options.tell(step, instructionFor(step, known), known)
  const { last, outcome } = yield* waitFor(step, options, before, progress)
  const seconds = Math.round(((yield* Clock.currentTimeMillis) - began) / 1_000)
  const failed = (trouble: Trouble): Taken => ({ result: failedBy(step, seconds, trouble), progress: null })
  if (outcome === null) return failed(yield* whyLate(step, options.organization, last))
  const { seen, watched } = outcome
  if ("wrong" in seen) return failed(seen.wrong)
  const trouble = step === "handoff" ? yield* inZendesk(watched.session) : null
  if (trouble !== null) return failed(trouble)
  return {
    result: { step, ok: true, seconds, said: seen.done, fix: null },
    progress: { session: watched.session, since: nextSince(step, seen.seq) },
  } satisfies Taken
})

/** Goes through all steps; the first that fails is the last one. Fails only when the store cannot be read. */
export const runE2e = Effect.fn("verifyE2e")(function* (options: E2eOptions) {
  const before = yield* baseline(options.organization.id)
  const results: Array<StepResult> = []
  let progress: Progress | null = null
  for (const step of stepNames) {
    const taken: Taken = yield* takeStep(step, options, before, progress)
    results.push(taken.result)
    progress = taken.progress
    if (progress === null) break
  }
  return { ok: progress !== null, steps: results }
})

/** The first message may itself have asked for a human: what follows it belongs to the handoff. */
const nextSince = (step: StepName, seq: number): number => (step === "message" ? seq - 1 : seq)

const inZendesk = (session: Session) =>
  checkInZendesk(session).pipe(
    Effect.catch((error) =>
      Effect.succeed<Trouble>({
        problem: `Zendesk does not show the handoff: ${error.message}`,
        fix: "opencx verify says what the connection lacks.",
      }),
    ),
  )
