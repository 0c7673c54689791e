/** The report over everything that the tour has done. */
import { OrgId } from "@opencx/core"
import { Effect } from "effect"
import { makeReport } from "../report/makeReport.ts"
import { periodOf } from "../report/Period.ts"
import { expect, NotSeen } from "./observe.ts"
import type { Step } from "./Story.ts"

const orgId = OrgId.make("larkspoke")

const reported: Step = {
  name: "report: what came of the conversations, drafts, sources, and questions without an answer",
  run: Effect.fnUntraced(function* ({ world }) {
    const report = yield* Effect.flatMap(periodOf({}), (period) => makeReport(orgId, period)).pipe(
      Effect.provide(world.services),
      Effect.mapError((error) => new NotSeen({ what: `the report: ${error.message}` })),
    )
    const { byChannel, byDay, drafts, sources, total, unanswered } = report
    const channels = byChannel.map(({ channel }) => channel)
    yield* expect(
      ["email", "messenger", "phone", "sms", "whatsapp", "widget"].every((one) => channels.includes(one)),
      `every channel in the report, there are ${channels.join(", ")}`,
    )
    const counted = byDay.reduce((sum, day) => sum + day.sessions, 0)
    yield* expect(total.sessions === counted && total.answers > 0, "every conversation once")
    yield* expect((total.escalations["customer_asked"] ?? 0) >= 5, "escalations by reason")
    yield* expect(
      drafts.kept === 1 && drafts.withheld >= 1,
      "a draft that was kept, and one that was not made",
    )
    yield* expect(sources.length > 0 && sources.every(({ isStale }) => !isStale), "fresh sources")
    yield* expect(
      unanswered.groups.some(({ question }) => /trout/i.test(question)),
      "the question without an answer",
    )
  }),
}

export const reportSteps: ReadonlyArray<Step> = [reported]
