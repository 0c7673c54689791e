/**
 * What is passing in a thread, for readers in this process: hints that lines have changed, the AI's draft, typing. Nothing
 * here lasts and nothing waits for a reader.
 */
import { Context, Effect, Layer, PubSub, Stream } from "effect"
import { type Lane, laneKey } from "../domain/Lane.ts"
import type { LiveEvent } from "../plugin/ConversationView.ts"

/** Events that a slow reader may be behind before it loses the oldest. */
const behind = 64

interface Topic {
  readonly hub: PubSub.PubSub<LiveEvent>
  readers: number
}

export class Live extends Context.Service<
  Live,
  {
    publish(lane: Lane, event: LiveEvent): Effect.Effect<void>
    changes(lane: Lane): Stream.Stream<LiveEvent>
  }
>()("@opencx/core/engine/Live") {
  static readonly layer = Layer.sync(Live, () => {
    // Only threads that somebody reads have a topic.
    const topics = new Map<string, Topic>()
    const join = (key: string) =>
      Effect.gen(function* () {
        const topic = topics.get(key) ?? { hub: yield* PubSub.sliding<LiveEvent>(behind), readers: 0 }
        topic.readers += 1
        topics.set(key, topic)
        return topic
      })
    const leave = (key: string, topic: Topic) =>
      Effect.sync(() => {
        topic.readers -= 1
        if (topic.readers === 0) topics.delete(key)
      })
    return {
      publish: (lane, event) =>
        Effect.suspend(() => {
          const topic = topics.get(laneKey(lane))
          return topic === undefined ? Effect.void : Effect.asVoid(PubSub.publish(topic.hub, event))
        }),
      changes: (lane) => {
        const key = laneKey(lane)
        return Stream.unwrap(
          Effect.map(
            Effect.acquireRelease(join(key), (topic) => leave(key, topic)),
            ({ hub }) => Stream.fromPubSub(hub),
          ),
        )
      },
    }
  })
}
