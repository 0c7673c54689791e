/** The parts of one delivery, each with the text that its statuses must carry. */
import {
  type OutboundMessage,
  type OutboundPart,
  type PartFate,
  type SendFailure,
  sendParts,
} from "@opencx/core"
import { Effect } from "effect"
import { correlationText, partKey } from "./correlation.ts"

/** One message of the provider; gets the text that its statuses must carry, answers with the provider's id. */
export type Part = (correlation: string) => Effect.Effect<string, SendFailure>

/** `since`: when the doubtful try began, epoch ms. */
export type FindOut = (part: number, since: number) => Effect.Effect<PartFate>

export interface Parts {
  readonly message: OutboundMessage
  readonly closesAt: number | null
  readonly parts: ReadonlyArray<Part>
  readonly findOut: FindOut
}

/** What a status that came by webhook says of a part: the provider's id, or null. */
export const reportedId = ({ progress }: OutboundMessage, key: string) =>
  Effect.map(progress.known, (known) => known.find(({ name }) => name === key)?.providerId ?? null)

/** Waits for a status about a part whose fate is unknown, looking ten times in this many milliseconds. */
export const awaitStatus = Effect.fnUntraced(function* (
  message: OutboundMessage,
  key: string,
  waitMs: number,
) {
  const looks = 10
  for (let look = 0; look <= looks; look++) {
    if (look > 0) yield* Effect.sleep(waitMs / looks)
    const providerId = yield* reportedId(message, key)
    if (providerId !== null) return { _tag: "Sent", providerId } satisfies PartFate
  }
  return { _tag: "Unknown" } satisfies PartFate
})

/** The provider's ids of all parts. Stops at the first that fails; a retry goes on from there. */
export const sendAll = ({ closesAt, findOut, message, parts }: Parts) =>
  sendParts(
    message.progress,
    parts.map((run, index): OutboundPart => {
      const part = index + 1
      return {
        name: partKey(part, parts.length),
        send: run(correlationText({ deliveryId: message.deliveryId, part, parts: parts.length, closesAt })),
        find: (since) => findOut(part, since),
      }
    }),
  )
