/** Applies events to one lane for ever, printing each event's key after it was applied. Made to be killed. */
import { ConversationStore } from "@opencx/core"
import { Effect, Schema } from "effect"
import { Lane } from "@opencx/core"
import { sqliteStores } from "./databases.ts"
import { appending, deliver, message, newSession } from "./fixtures.ts"

const [directory = "", laneJson = "", run = ""] = process.argv.slice(2)
const lane = Schema.decodeUnknownSync(Schema.fromJsonString(Lane))(laneJson)

const loop = Effect.gen(function* () {
  const store = yield* ConversationStore
  const fallback = newSession(lane)
  for (let i = 0; ; i++) {
    const eventKey = `${run}-${i}`
    yield* store.apply({
      lane,
      eventKey,
      sessionId: null,
      decide: (current) => {
        const session = current ?? fallback
        return appending(
          session,
          [message(eventKey), message("x".repeat(3000))],
          [deliver(session.lastSeq + 1)],
        )
      },
    })
    yield* Effect.promise(
      () => new Promise<void>((resolve) => process.stdout.write(`${eventKey}\n`, () => resolve())),
    )
  }
})

await Effect.runPromise(loop.pipe(Effect.provide(sqliteStores(directory))))
