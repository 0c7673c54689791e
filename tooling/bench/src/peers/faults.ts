/** Rows of faults: the same payloads to each contestant, and what its customers get in the end. */
import { failsOnce, isSlow, longAnswer, wantsLong } from "./behaviour.ts"
import type { Contestant } from "./contestant.ts"
import type { Lane } from "./lanes.ts"
import { overOpenConnections, post } from "./post.ts"
import { surfaced } from "./surfaced.ts"
import { refusedTally, type Tally, tallyOf, tallyOfWords, total } from "./tally.ts"

/** Customers in each row. */
const customers = 10
/** Longest wait for what may never come, and the wait for what must not come. */
const patienceMs = 4000
const afterwardsMs = 700

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms)
  })

const until = async (holds: () => boolean): Promise<void> => {
  const end = performance.now() + patienceMs
  while (!holds() && performance.now() < end) await pause(20)
}

let words = 0
/** A word that nobody has written before, and that is no part of another one. */
const newWord = (): string => {
  words += 1
  return `x${String(words).padStart(5, "0")}y`
}

interface Written {
  readonly person: string
  readonly words: ReadonlyArray<string>
}

const seenBy = (lane: Lane, { person, words: own }: Written): Tally =>
  tallyOfWords(lane.received(person), own)

/** Everybody writes, at once or in turn; then we wait for everything to come, and for what should not. */
const play = async (
  lane: Lane,
  how: { readonly words?: number; readonly withoutNumber?: boolean; readonly inTurn?: boolean },
  write: (written: Written) => Promise<unknown>,
): Promise<Tally> => {
  const all = Array.from({ length: customers }, () => ({
    person: lane.person({ withoutNumber: how.withoutNumber ?? false }),
    words: Array.from({ length: how.words ?? 1 }, newWord),
  }))
  if (how.inTurn === true) for (const one of all) await write(one)
  else await Promise.all(all.map(write))
  const isThere = (written: Written) => {
    const { lost } = seenBy(lane, written)
    return lost === 0
  }
  await until(() => all.every(isThere))
  await pause(afterwardsMs)
  return total(all.map((written) => seenBy(lane, written)))
}

export interface Row {
  readonly name: string
  readonly on: ReadonlyArray<Lane["name"]>
  run(lane: Lane, contestant: Contestant): Promise<Tally>
}

const both = ["SMS", "WhatsApp"] as const

const twice: ReadonlyArray<Row> = [
  {
    name: "the same message twice, in sequence",
    on: both,
    run: (lane) =>
      play(lane, {}, async ({ person, words: own }) => {
        const webhook = lane.webhook(person, own)
        await post(webhook)
        await post(webhook)
      }),
  },
  {
    name: "the same message twice, at once",
    on: both,
    run: (lane) =>
      play(lane, {}, ({ person, words: own }) => {
        const webhook = lane.webhook(person, own)
        return Promise.all([post(webhook), post(webhook)])
      }),
  },
  {
    name: "the program fails once, the provider redelivers",
    on: both,
    run: (lane) =>
      play(lane, {}, async ({ person, words: own }) => {
        const webhook = lane.webhook(person, [`${own.join(" ")} ${failsOnce}`])
        await post(webhook)
        await pause(300)
        await post(webhook)
      }),
  },
]

const several: ReadonlyArray<Row> = [
  {
    name: "a burst of five 15 ms apart, the program takes 50 ms",
    on: both,
    run: (lane) =>
      // One customer at a time: else nobody knows in which order they arrive.
      play(lane, { words: 5, inTurn: true }, ({ person, words: own }) =>
        overOpenConnections(lane.hook, own.length, async (connections) => {
          const sent: Array<Promise<number>> = []
          for (const word of own) {
            sent.push(post(lane.webhook(person, [`${word} ${isSlow}`]), connections))
            await pause(15)
          }
          await Promise.all(sent)
        }),
      ),
  },
  {
    name: "two messages in one webhook",
    on: ["WhatsApp"],
    run: (lane) => play(lane, { words: 2 }, ({ person, words: own }) => post(lane.webhook(person, own))),
  },
]

