/** Plans that were shown and are agreed to: carried out as they were shown, once, and noted in the audit log. */
import type { StoreError } from "@opencx/core"
import type { Plan, SetupError, SetupReport } from "@opencx/zendesk"
import { AuditLog } from "@opencx/storage"
import { Clock, Effect, Exit } from "effect"
import type { NotFound } from "../../access/Access.ts"
import type { Principal } from "../../access/Principal.ts"
import type { ConfigurationError } from "../../config/ConfigError.ts"
import type { Cut } from "../../setup/cutter.ts"
import { type ShownPlan, shownPlan } from "../../setup/shownPlan.ts"
import type { Unavailable } from "../contract/Guard.ts"
import type { NotPossible, ZendeskFailed } from "../contract/trouble.ts"
import { PlanChanged } from "../contract/zendesk.ts"
import { auditOf } from "../handlers/common.ts"
import { type Lanes, makeTurns } from "../turns.ts"
import { planWithout, reportWithout } from "./cutting.ts"
import { doMs, lookMs, troubles, within } from "./troubles.ts"

/** Something that is planned, shown, and then done. */
export interface Undertaking<R> {
  readonly orgId: string
  readonly principal: Principal
  /** For the audit log: `zendesk.setup`. */
  readonly action: string
  /** Whatever beside the steps decides what they do. */
  readonly about: ReadonlyArray<unknown>
  readonly cut: Cut
  readonly plan: Effect.Effect<Plan, SetupError | ConfigurationError, R>
  readonly carryOut: (plan: Plan) => Effect.Effect<SetupReport, SetupError | ConfigurationError, R>
}

type LookError = NotFound | NotPossible | ZendeskFailed | Unavailable

/** A client that has lost the answer may ask once more within this time. */
const rememberedMs = 600_000

interface Remembered {
  readonly key: string
  readonly report: SetupReport
  readonly at: number
}

const look = Effect.fnUntraced(function* <R>({ about, action, plan }: Undertaking<R>) {
  const found = yield* plan
  return { plan: found, shown: shownPlan(found, [action, ...about]) }
})

const named = (steps: SetupReport["done"]): ReadonlyArray<string> =>
  steps.map(({ action, what }) => `${action} ${what}`)

/** What came of it, also when it was broken off. */
const noted = Effect.fnUntraced(function* <R>(
  { action, cut, orgId, principal }: Undertaking<R>,
  exit: Exit.Exit<SetupReport, unknown>,
) {
  const report = Exit.isSuccess(exit) ? reportWithout(cut, exit.value) : null
  const changes =
    report === null
      ? [{ path: "result", to: "broken off: what was done by then stays done" }]
      : [
          { path: "done", to: named(report.done) },
          { path: "failed", to: named(report.failed.map(({ step }) => step)) },
          { path: "left", to: named(report.left) },
        ]
  yield* (yield* AuditLog).add(auditOf(principal, orgId, action, "zendesk", changes))
})

const changed = (plan: ShownPlan) =>
  new PlanChanged({
    plan,
    hint: "Something else would be done now than what was shown. Nothing was changed: look at `plan`, and send its `id`.",
  })

export const makeApplying = Effect.fnUntraced(function* (lanes: Lanes) {
  const looks = yield* makeTurns<ShownPlan, LookError>(lanes)
  const deeds = yield* makeTurns<SetupReport, LookError | PlanChanged>(lanes)
  const last = new Map<string, Remembered>()

  const show = <R>(one: Undertaking<R>) =>
    looks.run(
      one.orgId,
      JSON.stringify([one.action, one.about]),
      look(one).pipe(
        Effect.map(({ shown }) => planWithout(one.cut, shown)),
        within(lookMs),
        Effect.catchTags(troubles(one.cut)),
      ),
    )

  const once = <R>(one: Undertaking<R>, wanted: string, key: string) =>
    Effect.gen(function* () {
      const { plan, shown } = yield* within(lookMs)(look(one))
      if (shown.id !== wanted) {
        // The answer to this very request was lost on its way: it is done, and this is what came of it.
        const before = last.get(one.orgId)
        const now = yield* Clock.currentTimeMillis
        if (before?.key === key && now - before.at < rememberedMs) return before.report
        return yield* changed(planWithout(one.cut, shown))
      }
      const report = yield* one.carryOut(plan).pipe(
        Effect.onExit((exit) => noted(one, exit).pipe(Effect.catchTag("StoreError", unlogged))),
        within(doMs),
      )
      const told = reportWithout(one.cut, report)
      if (report.failed.length === 0)
        last.set(one.orgId, { key, report: told, at: yield* Clock.currentTimeMillis })
      return told
    }).pipe(Effect.catchTags(troubles(one.cut)))

  /** `key`: everything that was sent. */
  const apply = <R>(one: Undertaking<R>, wanted: string, key: string) =>
    Effect.map(deeds.run(one.orgId, key, once(one, wanted, key)), (report) => ({
      ...report,
      ok: report.failed.length === 0,
    }))

  return { show, apply }
})

const unlogged = ({ message }: StoreError) =>
  Effect.logError("What was set up could not be noted in the audit log", message)
