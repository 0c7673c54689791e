/** Customers who write text messages and the humans in the live chats: conversations that go on by themselves. */
import { chats, type SeenChat } from "@opencx/runtime"
import { eventually, pause } from "./customers.ts"
import { operatorOf } from "./operator.ts"
import type { Stage } from "./stage.ts"

/** What the phone network and Zendesk are on a stage with real-time channels. */
export const realTimeOf = ({ realTime }: Stage) => {
  if (realTime === null) throw new Error("this stage has no real-time channels")
  return realTime
}

const numberOf = (n: number): string => `+1415555${String(1000 + n)}`

/** As a provider does it: the same message again and again, until the webhook is answered with 200. */
const text = async (stage: Stage, from: string, words: string, id = words): Promise<void> => {
  const { providers, people } = realTimeOf(stage)
  const sid = `SM${Buffer.from(id).toString("hex").padEnd(32, "0").slice(-32)}`
  for (let tries = 0; tries < 600; tries += 1) {
    if ((await people.text(from, words, sid).catch(() => 0)) === 200) return
    await pause(200)
  }
  throw new Error(`${providers.twilio.url}: "${words}" was never taken`)
}

export const chatsOf = (stage: Stage, marker: string): ReadonlyArray<SeenChat> =>
  chats(stage).filter(({ transcript }) => transcript.some((line) => line.text.includes(marker)))

const shopSaid = (stage: Stage, of: string, words: string): number =>
  realTimeOf(stage)
    .people.texts(of)
    .filter((line) => line.from === "shop" && line.text.includes(words)).length

/** The Help Center knows this, and any word more would make the AI less sure. */
const question = "How do I reset my password?"

/** From a first question to the closed ticket; `n` makes every text unique. */
export const converseByText = async (stage: Stage, n: number): Promise<void> => {
  const from = numberOf(n)
  const mark = (what: string) => `${what}-${n}-x`
  const human = (chat: SeenChat, action: object) =>
    stage.emulator.sunshine.agent(chat.conversation.id, action)
  await text(stage, from, question, mark("question"))
  await eventually(`an answer for ${n}`, () => shopSaid(stage, from, "password") > 0)
  await text(stage, from, `I want to talk to a human, please. ${mark("first")}`)
  const chat = await eventually(`the chat of ${n}`, () =>
    chatsOf(stage, mark("first")).find(({ control }) => control.active === "zd-agentWorkspace"),
  )
  human(chat, { action: "note", body: `INTERNAL ${mark("note")}` })
  human(chat, { action: "reply", body: `Hello, ${mark("reply-one")}.` })
  await eventually(`the first reply to ${n}`, () => shopSaid(stage, from, mark("reply-one")) > 0)
  for (const what of ["second", "third", "fourth"]) await text(stage, from, `One more thing: ${mark(what)}`)
  await eventually(`the last message of ${n} in the chat`, () => chatsOf(stage, mark("fourth"))[0])
  human(chat, { action: "reply", body: `Sure, ${mark("reply-two")}.` })
  await eventually(`the second reply to ${n}`, () => shopSaid(stage, from, mark("reply-two")) > 0)
  human(chat, { action: "solve" })
  human(chat, { action: "close" })
}

export interface ChatAudit {
  readonly lost: ReadonlyArray<string>
  readonly double: ReadonlyArray<string>
  readonly outOfOrder: ReadonlyArray<string>
  readonly leaked: number
}

/** Markers in the order in which they must stand in the chat, after the first question. */
const inOrder = ["first", "reply-one", "second", "third", "fourth", "reply-two"]

/** What went wrong, from the transcripts in Zendesk and from the customers' phones. */
export const auditTexts = (stage: Stage, count: number): ChatAudit => {
  const lost: Array<string> = []
  const double: Array<string> = []
  const outOfOrder: Array<string> = []
  let leaked = 0
  for (let n = 0; n < count; n += 1) {
    const mark = (what: string) => `${what}-${n}-x`
    const mine = chatsOf(stage, mark("first"))
    if (mine.length !== 1) (mine.length === 0 ? lost : double).push(`chat ${n}: ${mine.length}`)
    const lines = mine[0]?.transcript.map((line) => line.text) ?? []
    const placeOf = (what: string, words: string): number => {
      const found = lines.flatMap((line, index) => (line.includes(words) ? [index] : []))
      // The brief at the top quotes the customer; what counts is the line itself.
      const own = found.filter((index) => !(lines[index] ?? "").includes("View session"))
      if (own.length === 0) lost.push(`${mark(what)} in the chat`)
      if (own.length > 1) double.push(`${mark(what)} in the chat`)
      return own[0] ?? -1
    }
    const places = [placeOf("question", question), ...inOrder.map((what) => placeOf(what, mark(what)))]
    if (places.some((place, index) => index > 0 && place < (places[index - 1] ?? 0)))
      outOfOrder.push(`${n}: ${places.join(", ")}`)
    for (const what of ["reply-one", "reply-two"]) {
      const times = shopSaid(stage, numberOf(n), mark(what))
      if (times === 0) lost.push(`${mark(what)} on the phone`)
      if (times > 1) double.push(`${mark(what)} on the phone`)
    }
    leaked += shopSaid(stage, numberOf(n), "INTERNAL")
  }
  return { lost, double, outOfOrder, leaked }
}

/** Texts that went out in the instant of a crash and that we cannot know of: each is told to the human as doubtful. */
export const doubtful = async (stage: Stage): Promise<number> =>
  (await operatorOf({ runtimeUrl: stage.runtimeUrl, organization: "larkspoke" }).deadLetters()).length
