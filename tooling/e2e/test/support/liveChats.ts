/** Live chats as the emulated Agent Workspace holds them, and the human who works there. */
import { Schema } from "effect"
import { assert } from "vitest"
import { eventually, pause } from "./customers.ts"
import { eventuallyAsked, operatorOf } from "./operator.ts"
import type { ChatSite } from "./world.ts"

const Message = Schema.Struct({
  id: Schema.String,
  author: Schema.Struct({ type: Schema.String, displayName: Schema.optionalKey(Schema.String) }),
  content: Schema.Struct({
    type: Schema.String,
    text: Schema.optionalKey(Schema.String),
    mediaUrl: Schema.optionalKey(Schema.String),
  }),
  source: Schema.Struct({ type: Schema.String }),
  metadata: Schema.optionalKey(Schema.NullOr(Schema.Record(Schema.String, Schema.Unknown))),
})
type Message = typeof Message.Type

const Ticket = Schema.Struct({ id: Schema.Int, status: Schema.String, tags: Schema.Array(Schema.String) })

const Chat = Schema.Struct({
  conversation: Schema.Struct({
    id: Schema.String,
    metadata: Schema.optionalKey(Schema.NullOr(Schema.Record(Schema.String, Schema.Unknown))),
  }),
  user: Schema.NullOr(Schema.Struct({ id: Schema.String, externalId: Schema.optionalKey(Schema.String) })),
  control: Schema.Struct({ active: Schema.NullOr(Schema.String), pending: Schema.NullOr(Schema.String) }),
  ticket: Schema.NullOr(Ticket),
  messages: Schema.Array(Message),
})
/** One conversation: who has it, its ticket, and every message since it began. */
export type LiveChat = typeof Chat.Type

const decodeChat = Schema.decodeUnknownSync(Chat)

export const humans = "zd-agentWorkspace"

/** Conversations that a human got, newest change first. */
export const chatsIn = (site: ChatSite): ReadonlyArray<LiveChat> =>
  site.emulator.sunshine.chats().map((chat) => decodeChat(chat))

/** The same chat as it is now. */
export const chatNow = (site: ChatSite, { conversation }: Pick<LiveChat, "conversation">): LiveChat =>
  decodeChat(site.emulator.sunshine.chat(conversation.id))

export const wordsOf = (message: Message): string => message.content.text ?? ""

/** How many messages of a chat hold these words; the brief at its top, which quotes the customer, is not counted. */
export const timesIn = (chat: LiveChat, words: string): number =>
  chat.messages.filter((message) => {
    const isBrief = wordsOf(message).includes("View session in OpenCX")
    return !isBrief && wordsOf(message).includes(words)
  }).length

/** Chats in which these words were said. */
export const chatsSaying = (site: ChatSite, words: string): ReadonlyArray<LiveChat> =>
  chatsIn(site).filter((chat) => timesIn(chat, words) > 0)

/** Waits for a chat with these words; `withHumans`: and until the humans have it. */
export const chatSaying = (site: ChatSite, words: string, withHumans = true, seconds = 30) =>
  eventually(
    `a live chat with "${words}"${withHumans ? " that the humans have" : ""}`,
    () => chatsSaying(site, words).find(({ control }) => !withHumans || control.active === humans),
    seconds,
  )

/** Waits until the chat holds these words. */
export const saidIn = (site: ChatSite, chat: Pick<LiveChat, "conversation">, words: string, seconds = 30) =>
  eventually(
    `"${words}" in the chat`,
    () => (timesIn(chatNow(site, chat), words) > 0 ? chatNow(site, chat) : null),
    seconds,
  )

/** The human acts: `reply`, `note`, `solve`, `close`, … `more`: as the emulator's README has it. */
export const humanDoes = (
  site: ChatSite,
  chat: Pick<LiveChat, "conversation">,
  action: string,
  body?: string,
  more: object = {},
): void => {
  const said = body === undefined ? {} : { body }
  site.emulator.sunshine.agent(chat.conversation.id, { action, ...said, ...more })
}

export interface ExpectedLine {
  readonly by: "customer" | "ai" | "system" | "human"
  readonly words: string
}

/** Who a message is by, as the humans see it. Of ours the marker says what they see; others speak by their source. */
const authorOf = ({ author, metadata, source }: Message): string => {
  const ours = metadata?.["opencx_author"]
  if (typeof ours === "string") {
    const seenAs = ours === "customer" ? "user" : "business"
    return author.type === seenAs ? ours : `${ours} shown as ${author.type}`
  }
  if (author.type === "user") return "customer"
  return source.type === "zd:agentWorkspace" ? "human" : author.type
}

