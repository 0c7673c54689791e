import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { BadRequest, correct } from "../../organizations/problems.ts"
import { makeReport } from "../../report/makeReport.ts"
import { type PeriodRejected, periodOf } from "../../report/Period.ts"
import type { Report } from "../../report/Report.ts"
import { Api } from "../contract/Api.ts"
import type { Unavailable } from "../contract/Guard.ts"
import { outage } from "../GuardLive.ts"
import { Lanes, makeTurns } from "../turns.ts"
import { inOrg } from "./common.ts"

const noPeriod = ({ message }: PeriodRejected) =>
  Effect.fail(new BadRequest({ problems: [{ path: "", message }], hint: correct }))

export const ReportHandlers = HttpApiBuilder.group(
  Api,
  "report",
  Effect.fnUntraced(function* (handlers) {
    const turns = yield* makeTurns<Report, BadRequest | Unavailable>(new Lanes())
    return handlers.handle(
      "make",
      Effect.fnUntraced(function* ({ query }) {
        const { orgId } = yield* inOrg
        const made = Effect.flatMap(periodOf(query), (period) => makeReport(orgId, period)).pipe(
          Effect.catchTags({ StoreError: outage, PeriodRejected: noPeriod }),
        )
        return yield* turns.run(orgId, `${query.from} ${query.to}`, made)
      }),
    )
  }),
)
