/** Sets an account up: reads it, plans, acts, and reads it again to see what is true. Run twice, it has nothing to do. */
import type { TagSettings } from "@opencx/core"
import { Effect } from "effect"
import type { ZendeskClient } from "../client/Client.ts"
import { readFacts } from "../sunshine/chat/Verify.ts"
import type { SunshineClient } from "../sunshine/client/SunshineClient.ts"
import { type MessagingWishes, planMessaging } from "./messaging/PlanMessaging.ts"
import {
  bothPlans,
  noPlan,
  type OurHook,
  type Plan,
  type SetupError,
  type SetupStore,
  type Step,
  type StepView,
  storedNames,
  viewOf,
} from "./Plan.ts"
import { readRecord } from "./Record.ts"
import { planSupport } from "./support/PlanSupport.ts"
import { readSupport } from "./support/Read.ts"

/** Support's side of an organization. */
export interface SupportSide {
  readonly client: ZendeskClient
  readonly tags: TagSettings
  /** Whether handoff comments are public (`firstComment`). */
  readonly firstCommentPublic: boolean
  /** What agents write to ask for a draft, where assist mode is on; else null. */
  readonly mention: string | null
  readonly ticketing: OurHook
  readonly assist: OurHook
}

/** Sunshine's side of an organization. */
export interface MessagingSide extends MessagingWishes {
  readonly client: SunshineClient
  readonly hook: OurHook
}

/** One organization's account. A side that is not connected is null and left alone. */
export interface SetupInput {
  readonly store: SetupStore
  readonly support: SupportSide | null
  readonly messaging: MessagingSide | null
}

const supportPlan = Effect.fnUntraced(function* (store: SetupStore, side: SupportSide) {
  const { assist, client, firstCommentPublic, mention, tags, ticketing } = side
  const hooks = mention === null ? [ticketing] : [ticketing, assist]
  return planSupport({
    tools: { client, store },
    snapshot: yield* readSupport(client, hooks),
    record: yield* readRecord(store),
    wishes: { tags, firstCommentPublic, mention },
    hooks: { ticketing_webhook: ticketing, assist_webhook: assist },
    stored: {
      ticketing_webhook: yield* store.get(storedNames.ticketing),
      assist_webhook: yield* store.get(storedNames.assist),
    },
  })
})

const messagingPlan = Effect.fnUntraced(function* (store: SetupStore, side: MessagingSide) {
  return planMessaging({
    tools: { client: side.client, store },
    facts: yield* readFacts(side.client),
    record: yield* readRecord(store),
    wishes: side,
    hook: side.hook,
    stored: yield* store.get(storedNames.messaging),
  })
})

/** Reads the account and says what is to be done. Writes nothing. */
export const planSetup = Effect.fn("Setup.plan")(function* ({ messaging, store, support }: SetupInput) {
  return bothPlans(
    support === null ? noPlan : yield* supportPlan(store, support),
    messaging === null ? noPlan : yield* messagingPlan(store, messaging),
  )
})

/** A step that did not work. `problem` is a sentence with what to do. */
export interface FailedStep {
  readonly step: StepView
  readonly problem: string
}

/**
 * What came of it. `done`: steps that were taken, and are there now. `failed`: those that did not work. `left`: those that
 * nobody has agreed to, because they cannot be undone.
 */
export interface SetupReport {
  readonly done: ReadonlyArray<StepView>
  readonly failed: ReadonlyArray<FailedStep>
  readonly left: ReadonlyArray<StepView>
  readonly byHand: ReadonlyArray<string>
}

/**
 * Rounds of reading and acting. The second one takes what the first one made possible (a new webhook's secret), and what a
 * timeout left open: it is looked for and not made twice. More only help against an account that somebody else changes.
 */
const maxRounds = 4

export interface ApplyOptions {
  /** Whether a person has agreed to what cannot be undone. */
  readonly irreversible: boolean
  /** The plan of a moment ago that was agreed to: it is carried out as it is, instead of a fresh look. */
  readonly first?: Plan
}

/** Carries out a plan until a fresh one has nothing more to do. Fails only when the account cannot be read. */
export const carryOut = Effect.fnUntraced(function* (
  plan: Effect.Effect<Plan, SetupError>,
  { first, irreversible }: ApplyOptions,
) {
  const done: Array<StepView> = []
  let failed: ReadonlyArray<FailedStep> = []
  let current = first ?? (yield* plan)
  const todo = () => current.steps.filter((step) => irreversible || !step.irreversible)
  for (let round = 0; round < maxRounds && todo().length > 0; round++) {
    const failures: Array<FailedStep> = []
    for (const step of todo()) yield* take(step, done, failures)
    failed = failures
    current = yield* plan
    // Everything failed as before: trying again at once changes nothing.
    if (failures.length > 0 && failures.length === todo().length && round > 0) break
  }
  const still = todo()
  const isStill = (view: StepView) => still.some((step) => step.id === view.id && step.what === view.what)
  return {
    done: done.filter((view) => !isStill(view)),
    failed: still.map((step) => ({
      step: viewOf(step),
      problem:
        failed.find((one) => one.step.id === step.id)?.problem ??
        "It was done, and is not there: somebody else changes it, or Zendesk has not taken it.",
    })),
    left: current.steps.filter((step) => step.irreversible && !irreversible).map(viewOf),
    byHand: current.byHand,
  } satisfies SetupReport
})

const take = (step: Step, done: Array<StepView>, failed: Array<FailedStep>) =>
  step.run.pipe(
    Effect.matchEffect({
      onSuccess: () =>
        Effect.sync(() => {
          if (!done.some(({ id, what }) => id === step.id && what === step.what)) done.push(viewOf(step))
        }),
      onFailure: (error) =>
        Effect.sync(() => void failed.push({ step: viewOf(step), problem: error.message })),
    }),
  )

/** Makes and repairs everything that is ours to make. */
export const applySetup = (input: SetupInput, options: ApplyOptions) =>
  carryOut(planSetup(input), options).pipe(Effect.withSpan("Setup.apply"))
