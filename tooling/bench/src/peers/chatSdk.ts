/**
 * Contestant: the `chat` SDK with its Twilio and WhatsApp adapters and its state in memory. A process of its own.
 * Set up as favourably as its options allow: overlapping messages are queued, none is dropped, and a failure of the
 * program is answered with 500, so that the provider hears of it.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { pathToFileURL } from "node:url"
import { answerTo } from "./behaviour.ts"
import { entryOf } from "./install.ts"
import { endWithParent, sayReady, setupOf } from "./setup.ts"

interface Message {
  readonly text: string
}
interface Thread {
  post(text: string): Promise<unknown>
}
type OnMessage = (
  thread: Thread,
  message: Message,
  channel: unknown,
  context?: { readonly skipped: ReadonlyArray<Message> },
) => Promise<void>
interface WebhookOptions {
  readonly waitUntil: (task: Promise<unknown>) => void
  readonly propagateHandlerErrors: boolean
}
type Webhook = (request: Request, options: WebhookOptions) => Promise<Response>
interface Bot {
  readonly webhooks: Readonly<Record<string, Webhook>>
  onDirectMessage(handler: OnMessage): void
  onMessageUpdated(handler: () => Promise<void>): void
  onMessageDeleted(handler: () => Promise<void>): void
  onReaction(handler: () => Promise<void>): void
  onAction(handler: () => Promise<void>): void
  initialize(): Promise<void>
}
interface Sdk {
  readonly Chat: new (config: object) => Bot
  readonly createTwilioAdapter: (config: object) => object
  readonly createWhatsAppAdapter: (config: object) => object
  readonly createMemoryState: () => object
}

const parts = ["Chat", "createTwilioAdapter", "createWhatsAppAdapter", "createMemoryState"]
const isSdk = (value: unknown): value is Sdk =>
  typeof value === "object" && value !== null && parts.every((name) => name in value)

const silent = {
  child: () => silent,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

/** What the program was told beside customers' messages. */
let told = 0
const isTold = (): Promise<void> => {
  told += 1
  return Promise.resolve()
}

const start = async (dir: string, own: string): Promise<Bot> => {
  const loaded: unknown = await import(pathToFileURL(entryOf(dir)).href)
  if (!isSdk(loaded)) throw new Error(`${dir} does not hold the chat SDK`)
  const { meta, twilio } = setup
  const bot = new loaded.Chat({
    userName: "bench",
    concurrency: { strategy: "queue", maxQueueSize: 1000 },
    // The Twilio adapter's own choice is one lock for everybody who writes to a number.
    lockScope: "thread",
    state: loaded.createMemoryState(),
    logger: silent,
    adapters: {
      twilio: loaded.createTwilioAdapter({
        accountSid: twilio.accountSid,
        authToken: twilio.authToken,
        phoneNumber: twilio.number,
        apiUrl: twilio.url,
        statusCallbackUrl: `${own}/twilio`,
        logger: silent,
      }),
      whatsapp: loaded.createWhatsAppAdapter({
        accessToken: meta.accessToken,
        appSecret: meta.appSecret,
        phoneNumberId: meta.phoneNumberId,
        verifyToken: meta.verifyToken,
        apiUrl: meta.url,
        logger: silent,
      }),
    },
  })
  bot.onDirectMessage(async (thread, message, _channel, context) => {
    const texts = [...(context?.skipped ?? []), message].map(({ text }) => text)
    await thread.post(await answerTo(texts))
  })
  bot.onMessageUpdated(isTold)
  bot.onMessageDeleted(isTold)
  bot.onReaction(isTold)
  bot.onAction(isTold)
  await bot.initialize()
  return bot
}

const bodyOf = async (incoming: IncomingMessage): Promise<Buffer<ArrayBuffer>> => {
  const chunks: Array<Buffer> = []
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

const headersOf = (incoming: IncomingMessage): Headers => {
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) headers.set(name, String(value))
  return headers
}

/** One webhook: handed to the SDK, and answered when the program is through with it. */
const handled = async (bot: Bot, own: string, incoming: IncomingMessage): Promise<Response> => {
  const webhook = bot.webhooks[(incoming.url ?? "").slice(1)]
  if (webhook === undefined) return Response.json({ told })
  const request = new Request(own + incoming.url, {
    method: "POST",
    headers: headersOf(incoming),
    body: await bodyOf(incoming),
  })
  const tasks: Array<Promise<unknown>> = []
  const answer = await webhook(request, {
    waitUntil: (task) => void tasks.push(task),
    propagateHandlerErrors: true,
  })
  const ended = await Promise.allSettled(tasks)
  return ended.some(({ status }) => status === "rejected") ? new Response(null, { status: 500 }) : answer
}

const answerWith = async (response: Response, out: ServerResponse): Promise<void> => {
  const body = Buffer.from(await response.arrayBuffer())
  out.writeHead(response.status, Object.fromEntries(response.headers))
  out.end(body)
}

const serve = (own: string, bot: Bot) => async (incoming: IncomingMessage, out: ServerResponse) => {
  await answerWith(await handled(bot, own, incoming), out)
}

const setup = setupOf(process.argv[2])
endWithParent()
const server = createServer()
await new Promise<void>((resolve) => {
  server.listen(0, "127.0.0.1", resolve)
})
const address = server.address()
const own = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`
const take = serve(own, await start(setup.packages, own))
server.on("request", (incoming, out) => {
  take(incoming, out).catch(() => out.destroy())
})
sayReady({ sms: `${own}/twilio`, whatsapp: `${own}/whatsapp`, told: `${own}/told` })
