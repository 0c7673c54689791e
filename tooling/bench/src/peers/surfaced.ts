/** Whether anybody can learn that an answer never arrived. */
import { Schema } from "effect"
import type { Contestant } from "./contestant.ts"

const Told = Schema.Struct({ told: Schema.Number })
const Sessions = Schema.Struct({
  sessions: Schema.Array(Schema.Struct({ id: Schema.String })),
})
const Timeline = Schema.Struct({
  entries: Schema.Array(Schema.Struct({ body: Schema.Record(Schema.String, Schema.Unknown) })),
})

const json = async (url: string): Promise<unknown> => (await fetch(url)).json()

/** How many failed sends the session of the customer with these words shows to an operator. */
const onTimelines = async (url: string, words: ReadonlyArray<string>): Promise<number> => {
  const { sessions } = Schema.decodeUnknownSync(Sessions)(await json(`${url}?limit=200`))
  const found = new Set<string>()
  for (const { id } of sessions) {
    const { entries } = Schema.decodeUnknownSync(Timeline)(await json(`${url}/${id}`))
    const text = JSON.stringify(entries)
    const word = words.find((one) => text.includes(one))
    const failed = entries.some(
      ({ body }) =>
        body["_tag"] === "DeliveryUpdate" && /^(?:failed|undelivered)$/.test(String(body["status"])),
    )
    if (word !== undefined && failed) found.add(word)
  }
  return found.size
}

/** Of the customers with these words, how many failures have become known. */
export const surfaced = async (contestant: Contestant, words: ReadonlyArray<string>): Promise<number> =>
  contestant.name === "ours"
    ? onTimelines(contestant.told, words)
    : Schema.decodeUnknownSync(Told)(await json(contestant.told)).told
