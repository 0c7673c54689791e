/** `Threads` in memory. */
import { Clock, Effect, Layer } from "effect"
import { Threads } from "../ports/Threads.ts"
import { ThreadBook } from "./ThreadBook.ts"
import { foldAddress } from "../text/foldAddress.ts"

/** Mail addresses are compared without regard to case. */
const participantKey = foldAddress

/** Threads in memory. Its reply addresses are also those that decisions of `conversationsMemory` set. */
export const threadsMemory: Layer.Layer<Threads> = Layer.effect(
  Threads,
  Effect.map(ThreadBook, (book) =>
    Threads.of({
      findByMessageIds: (scope, messageIds, participant) =>
        Effect.sync(() => {
          const found = book
            .all()
            .filter((note) => note.scope.orgId === scope.orgId && note.scope.accountId === scope.accountId)
            .filter((note) => note.participants.has(participantKey(participant)))
            .filter((note) => messageIds.some((id) => note.messageIds.has(id)))
            .sort((a, b) => b.updatedAt - a.updatedAt)
          return found[0]?.key ?? null
        }),
      exists: (scope, key) => Effect.sync(() => book.find(scope, key) !== undefined),
      record: (scope, key, { messageIds, participants }) =>
        Effect.map(Clock.currentTimeMillis, (now) => {
          const note = book.open(scope, key, now)
          for (const id of messageIds) note.messageIds.add(id)
          for (const participant of participants) note.participants.add(participantKey(participant))
        }),
      address: (scope, key) => Effect.sync(() => book.find(scope, key)?.address ?? null),
      setAddress: (scope, key, address) =>
        Effect.map(Clock.currentTimeMillis, (now) => {
          book.open(scope, key, now).address = address
        }),
    }),
  ),
).pipe(Layer.provide(ThreadBook.layer))
