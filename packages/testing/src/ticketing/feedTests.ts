/** Which tickets changed, for whoever must make up for lost news. */
import { assert, it } from "@effect/vitest"
import type { ChangedPage, Ticketing } from "@opencx/core"
import { Effect } from "effect"
import type { MakeHelpDesk } from "./HelpDesk.ts"

/** Everything behind the place, to the end; bounded, so that a feed without end fails. */
const read = Effect.fnUntraced(function* (ticketing: Ticketing["Service"], after: string | null) {
  const pages: Array<ChangedPage> = []
  let place = after
  while (pages.length < 50) {
    const page = yield* ticketing.changed({ after: place, since: 0 })
    pages.push(page)
    place = page.cursor
    if (page.atEnd) break
  }
  assert.isTrue(pages.at(-1)?.atEnd, "the feed ends")
  return { ids: pages.flatMap((page) => page.tickets.map(({ ticket }) => ticket.ticketId)), place }
})

const tells = (make: MakeHelpDesk) =>
  it.live(
    "every ticket that changed comes, with what it is like now; and after that only what changed since",
    () =>
      Effect.gen(function* () {
        const desk = yield* make
        const { ticketing } = desk
        const first = yield* desk.arrive({ subject: "Helmet", body: "Does it fit?" })
        const second = yield* desk.arrive({ subject: "Saddle", body: "Is it soft?" })
        const third = yield* desk.arrive({ subject: "Lights", body: "Are they bright?" })
        const before = yield* read(ticketing, null)
        assert.includeMembers(before.ids, [first, second, third])
        // Help desks count in whole seconds.
        yield* Effect.sleep("1100 millis")
        yield* desk.customerReply(second, "And in blue?")
        yield* desk.solve(third)
        const after = yield* read(ticketing, before.place)
        assert.includeMembers(after.ids, [second, third])
        const page = yield* ticketing.changed({ after: before.place, since: 0 })
        const solved = page.tickets.find(({ ticket }) => ticket.ticketId === third)
        assert.strictEqual(solved?.ticket.status, "solved")
        assert.isAbove(solved?.ticket.updatedAt ?? 0, 0)
      }),
  )

const forgives = (make: MakeHelpDesk) =>
  it.live("a place that means nothing is no failure: it begins at the time that is given", () =>
    Effect.gen(function* () {
      const desk = yield* make
      const ticketId = yield* desk.arrive({ subject: "Helmet", body: "Does it fit?" })
      for (const after of ["", "not a place", '{"by":"export","cursor":"gone"}']) {
        const page = yield* desk.ticketing.changed({ after, since: 0 })
        assert.include(
          page.tickets.map(({ ticket }) => ticket.ticketId),
          ticketId,
          after,
        )
      }
    }),
  )

/** Reading what changed. */
export const feedTests = (make: MakeHelpDesk): void => {
  for (const test of [tells, forgives]) test(make)
}
