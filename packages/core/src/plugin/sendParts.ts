/** Sends the parts of one delivery in order, each once, as far as anybody can know: over tries, crashes and processes. */
import { Clock, Effect } from "effect"
import type { KnownPart } from "../ports/DeliveryParts.ts"
import { SendFailure } from "./Plugin.ts"
import type { SendProgress } from "./SendProgress.ts"

/** What became of a part that may have gone out. */
export type PartFate =
  | { readonly _tag: "Sent"; readonly providerId: string }
  /** The provider shows that it has not taken it; also where sending it again makes no second message of it. */
  | { readonly _tag: "NotSent" }
  /** It can be found out, but not now. */
  | { readonly _tag: "NotNow"; readonly detail: string }
  /** The provider offers nothing to find it out by. */
  | { readonly _tag: "Unknown" }

/** One message of the provider. */
export interface OutboundPart {
  /** The same for the same part in every try: `2/3`. */
  readonly name: string
  /** Hands it over; answers with the provider's id. `Ambiguous`: it may have been taken; everything else: it was not. */
  readonly send: Effect.Effect<string, SendFailure>
  /** Looks for it, when an earlier try may have handed it over. `since`: when the first try began, epoch ms. */
  find(since: number): Effect.Effect<PartFate>
}

const ambiguous = (detail: string, resendIsSafe: boolean) =>
  new SendFailure({ kind: { _tag: "Ambiguous", detail, resendIsSafe } })

const cutOff = (name: string) =>
  `an earlier try ended while part ${name} was on its way, and the provider cannot be asked about it`

/** The id of a part that is out already; null when it is to be sent. */
const earlier = Effect.fnUntraced(function* (progress: SendProgress, part: OutboundPart, before: KnownPart) {
  if (before.providerId !== null) return before.providerId
  const fate = yield* part.find(before.begunAt)
  switch (fate._tag) {
    case "Sent":
      yield* progress.sent(part.name, fate.providerId)
      return fate.providerId
    case "NotSent":
      return null
    case "NotNow":
      return yield* ambiguous(fate.detail, true)
    case "Unknown":
      // Whoever asks again after having been told wants it sent.
      if (before.doubted) return null
      yield* progress.doubted(part.name)
      return yield* ambiguous(cutOff(part.name), false)
  }
})

/** What a failed send means; answers with the id when it did go out. */
const afterFailure = Effect.fnUntraced(function* (
  progress: SendProgress,
  part: OutboundPart,
  failure: SendFailure,
  begunAt: number,
) {
  const { kind } = failure
  if (kind._tag !== "Ambiguous") {
    yield* progress.notSent(part.name)
    return yield* failure
  }
  const fate = yield* part.find(begunAt)
  switch (fate._tag) {
    case "Sent":
      return fate.providerId
    case "NotSent":
      // It stays begun: it may show up late, so the next try looks once more.
      return yield* new SendFailure({
        kind: { _tag: "Retry", afterMs: null, detail: `${kind.detail}; it was not taken` },
      })
    case "NotNow":
      return yield* ambiguous(kind.detail, true)
    case "Unknown":
      yield* progress.doubted(part.name)
      return yield* ambiguous(kind.detail, false)
  }
})

/** Sends what is not out yet, and answers with the provider's ids of all parts. A retry goes on behind what is out. */
export const sendParts = Effect.fn("sendParts")(function* (
  progress: SendProgress,
  parts: ReadonlyArray<OutboundPart>,
): Effect.fn.Return<ReadonlyArray<string>, SendFailure> {
  const known = new Map((yield* progress.known).map((part) => [part.name, part]))
  const ids: Array<string> = []
  for (const part of parts) {
    const before = known.get(part.name) ?? null
    let id = before === null ? null : yield* earlier(progress, part, before)
    if (id === null) {
      const begunAt = before?.begunAt ?? (yield* Clock.currentTimeMillis)
      yield* progress.begin(part.name)
      id = yield* part.send.pipe(Effect.catch((failure) => afterFailure(progress, part, failure, begunAt)))
      yield* progress.sent(part.name, id)
    }
    ids.push(id)
  }
  return ids
})
