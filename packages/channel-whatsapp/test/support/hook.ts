/** A runtime in small: the webhook over real HTTP, with everything that it yields kept. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import {
  AccountId,
  type BoundChannel,
  type ChannelEvent,
  type ChannelPlugin,
  fetched,
  OrgId,
  type Sender,
} from "@opencx/core"
import { deliveryBook, testSigner } from "@opencx/testing"
import { Effect, Exit } from "effect"

export interface Hook {
  readonly url: string
  readonly events: Array<ChannelEvent>
  /** The store's memory of what was sent; it outlives plugins. */
  readonly book: ReturnType<typeof deliveryBook>
  /** Answers of this status instead, as while the journal is down. */
  readonly state: { failing: number; bound: BoundChannel | null }
}

/** Opens a hook; bind a plugin to its URL with `bindTo`. */
export const openHook = Effect.acquireRelease(
  Effect.promise(async () => {
    const events: Array<ChannelEvent> = []
    const state: Hook["state"] = { failing: 0, bound: null }
    const book = deliveryBook()
    /** What the engine does with news of parts. */
    const report = (event: ChannelEvent) => {
      const part = event._tag === "Delivery" || event._tag === "Ignored" ? event.part : undefined
      if (part === undefined) return Effect.void
      const { deliveryId, name, providerId } = part
      return providerId === null ? book(deliveryId).notSent(name) : book(deliveryId).sent(name, providerId)
    }
    const server = createServer((incoming, response) => {
      const chunks: Array<Buffer> = []
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk))
      incoming.on("end", () => {
        const raw = {
          method: incoming.method ?? "GET",
          url: `${base()}${incoming.url}`,
          headers: Object.fromEntries(
            Object.entries(incoming.headers).map(([k, v]) => [k, Array.isArray(v) ? v.join(",") : (v ?? "")]),
          ),
          body: new Uint8Array(Buffer.concat(chunks)),
          remoteAddress: "127.0.0.1",
        }
        const bound = state.bound
        if (bound === null || bound.receive === null || state.failing > 0) {
          state.failing = Math.max(0, state.failing - 1)
          response.writeHead(503).end()
          return
        }
        if (raw.method === "GET") {
          const answer = bound.handshake?.(raw) ?? { status: 405, contentType: "text/plain", body: "" }
          response.writeHead(answer.status, { "content-type": answer.contentType }).end(answer.body)
          return
        }
        void Effect.runPromiseExit(Effect.flatMap(bound.receive(raw), Effect.forEach(fetched))).then(
          (exit) => {
            if (Exit.isFailure(exit)) return response.writeHead(401).end()
            for (const event of exit.value) Effect.runSync(report(event))
            events.push(...exit.value)
            const answer = bound.answer(raw)
            return response.writeHead(answer.status, { "content-type": answer.contentType }).end(answer.body)
          },
        )
      })
    })
    const base = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve)
    })
    return { url: `${base()}/hooks/whatsapp/token`, events, state, book, server }
  }),
  ({ server }) =>
    Effect.promise(async () => {
      server.closeAllConnections()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
    }),
)

/** Binds and opens the account that the hook serves. */
export const bindTo = Effect.fnUntraced(function* (hook: Hook, plugin: ChannelPlugin, settings: unknown) {
  const bound = yield* plugin.bind({
    orgId: OrgId.make("acme"),
    accountId: AccountId.make("wa"),
    organizationName: "Acme",
    settings,
    hookUrl: hook.url,
    publicUrl: new URL(hook.url).origin,
    signer: testSigner,
  })
  hook.state.bound = bound
  const opened = yield* bound.open
  const sender: Sender = {
    ...opened,
    send: (message, to) => opened.send({ ...message, progress: hook.book(message.deliveryId) }, to),
  }
  return sender
})
