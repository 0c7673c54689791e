/** Customers of the real-time channels, each on a device of their own: what they write and what they get. */
import { siteKey } from "@opencx/runtime"
import { Schema } from "effect"
import { randomUUID } from "node:crypto"
import { eventuallyAsked } from "./operator.ts"
import type { ChatSite } from "./world.ts"

export interface Person {
  readonly id: string
  /** Resolves when the message was taken. */
  readonly writes: (words: string) => Promise<void>
  /** What the shop has said on this device, oldest first. */
  readonly heard: () => Promise<ReadonlyArray<string>>
}

export const timesHeard = async (person: Person, words: string): Promise<number> =>
  (await person.heard()).filter((text) => text.includes(words)).length

/** Waits until the shop has said these words to this person; answers with the whole message. */
export const hears = (person: Person, words: string, seconds = 30): Promise<string> =>
  eventuallyAsked(
    `"${words}" on the device of ${person.id}`,
    async () => (await person.heard()).find((text) => text.includes(words)),
    seconds,
  )

export const texter = (site: ChatSite, number: string): Person => ({
  id: number,
  writes: async (words) => {
    const status = await site.realTime.people.text(number, words)
    if (status !== 200) throw new Error(`the webhook of "${words}" was answered with ${status}`)
  },
  heard: async () =>
    site.realTime.people.texts(number).flatMap(({ from, text }) => (from === "shop" ? [text] : [])),
})

export const whatsapper = (site: ChatSite, phone: string): Person => ({
  id: phone,
  writes: (words) => site.realTime.people.whatsapp(phone, words),
  heard: async () =>
    site.realTime.people.whatsapps(phone).flatMap(({ from, text }) => (from === "shop" ? [text] : [])),
})

/** Somebody on a channel that Zendesk owns. */
export const nativeWriter = (
  site: ChatSite,
  channel: "messenger" | "whatsapp" | "instagram" | "web",
  from: string,
): Person => ({
  id: `${channel} ${from}`,
  writes: async (words) => {
    site.emulator.sunshine.customerWrites({ channel, from, name: `Sam ${from}`, text: words })
  },
  heard: async () =>
    site.emulator.sunshine
      .channelDeliveries()
      .filter((one) => one.kind === "message" && one.state === "delivered" && one.channel === channel)
      .filter((one) => one.to === from || one.to === from.replace(/^\+/, ""))
      .map(({ text }) => text),
})

export interface Caller extends Person {
  readonly hangUp: () => void
}

export const caller = async (site: ChatSite, number: string): Promise<Caller> => {
  const call = await site.realTime.people.call(number)
  return {
    id: number,
    writes: async (words) => call.say(words),
    heard: async () => [call.speech],
    hangUp: () => call.hangUp(),
  }
}

const Session = Schema.Struct({ token: Schema.String })
const File = Schema.Struct({ fileName: Schema.String, url: Schema.String })
const Line = Schema.Struct({
  id: Schema.String,
  author: Schema.String,
  text: Schema.String,
  sources: Schema.Array(Schema.Struct({ title: Schema.String })),
  files: Schema.Array(File),
})
const Page = Schema.Struct({
  lines: Schema.Array(Line),
  state: Schema.String,
  statuses: Schema.Record(Schema.String, Schema.String),
})
export type WidgetLine = typeof Line.Type

export interface Visitor extends Person {
  readonly token: string
  readonly page: () => Promise<typeof Page.Type>
  readonly line: (what: string, matches: (line: WidgetLine) => boolean) => Promise<WidgetLine>
  /** Calls the widget's server as the browser does; answers with the HTTP status. */
  readonly posts: (path: string, body: object) => Promise<number>
  /** Sends a message with a file. */
  readonly sends: (words: string, file: SentFile) => Promise<number>
}

interface SentFile {
  readonly name: string
  readonly type: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** A visitor of the shop's page, speaking the widget's HTTP as its browser part does. */
export const visitor = async (site: ChatSite): Promise<Visitor> => {
  const url = (path: string) => `${site.runtimeUrl}/widget${path}?site=${siteKey}`
  const origin = { origin: site.runtimeUrl }
  const started = await fetch(url("/session"), {
    method: "POST",
    headers: { ...origin, "content-type": "application/json" },
    body: "{}",
  })
  const { token } = Schema.decodeUnknownSync(Session)(await started.json())
  const mine = { ...origin, authorization: `Bearer ${token}` }
  const post = async (path: string, body: string | FormData, more: Readonly<Record<string, string>> = {}) => {
    const answer = await fetch(url(path), { method: "POST", headers: { ...mine, ...more }, body })
    await answer.arrayBuffer()
    return answer.status
  }
  const posts = (path: string, body: object) =>
    post(path, JSON.stringify(body), { "content-type": "application/json" })
  const page = async () => {
    const answer = await fetch(url("/lines"), { headers: mine })
    return Schema.decodeUnknownSync(Page)(await answer.json())
  }
  return {
    id: "a visitor",
    token,
    page,
    posts,
    writes: async (words) => {
      const status = await posts("/messages", { id: randomUUID(), text: words })
      if (status !== 202) throw new Error(`"${words}" was answered with ${status}`)
    },
    sends: (words, file) => {
      const form = new FormData()
      form.set("message", JSON.stringify({ id: randomUUID(), text: words }))
      form.append("file", new Blob([file.bytes], { type: file.type }), file.name)
      return post("/messages", form)
    },
    heard: async () =>
      (await page()).lines.flatMap(({ author, text }) => (author === "customer" ? [] : [text])),
    line: (what, matches) => eventuallyAsked(what, async () => (await page()).lines.find(matches), 30),
  }
}

/** The Help Center knows this, and any word more would make the AI less sure. */
export const question = "How do I reset my password?"
export const answer = "password"

export const told = "passed your message to a colleague"

/** A picture of one pixel. */
export const pixel = new Uint8Array(
  Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
    "base64",
  ),
)

/** A file as the human in the Agent Workspace attaches it. */
export const attached = (fileName: string, contentType: string, bytes: Uint8Array) => ({
  file_name: fileName,
  content_type: contentType,
  content_base64: Buffer.from(bytes).toString("base64"),
})

/** What is at a public URL. */
export const bytesAt = async (url: string): Promise<Uint8Array> => {
  const answer = await fetch(url)
  if (answer.status !== 200) throw new Error(`GET ${url} was answered with ${answer.status}`)
  return new Uint8Array(await answer.arrayBuffer())
}