const shapes: ReadonlyArray<Row> = [
  {
    name: "a sender without a number (BSUID only)",
    on: ["WhatsApp"],
    run: (lane) =>
      play(lane, { withoutNumber: true }, ({ person, words: own }) => post(lane.webhook(person, own))),
  },
  {
    name: "a picture without text",
    on: both,
    run: async (lane) => {
      const people = Array.from({ length: customers }, () => lane.person())
      await Promise.all(people.map((person) => post(lane.picture(person))))
      await until(() => people.every((person) => lane.received(person).length > 0))
      await pause(afterwardsMs)
      return total(people.map((person) => tallyOf(lane.received(person).length)))
    },
  },
  {
    name: "an answer of 9,000 characters",
    on: both,
    run: async (lane) => {
      const people = Array.from({ length: customers }, () => lane.person())
      await Promise.all(people.map((person) => post(lane.webhook(person, [wantsLong]))))
      const expected = longAnswer.split(" ")
      // Where a long text is parted, and what is left of the blank there, is each one's own choice.
      const seen = (person: string) =>
        tallyOfWords([lane.received(person).join("").replaceAll(/\s/g, "")], expected)
      await until(() => people.every((person) => seen(person).lost === 0))
      await pause(afterwardsMs)
      return total(people.map((person) => whole(seen(person))))
    },
  },
]

/** An answer is one effect, however many words it has. */
const whole = ({ duplicated, lost, outOfOrder }: Tally): Tally => ({
  correct: lost + duplicated + outOfOrder === 0 ? 1 : 0,
  lost: lost > 0 ? 1 : 0,
  duplicated: lost === 0 && duplicated > 0 ? 1 : 0,
  outOfOrder: lost + duplicated === 0 && outOfOrder > 0 ? 1 : 0,
})

const outcomes: ReadonlyArray<Row> = [
  {
    name: "the provider reports that the answer failed",
    on: both,
    run: async (lane, contestant) => {
      const own = Array.from({ length: customers }, newWord)
      const people = own.map((word) => ({ word, person: lane.person() }))
      await Promise.all(people.map(({ person, word }) => post(lane.webhook(person, [word]))))
      await until(() => people.every(({ person }) => lane.received(person).length > 0))
      await Promise.all(
        people.map(({ person }) => {
          const report = lane.failed(person)
          return report === null ? null : post(report)
        }),
      )
      await pause(afterwardsMs)
      const known = Math.min(customers, await surfaced(contestant, own))
      return total(own.map((_, n) => tallyOf(n < known ? 1 : 0)))
    },
  },
  {
    name: "a forged signature",
    on: both,
    run: async (lane) => {
      const people = Array.from({ length: customers }, () => lane.person())
      const statuses = await Promise.all(people.map((person) => post(lane.forged(person, newWord()))))
      await pause(afterwardsMs)
      return total(
        people.map((person, n) => {
          const refused = [401, 403].includes(statuses[n] ?? 0)
          return refusedTally(refused && lane.received(person).length === 0)
        }),
      )
    },
  },
]

/** The provider's first answer to each customer's reply goes wrong. */
const refusing = (
  name: string,
  fault: Parameters<Contestant["outside"]["twilio"]["faults"]["next"]>[1],
): Row => ({
  name,
  on: ["SMS"],
  run: async (lane, { outside }) => {
    outside.twilio.faults.next("create", ...Array.from({ length: customers }, () => fault))
    const tally = await play(lane, {}, ({ person, words: own }) => post(lane.webhook(person, own)))
    outside.twilio.faults.clear()
    return tally
  },
})

const providers: ReadonlyArray<Row> = [
  refusing("the provider answers 429 once", { kind: "refuse", status: 429, code: 20429, retryAfter: 1 }),
  refusing("the provider answers 503 once", { kind: "refuse", status: 503 }),
  refusing("the provider takes it and the connection breaks", { kind: "resetAfter" }),
]

export const rows: ReadonlyArray<Row> = [...twice, ...several, ...shapes, ...outcomes, ...providers]
