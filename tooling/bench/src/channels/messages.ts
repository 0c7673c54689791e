/** A customer's message to the answer at the provider, and a human's words to the provider, each beside a bare relay. */
import { chats, until, type World } from "@opencx/runtime"
import { Effect } from "effect"
import type { Figure } from "../report/Figure.ts"
import { type Spread, spreadOf } from "../report/stats.ts"
import { wantsHuman } from "../scenarios/world.ts"
import { type Phones, untilTaken } from "./phones.ts"

const answers = 150
const replies = 60
/** Messages to one customer, below what WhatsApp lets through to one person at once. */
const perCustomer = 15
const warmUp = 15
/** A slow machine measures fewer messages rather than longer. Milliseconds for each figure. */
const longestMs = 8000

const counted = (count: number) => Array.from({ length: count }, (_, n) => n)

const numberOf = (series: number, n: number): string =>
  `+1415555${String(series * 100 + Math.floor(n / perCustomer)).padStart(4, "0")}`

const figures = (name: string, ours: Spread, bare: Spread): ReadonlyArray<Figure> =>
  (["p50", "p99"] as const).map((which) => ({
    name: `${name}, ${which}`,
    value: ours[which],
    unit: "ms",
    beside: { name: "bare webhook in, POST out", value: bare[which] },
    ...(which === "p50" ? { note: `${ours.count} messages, one at a time` } : {}),
  }))

/** Ours and the bare one take turns, so that whatever else the machine does happens to both. */
export const answered = Effect.fnUntraced(function* (phones: Phones, series: number) {
  const ours: Array<number> = []
  const bare: Array<number> = []
  const end = performance.now() + longestMs
  for (const n of counted(warmUp + answers)) {
    if (performance.now() > end && ours.length > 0) break
    const mine = yield* untilTaken(phones, () => phones.write(numberOf(series, n), `How long, number ${n}?`))
    const other = yield* untilTaken(phones, () =>
      phones.writeBare(numberOf(series + 1, n), `How long, number ${n}?`),
    )
    if (n < warmUp) continue
    ours.push(mine)
    bare.push(other)
  }
  return {
    figures: figures(`${phones.name}: customer's message to answer sent`, spreadOf(ours), spreadOf(bare)),
    bare: spreadOf(bare),
  }
})

const humanHas = (world: World, words: string) =>
  until("a chat with the humans", () =>
    chats(world).find(
      ({ control, transcript }) =>
        control.active === "zd-agentWorkspace" && transcript.some(({ text }) => text.includes(words)),
    ),
  )

const openChat = Effect.fnUntraced(function* (world: World, phones: Phones, from: string) {
  const words = `${wantsHuman} ${phones.name} ${from}`
  // What comes back first is the word about the handoff.
  yield* untilTaken(phones, () => phones.write(from, words))
  return yield* humanHas(world, words)
})

/** From the human's click in the emulated Agent Workspace; `bare` is what `answered` has measured just before. */
export const replied = Effect.fnUntraced(function* (
  world: World,
  phones: Phones,
  series: number,
  bare: Spread,
) {
  const took: Array<number> = []
  const end = performance.now() + longestMs
  for (const customer of counted(Math.ceil(replies / perCustomer))) {
    if (performance.now() > end && took.length > 0) break
    const chat = yield* openChat(world, phones, numberOf(series, customer * perCustomer))
    for (const n of counted(perCustomer)) {
      const body = `Reply ${n} to ${customer}`
      const ms = yield* untilTaken(phones, () => {
        world.emulator.sunshine.agent(chat.conversation.id, { action: "reply", body })
      })
      took.push(ms)
    }
  }
  return figures(`${phones.name}: human's reply in the chat to sent`, spreadOf(took), bare)
})
