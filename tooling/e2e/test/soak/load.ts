/** Customers who begin conversations at a steady rate, whatever becomes of the ones before. */
import { chats, type SeenChat } from "@opencx/runtime"
import { pause } from "../support/customers.ts"
import type { Stage } from "../support/stage.ts"
import { realTimeOf } from "../support/textCustomers.ts"
import { type Inbox, openInbox } from "./inbox.ts"

/** The Help Center knows this. */
const question = "How do I reset my password?"
/** One of so many asks for a human. */
const humanEvery = 40
/** How often the humans look at their chats. */
const humansLookMs = 1000

export interface Person {
  readonly n: number
  readonly kind: "text" | "whatsapp" | "human"
  /** As the provider writes it. */
  readonly number: string
}

const kindOf = (n: number): Person["kind"] =>
  n % humanEvery === 0 ? "human" : n % 2 === 0 ? "text" : "whatsapp"

/** Every customer has a number of their own. */
const personOf = (n: number): Person => {
  const digits = String(2_010_000_000 + n)
  const kind = kindOf(n)
  return { n, kind, number: kind === "whatsapp" ? `1${digits}` : `+1${digits}` }
}

export const mark = (what: string, n: number): string => `${what}-${n}-x`

/** Which chat is whose, by the mark in the customer's first words. */
export const markIn = ({ transcript }: SeenChat): string =>
  transcript.map(({ text }) => /\bfirst-\d+-x\b/.exec(text)?.[0]).find((found) => found !== undefined) ?? ""

const write = async (stage: Stage, { kind, n, number }: Person, words: string): Promise<void> => {
  const { people } = realTimeOf(stage)
  if (kind === "whatsapp") return people.whatsapp(`+${number}`, words)
  // As a provider does: the same message again, until it is taken.
  const sid = `SM${String(n).padStart(32, "0")}`
  for (let tries = 0; tries < 20; tries += 1) {
    if ((await people.text(number, words, sid).catch(() => 0)) === 200) return
    await pause(500)
  }
}

/** Humans who take each chat when they look, and leave a note in it before they answer. */
const humansOf = (stage: Stage, people: { waiting: number }) => {
  const taken = new Set<string>()
  return (): void => {
    if (people.waiting === 0) return
    for (const chat of chats(stage)) {
      const { conversation, control } = chat
      if (control.active !== "zd-agentWorkspace" || taken.has(conversation.id)) continue
      taken.add(conversation.id)
      const n = Number(/\d+/.exec(markIn(chat))?.[0])
      const does = (action: object) => stage.emulator.sunshine.agent(conversation.id, action)
      does({ action: "note", body: `INTERNAL ${mark("note", n)}` })
      does({ action: "reply", body: `Hello, ${mark("reply", n)}.` })
      does({ action: "solve" })
    }
  }
}

export interface Load {
  counts(): { readonly begun: number; readonly open: number }
  /** Everybody with what they got. */
  people(): ReadonlyArray<Person & { readonly got: ReadonlyArray<string> }>
  /**
   * No more begin; those who have begun get so long. `took`: milliseconds from a question to its answer; `acked`: to the
   * webhook's.
   */
  end(withinMs: number): Promise<{
    readonly begun: number
    readonly openAtEnd: number
    readonly took: ReadonlyArray<number>
    readonly acked: ReadonlyArray<number>
  }>
}

interface State {
  begun: number
  ended: number
  waiting: number
  readonly took: Array<number>
  readonly acked: Array<number>
}

const converse = async (stage: Stage, mail: Inbox, state: State, person: Person): Promise<void> => {
  const { kind, n, number } = person
  const startedAt = performance.now()
  const human = kind === "human"
  const words = human ? `I want to talk to a human, please. ${mark("first", n)}` : question
  if (human) state.waiting += 1
  await write(stage, person, words)
  state.acked.push(performance.now() - startedAt)
  await mail.until(number, (text) => !human || text.includes(mark("reply", n)))
  if (human) state.waiting -= 1
  else state.took.push(performance.now() - startedAt)
  state.ended += 1
}

/** `rate`: conversations a second. */
export const startLoad = (stage: Stage, rate: number): Load => {
  const mail = openInbox(stage)
  const state: State = { begun: 0, ended: 0, waiting: 0, took: [], acked: [] }
  const running = { on: true, looking: true }
  const startedAt = performance.now()
  const loading = (async () => {
    while (running.on) {
      const due = ((performance.now() - startedAt) / 1000) * rate
      while (state.begun < due) void converse(stage, mail, state, personOf(state.begun++))
      await pause(20)
    }
  })()
  const humans = humansOf(stage, state)
  const looking = (async () => {
    for (let humansLook = 0; running.looking; await pause(100)) {
      mail.look()
      if (performance.now() < humansLook) continue
      humans()
      humansLook = performance.now() + humansLookMs
    }
  })()
  return {
    counts: () => ({ begun: state.begun, open: state.begun - state.ended }),
    people: () =>
      Array.from({ length: state.begun }, (_, n) => {
        const person = personOf(n)
        return { ...person, got: mail.of(person.number) }
      }),
    end: async (withinMs) => {
      running.on = false
      await loading
      const end = performance.now() + withinMs
      while (state.ended < state.begun && performance.now() < end) await pause(100)
      // What comes twice may come late.
      await pause(3000)
      running.looking = false
      await looking
      mail.look()
      const { acked, begun, ended, took } = state
      return { begun, openAtEnd: begun - ended, took, acked }
    },
  }
}
