/** The threads that `MemoryThreads` and `MemoryConversations` share. */
import { Context, Layer } from "effect"
import type { ThreadKey } from "../domain/Ids.ts"
import type { ThreadScope } from "../ports/Threads.ts"

export interface ThreadNote {
  readonly scope: ThreadScope
  readonly key: ThreadKey
  readonly messageIds: Set<string>
  readonly participants: Set<string>
  address: string | null
  updatedAt: number
}

const noteId = (scope: ThreadScope, key: ThreadKey): string => `${scope.orgId}|${scope.accountId}|${key}`

const makeBook = () => {
  const notes = new Map<string, ThreadNote>()
  return {
    all: (): ReadonlyArray<ThreadNote> => [...notes.values()],
    find: (scope: ThreadScope, key: ThreadKey): ThreadNote | undefined => notes.get(noteId(scope, key)),
    /** Finds or makes the thread, and marks it as just used. */
    open: ({ orgId, accountId }: ThreadScope, key: ThreadKey, now: number): ThreadNote => {
      const scope = { orgId, accountId }
      const known = notes.get(noteId(scope, key))
      const note = known ?? {
        scope,
        key,
        messageIds: new Set<string>(),
        participants: new Set<string>(),
        address: null,
        updatedAt: now,
      }
      note.updatedAt = now
      notes.set(noteId(scope, key), note)
      return note
    },
  }
}

export class ThreadBook extends Context.Service<ThreadBook, ReturnType<typeof makeBook>>()(
  "@opencx/core/memory/ThreadBook",
) {
  static readonly layer = Layer.sync(ThreadBook, makeBook)
}
