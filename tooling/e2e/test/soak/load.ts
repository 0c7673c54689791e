/** Customers who begin conversations at a steady rate, whatever becomes of the ones before. */
import { chatsOf, realTimeOf } from "../support/textCustomers.ts"
import { pause } from "../support/customers.ts"
import type { Stage } from "../support/stage.ts"

/** The Help Center knows this. */
const question = "How do I reset my password?"
/** One of so many asks for a human. */
const humanEvery = 40
const tickMs = 100

export interface Person {
  readonly n: number
  readonly kind: "text" | "whatsapp" | "human"
  /** As the provider writes it. */
  readonly number: string
}

const kindOf = (n: number): Person["kind"] =>
  n % humanEvery === 0 ? "human" : n % 2 === 0 ? "text" : "whatsapp"

/** Every customer has a number of their own. */
export const personOf = (n: number): Person => {
  const digits = String(2_010_000_000 + n)
  const kind = kindOf(n)
  return { n, kind, number: kind === "whatsapp" ? `1${digits}` : `+1${digits}` }
}

export const mark = (what: string, n: number): string => `${what}-${n}-x`

/** What each number got, read from where the last reading ended. */
const inbox = (stage: Stage) => {
  const { meta, twilio } = realTimeOf(stage).providers
  const got = new Map<string, Array<string>>()
  const read = { twilio: 0, meta: 0 }
  const numbers = new Map<string, string>()
  const numberOf = (customerId: string): string => {
    if (!numbers.has(customerId)) for (const { id, phone } of meta.customers()) numbers.set(id, phone ?? "")
    return numbers.get(customerId) ?? ""
  }
  const put = (number: string, text: string): void => {
    got.set(number, [...(got.get(number) ?? []), text])
  }
  return {
    look: (): void => {
      const texts = twilio.sent()
      for (const { body, to } of texts.slice(read.twilio)) put(to, body)
      read.twilio = texts.length
      const whatsapps = meta.sent()
      for (const { customerId, text } of whatsapps.slice(read.meta)) put(numberOf(customerId), text)
      read.meta = whatsapps.length
    },
    of: (number: string): ReadonlyArray<string> => got.get(number) ?? [],
  }
}

type Inbox = ReturnType<typeof inbox>

const seen = async (look: () => boolean, alive: () => boolean): Promise<boolean> => {
  while (alive()) {
    if (look()) return true
    await pause(tickMs)
  }
  return false
}

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

const withHuman = async (
  stage: Stage,
  person: Person,
  mail: Inbox,
  alive: () => boolean,
): Promise<boolean> => {
  const { n, number } = person
  await write(stage, person, `I want to talk to a human, please. ${mark("first", n)}`)
  const chat = () =>
    chatsOf(stage, mark("first", n)).find(({ control }) => control.active === "zd-agentWorkspace")
  if (!(await seen(() => chat() !== undefined, alive))) return false
  const id = chat()?.conversation.id ?? ""
  stage.emulator.sunshine.agent(id, { action: "note", body: `INTERNAL ${mark("note", n)}` })
  stage.emulator.sunshine.agent(id, { action: "reply", body: `Hello, ${mark("reply", n)}.` })
  const replied = () => mail.of(number).some((text) => text.includes(mark("reply", n)))
  if (!(await seen(replied, alive))) return false
  stage.emulator.sunshine.agent(id, { action: "solve" })
  stage.emulator.sunshine.agent(id, { action: "close" })
  return true
}

export interface Load {
  counts(): { readonly begun: number; readonly open: number }
  /** Everybody with what they got. */
  people(): ReadonlyArray<Person & { readonly got: ReadonlyArray<string> }>
  /** No more begin; those who have begun get so long. `took`: milliseconds from a question to its answer. */
  end(withinMs: number): Promise<{
    readonly begun: number
    readonly openAtEnd: number
    readonly took: ReadonlyArray<number>
  }>
}

/** `rate`: conversations a second. */
export const startLoad = (stage: Stage, rate: number): Load => {
  const mail = inbox(stage)
  const state = { begun: 0, ended: 0, on: true, alive: true }
  const took: Array<number> = []
  const alive = () => state.alive
  const converse = async (n: number): Promise<void> => {
    const person = personOf(n)
    if (person.kind === "human") {
      if (await withHuman(stage, person, mail, alive)) state.ended += 1
      return
    }
    const startedAt = performance.now()
    await write(stage, person, question)
    if (!(await seen(() => mail.of(person.number).length > 0, alive))) return
    took.push(performance.now() - startedAt)
    state.ended += 1
  }
  const startedAt = performance.now()
  const loading = (async () => {
    while (state.on) {
      const due = ((performance.now() - startedAt) / 1000) * rate
      while (state.begun < due) void converse(state.begun++)
      mail.look()
      await pause(20)
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
      state.on = false
      await loading
      const end = performance.now() + withinMs
      while (state.ended < state.begun && performance.now() < end) {
        mail.look()
        await pause(tickMs)
      }
      // What comes twice may come late.
      await pause(3000)
      mail.look()
      state.alive = false
      return { begun: state.begun, openAtEnd: state.begun - state.ended, took }
    },
  }
}
