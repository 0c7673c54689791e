/**
 * Whose an anonymous thread has become. When a visitor identifies in the middle of a conversation, the conversation goes
 * on in its thread, and tokens from before must not read on: somebody else may have kept one (a shared computer). Tokens
 * are not stored, so the thread itself is the record: messages by identified people carry a mark.
 */
import type { ConversationView, StoreError, ThreadRef } from "@opencx/core"
import { Clock, Effect } from "effect"
import { markIn, ownerMark, threadOfSubject, type Visitor } from "../identity/visitor.ts"
import { Refusal } from "./Refusal.ts"

interface Known {
  /** Mark of the owner; null while the thread is everybody's who has its token. */
  owner: string | null
  cursor: string | null
  lookedAt: number
}

const maxThreads = 20_000
const pageSize = 200
/** A thread is not looked at more often than this, in ms. */
const freshFor = 3_000

const superseded = new Refusal({
  status: 401,
  code: "token_superseded",
  detail: "This conversation belongs to somebody who has signed in; begin a new session.",
})

export class Owners {
  readonly #threads = new Map<string, Known>()
  readonly #view: ConversationView

  constructor(view: ConversationView) {
    this.#view = view
  }

  #known(ref: ThreadRef): Known {
    const key = `${ref.accountId}|${ref.threadKey}`
    const known = this.#threads.get(key) ?? { owner: null, cursor: null, lookedAt: 0 }
    this.#threads.delete(key)
    this.#threads.set(key, known)
    if (this.#threads.size > maxThreads) {
      const [oldest] = this.#threads.keys()
      if (oldest !== undefined) this.#threads.delete(oldest)
    }
    return known
  }

  /** Mark of the thread's owner, from what is written in it. */
  ownerOf(ref: ThreadRef): Effect.Effect<string | null, StoreError> {
    const known = this.#known(ref)
    const view = this.#view
    return Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      while (known.owner === null && now - known.lookedAt > freshFor) {
        const lines = yield* view.lines(ref, known.cursor, pageSize)
        const marked = lines.find((line) => line.author === "customer" && markIn(line.id) !== null)
        if (marked !== undefined) known.owner = markIn(marked.id)
        known.cursor = lines.at(-1)?.cursor ?? known.cursor
        if (lines.length < pageSize) known.lookedAt = now
      }
      return known.owner
    })
  }

  /** From now on the thread is this person's; false when it is somebody else's already. */
  claim(ref: ThreadRef, mark: string): Effect.Effect<boolean, StoreError> {
    const known = this.#known(ref)
    return Effect.map(this.ownerOf(ref), (owner) => {
      known.owner = owner ?? mark
      return known.owner === mark
    })
  }

  /** Fails when the thread has become somebody else's. */
  check(ref: ThreadRef, visitor: Visitor): Effect.Effect<void, Refusal | StoreError> {
    const { claims } = visitor
    if (claims.k === "u" && claims.thread === threadOfSubject(claims.sub)) return Effect.void
    return Effect.flatMap(this.ownerOf(ref), (owner) =>
      owner === null || owner === ownerMark(claims) ? Effect.void : Effect.fail(superseded),
    )
  }
}
