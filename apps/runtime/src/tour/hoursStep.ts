/** Office hours from a schedule of Zendesk's: it closes, customers are told when somebody is there again, and it opens. */
import { DateTime, Effect, Schema } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"
import { shopSchedule } from "../demo/helping.ts"
import type { World } from "../demo/world.ts"
import { expect, mailsTo, NotSeen, until } from "./observe.ts"
import type { Step } from "./Story.ts"
import { writeMail } from "./writeMail.ts"

const dayMinutes = 1_440

const Answer = Schema.Struct({
  used: Schema.Struct({
    copy: Schema.Struct({ name: Schema.String }),
    trouble: Schema.Null,
  }),
})

/** An administrator changes the schedule, and the runtime reads it. */
const changed = Effect.fnUntraced(function* (
  { emulator, urls }: World,
  intervals: ReadonlyArray<readonly [number, number]>,
) {
  emulator.schedules.edit(shopSchedule.id, { intervals })
  const http = HttpClient.filterStatusOk(yield* HttpClient.HttpClient)
  const { used } = yield* http.post(`${urls.api}/organizations/${urls.organization}/schedules/read`).pipe(
    Effect.flatMap(HttpClientResponse.schemaBodyJson(Answer)),
    Effect.mapError((error) => new NotSeen({ what: `the schedule: ${error.message}` })),
  )
  yield* expect(used.copy.name === shopSchedule.name, "the schedule that was changed")
})

/** What a new customer who wants a human is told about it. */
const told = Effect.fnUntraced(function* (world: World, customer: string) {
  yield* writeMail(world, {
    from: customer,
    to: world.urls.supportAddress,
    subject: "To the workshop",
    text: "I want to talk to a human, please.",
  })
  return yield* until("what is said of the handoff", () => mailsTo(world, customer)[0])
})

const away = /out of the office just now[^]*09:00/

/** From nine to five on the day after tomorrow, so that it is closed now whatever the time. */
const laterDay = (now: number): readonly [number, number] => {
  const day = (DateTime.toPartsUtc(DateTime.makeUnsafe(now)).weekDay + 2) % 7
  return [day * dayMinutes + 540, day * dayMinutes + 1_020]
}

export const officeHours: Step = {
  name: "office hours from a Zendesk schedule: closed, customers hear when it opens; open again, they do not",
  run: Effect.fnUntraced(function* ({ world }) {
    yield* Effect.ensuring(
      Effect.gen(function* () {
        yield* changed(world, [laterDay(world.emulator.now())])
        const closed = yield* told(world, "olga@example.com")
        yield* expect(away.test(closed.text), "the time from which somebody is there")
      }),
      Effect.sync(() => world.emulator.schedules.edit(shopSchedule.id, shopSchedule)),
    )
    yield* changed(world, shopSchedule.intervals)
    const open = yield* told(world, "otto@example.com")
    yield* expect(!away.test(open.text), "no word of hours")
  }),
}
