/** A runtime in small: a server on loopback that hands webhooks to a plugin, as the real one does. */
import { createServer } from "node:http"
import {
  AccountId,
  type BoundChannel,
  type ChannelEvent,
  type ChannelPlugin,
  CustomerText,
  DeliveryId,
  fetched,
  OrgId,
  type OutboundMessage,
  type OutboundThread,
  type RawRequest,
  type Sender,
} from "@opencx/core"
import { deliveryBook, sampleMessage, testSigner } from "@opencx/testing"
import { Effect, Result } from "effect"
import { customer, ours, type SignedHook } from "./fakes.ts"

export const toRequest = (hook: Pick<SignedHook, "url" | "headers" | "body">): RawRequest => ({
  method: "POST",
  url: hook.url,
  headers: hook.headers,
  body: new TextEncoder().encode(hook.body),
  remoteAddress: "203.0.113.9",
})

export interface Host {
  readonly bound: BoundChannel
  /** Sends with the memory of the host's store. */
  readonly sender: Sender
  readonly hookUrl: string
  /** Everything that was taken, in order. */
  readonly events: Array<ChannelEvent>
  /** How many further webhooks are answered with this status before anything else. */
  readonly trouble: { status: number; times: number }
}

const bind = (plugin: ChannelPlugin, settings: unknown, origin: string) =>
  plugin.bind({
    orgId: OrgId.make("acme"),
    accountId: AccountId.make("sms"),
    organizationName: "Acme",
    settings,
    hookUrl: `${origin}/hooks/sms/acme.sms.token`,
    publicUrl: origin,
    signer: testSigner,
  })

/** What the engine does with news of parts. */
const report = Effect.fnUntraced(function* (book: Book, event: ChannelEvent) {
  if (event._tag !== "Delivery" && event._tag !== "Ignored") return
  const { part } = event
  if (part === undefined) return
  const progress = book(part.deliveryId)
  yield* part.providerId === null ? progress.notSent(part.name) : progress.sent(part.name, part.providerId)
})

type Book = ReturnType<typeof deliveryBook>

/** Starts a host for one account, until the scope closes. Hosts with the same book stand over the same store. */
export const startHost = (plugin: ChannelPlugin, settings: unknown, book: Book = deliveryBook()) =>
  Effect.gen(function* () {
    const events: Array<ChannelEvent> = []
    const trouble = { status: 503, times: 0 }
    const run = Effect.runPromiseWith(yield* Effect.context<never>())
    let bound: BoundChannel | null = null
    const take = async (request: RawRequest): Promise<readonly [number, string, string]> => {
      if (trouble.times > 0) {
        trouble.times--
        return [trouble.status, "application/json", "{}"]
      }
      if (bound === null || bound.receive === null) return [500, "text/plain", "not bound"]
      const result = await run(Effect.result(Effect.flatMap(bound.receive(request), Effect.forEach(fetched))))
      if (Result.isFailure(result)) {
        const status = result.failure._tag === "SignatureRejected" ? 401 : 400
        return [status, "application/json", JSON.stringify({ detail: result.failure.detail })]
      }
      for (const event of result.success) await run(report(book, event))
      events.push(...result.success)
      const { body, contentType, status } = bound.answer(request)
      return [status, contentType, body]
    }
    let origin = ""
    const server = createServer((request, response) => {
      const chunks: Array<Buffer> = []
      request.on("data", (chunk: Buffer) => chunks.push(chunk))
      request.on("end", () => {
        const headers = Object.fromEntries(Object.entries(request.headers).map(([k, v]) => [k, String(v)]))
        take({
          method: request.method ?? "POST",
          url: origin + (request.url ?? ""),
          headers,
          body: Buffer.concat(chunks),
          remoteAddress: "127.0.0.1",
        })
          .then(([status, type, body]) => response.writeHead(status, { "content-type": type }).end(body))
          .catch(() => response.destroy())
      })
    })
    yield* Effect.acquireRelease(
      Effect.promise(
        () =>
          new Promise<void>((resolve) => {
            server.listen(0, "127.0.0.1", () => resolve())
          }),
      ),
      () =>
        Effect.promise(
          () =>
            new Promise<void>((resolve) => {
              server.close(() => resolve())
              server.closeAllConnections()
            }),
        ),
    )
    const address = server.address()
    origin = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`
    bound = yield* bind(plugin, settings, origin)
    const { send } = yield* bound.open
    const sender: Sender = {
      send: (message, thread) => send({ ...message, progress: book(message.deliveryId) }, thread),
    }
    const host: Host = { bound, sender, hookUrl: `${origin}/hooks/sms/acme.sms.token`, events, trouble }
    return host
  })

export const replyAddress = (to = customer, from = ours): string => JSON.stringify({ to, from })

export const threadOf = (over: Partial<OutboundThread> = {}): OutboundThread => ({
  key: "thread-1",
  address: replyAddress(),
  lastInboundAt: Date.now(),
  ...over,
})

export const saying = (text: string, over: Partial<OutboundMessage> = {}): OutboundMessage =>
  sampleMessage({ text: CustomerText.make(text), ...over })

/** The only event of a kind; fails the test when there is none. */
export const only = <T extends ChannelEvent["_tag"]>(
  events: ReadonlyArray<ChannelEvent>,
  tag: T,
): Extract<ChannelEvent, { readonly _tag: T }> => {
  const isTag = (e: ChannelEvent): e is Extract<ChannelEvent, { readonly _tag: T }> => e._tag === tag
  const found = events.filter(isTag)
  const [first] = found
  if (first === undefined || found.length !== 1)
    throw new Error(`${found.length} ${tag} in ${events.map((e) => e._tag).join()}`)
  return first
}

export const deliveryId = (n: number): DeliveryId =>
  DeliveryId.make(`00000000-0000-4000-8000-${n.toString(16).padStart(12, "0")}`)