/** The chat holds exactly these messages, in this order, each by its author. Activities (type, ticket closed) do not count. */
export const assertLines = (chat: LiveChat, expected: ReadonlyArray<ExpectedLine>): void => {
  const lines = chat.messages.filter(({ content }) => content.type === "text")
  const seen = lines.map((message) => `${authorOf(message)}: ${wordsOf(message)}`)
  assert.strictEqual(lines.length, expected.length, `messages of the chat:\n${seen.join("\n")}`)
  expected.forEach(({ by, words }, index) => {
    assert.isTrue(
      seen[index]?.startsWith(`${by}: `) === true && seen[index]?.includes(words) === true,
      `message ${index + 1} is by ${by} and says "${words}":\n${seen[index]}`,
    )
  })
}

export interface HandedOver {
  readonly channel: string
  /** More tags than a handoff always has. */
  readonly tags?: ReadonlyArray<string>
}

/** What a chat of ours carries when the humans have it: control both ways, our keys, the tags. Answers with the session's id. */
export const assertHandedOver = (
  site: ChatSite,
  chat: LiveChat,
  { channel, tags = [] }: HandedOver,
): string => {
  assert.strictEqual(chat.control.active, humans)
  const metadata = chat.conversation.metadata ?? {}
  const own = Object.keys(metadata).filter((key) => key.startsWith("opencx_"))
  assert.deepStrictEqual(own.sort(), ["opencx_contact_id", "opencx_org_id", "opencx_session_id"])
  assert.strictEqual(metadata["opencx_org_id"], site.organization)
  assert.strictEqual(metadata["opencx_contact_id"], chat.user?.externalId)
  const wanted = ["opencx", "opencx_autopilot", "opencx_handedoff", `opencx_channel_${channel}`, ...tags]
  const got = chat.ticket?.tags ?? []
  for (const tag of wanted) assert.include(got, tag)
  assert.isTrue(got.some((tag) => tag.startsWith("opencx_sentiment_")))
  return String(metadata["opencx_session_id"])
}

/** The newest session that has an entry which `matches`; asked of the operator's pages. */
export const sessionWith = async (
  site: ChatSite,
  matches: (body: Readonly<Record<string, unknown>>) => boolean,
): Promise<string | null> => {
  for (const { id } of await operatorOf(site).sessions()) {
    const { entries } = await operatorOf(site).session(id)
    if (entries.some(({ body }) => matches(body))) return id
  }
  return null
}

/** Entries of one kind on a session's timeline, oldest first. */
export const entriesOf = async (site: ChatSite, sessionId: string, tag: string) =>
  (await operatorOf(site).session(sessionId)).entries
    .map(({ body }) => body)
    .filter((body) => body["_tag"] === tag)

/** Dead letters of one session. */
export const deadLettersOf = async (site: ChatSite, sessionId: string) =>
  (await operatorOf(site).deadLetters()).filter((letter) => letter.session === sessionId)

/** An operator lets a dead letter run again. */
export const replay = async (site: ChatSite, id: string): Promise<void> => {
  assert.strictEqual(await operatorOf(site).replay(id), 202)
}

/**
 * Waits until nothing is under way after something came twice. A duplicate of what is done counts as waiting until the
 * watchdog has looked, seconds later; so what counts here is that no handler runs and no work is pending, time and again.
 */
export const afterDoubles = (site: ChatSite): Promise<true> =>
  eventuallyAsked("the runtime at rest after doubles", async () => {
    for (let look = 0; look < 4; look += 1) {
      const text = await operatorOf(site).metrics()
      const busy = ["work_pending", "handlers_running"].some(
        (name) => !new RegExp(`^opencx_${name}(?:\\{[^}]*\\})? 0$`, "m").test(text),
      )
      if (busy || site.emulator.counts().pendingDeliveries > 0) return false
      await pause(80)
    }
    return true
  })

/** A signed webhook URL, such as that of `sms account text`. */
export const hookOf = (site: Pick<ChatSite, "hooks">, what: string): string => {
  const found = site.hooks.find((hook) => hook.what === what)
  if (found === undefined) throw new Error(`the site has no webhook of ${what}`)
  return found.url
}

/** A webhook's URL with its token changed in one character. */
export const spoiled = (url: string): string => url.slice(0, -1) + (url.endsWith("a") ? "b" : "a")

export const lastCall = (site: ChatSite): number => site.emulator.calls().at(-1)?.n ?? 0

/** Calls to Sunshine since then, as `POST /conversations/…/messages`: ids are left out. */
export const sunshineCalls = (site: ChatSite, since: number) =>
  site.emulator
    .calls(since)
    .filter(({ path }) => path.startsWith("/sc/"))
    .map((call) => ({
      ...call,
      short: `${call.method} ${call.path.replace(/^\/sc\/v2\/apps\/[^/]+/, "").replace(/[0-9a-f]{24}/g, ":id")}`,
    }))
