/** Live chats in the emulated Agent Workspace, as the human there sees them and acts on them. */
import { Effect, Schema } from "effect"
import type { World } from "../demo/world.ts"
import { NotSeen, until } from "./observe.ts"

const Line = Schema.Struct({ from: Schema.String, name: Schema.String, text: Schema.String })

const Chat = Schema.Struct({
  conversation: Schema.Struct({
    id: Schema.String,
    metadata: Schema.optionalKey(Schema.NullOr(Schema.Record(Schema.String, Schema.Unknown))),
  }),
  control: Schema.Struct({ active: Schema.NullOr(Schema.String) }),
  ticket: Schema.NullOr(
    Schema.Struct({ id: Schema.Int, status: Schema.String, tags: Schema.Array(Schema.String) }),
  ),
  transcript: Schema.Array(Line),
})
export type SeenChat = typeof Chat.Type

const decodeChats = Schema.decodeUnknownSync(Schema.Array(Chat))

/** All chats that a human got, newest change first. */
export const chats = ({ emulator }: Pick<World, "emulator">): ReadonlyArray<SeenChat> =>
  decodeChats(emulator.sunshine.chats())

/** The chat in which somebody said these words. */
export const chatWith = (world: Pick<World, "emulator">, words: string) =>
  until(`a live chat with "${words}"`, () =>
    chats(world).find(({ transcript }) => transcript.some(({ text }) => text.includes(words))),
  )

/** The human writes, adds a note, solves, closes. */
export const humanDoes = (
  { emulator }: Pick<World, "emulator">,
  chat: SeenChat,
  action: Readonly<Record<string, unknown>>,
) =>
  Effect.try({
    try: () => emulator.sunshine.agent(chat.conversation.id, action),
    catch: (cause) => new NotSeen({ what: `the human's ${String(action["action"])}: ${String(cause)}` }),
  })
