/** A small runtime: hooks and the plugin's routes on one loopback port, a journal, and what a caller may see of it. */
import { createServer } from "node:http"
import { NodeHttpServer } from "@effect/platform-node"
import {
  type Accept,
  AccountId,
  type ChannelEvent,
  type ConversationView,
  CustomerText,
  DeliveryId,
  type LiveEvent,
  OrgId,
  type OutboundMessage,
  type Sender,
  StoreError,
  type ThreadState,
} from "@opencx/core"
import { deliveryBook, sampleMessage, testSigner } from "@opencx/testing"
import { Effect, Layer, PubSub, type Scope, Stream } from "effect"
import { HttpRouter, HttpServerResponse } from "effect/http"
import { makePhonePlugin } from "../../src/index.ts"
import { accountSid, authToken, twilio } from "./settings.ts"
import { type FakeRelay, startFakeRelay } from "./fakes.ts"

export const hookPath = "/hooks/phone/token"

/** What the plugin has handed over, in order, each key once: as the engine's journal does. */
export class Journal {
  readonly events: Array<ChannelEvent> = []
  /** How many of the next writes fail. */
  failing = 0
  private readonly keys = new Set<string>()

  add(events: ReadonlyArray<ChannelEvent>): void {
    for (const event of events) {
      if (this.keys.has(event.dedupKey)) continue
      this.keys.add(event.dedupKey)
      this.events.push(event)
    }
  }

  of<Tag extends ChannelEvent["_tag"]>(tag: Tag) {
    return this.events.filter((e): e is Extract<ChannelEvent, { readonly _tag: Tag }> => e._tag === tag)
  }
}

/** Polls until `look` is not null; at most ten seconds. */
export const until = <A>(what: string, look: () => A | null): Effect.Effect<A> =>
  Effect.gen(function* () {
    for (let i = 0; i < 1_000; i++) {
      const found = look()
      if (found !== null) return found
      yield* Effect.sleep(10)
    }
    return yield* Effect.die(`waited in vain for: ${what}`)
  })

/** Where a conversation stands, set by the test. */
export class Conversation {
  state: ThreadState["state"] = "ai"
  readonly changes = Effect.runSync(PubSub.unbounded<LiveEvent>())

  readonly view: ConversationView = {
    lines: () => Effect.succeed([]),
    state: () => Effect.sync(() => ({ state: this.state, humanName: null })),
    deliveries: () => Effect.succeed(new Map()),
    changes: () => Stream.fromPubSub(this.changes),
  }

  move(state: ThreadState["state"]) {
    return Effect.sync(() => {
      this.state = state
    }).pipe(Effect.andThen(PubSub.publish(this.changes, { _tag: "Changed" })))
  }

  publish(event: LiveEvent) {
    return PubSub.publish(this.changes, event)
  }
}

const ids = { orgId: OrgId.make("contract"), accountId: AccountId.make("account") }

/** The engine's journal, as a plugin sees it. */
export const acceptInto =
  (journal: Journal): Accept =>
  (_account, events) =>
    Effect.suspend(() => {
      if (journal.failing > 0) {
        journal.failing -= 1
        return Effect.fail(new StoreError({ operation: "accept", detail: "the disk is full" }))
      }
      journal.add(events)
      return Effect.void
    })

const listening = (server: ReturnType<typeof createServer>) =>
  Effect.callback<number>((resume) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : 0))
    })
  })

/** A free port of this machine. */
const freePort = Effect.gen(function* () {
  const server = createServer()
  const port = yield* listening(server)
  yield* Effect.callback<void>((resume) => void server.close(() => resume(Effect.void)))
  return port
})

export interface WorldOptions {
  readonly settings?: unknown
  readonly plugin?: ReturnType<typeof makePhonePlugin>
  readonly journal?: Journal
  readonly conversation?: Conversation
  /** The store's memory of what was texted; of a world that was there before: a restart. */
  readonly book?: ReturnType<typeof deliveryBook>
  /** Keep the port of a world that was there before: a restart. */
  readonly port?: number
}

/** Starts a runtime with one account; ends with the scope. */
export const startWorld = Effect.fnUntraced(function* (options: WorldOptions = {}) {
  const plugin = options.plugin ?? makePhonePlugin()
  const journal = options.journal ?? new Journal()
  const conversation = options.conversation ?? new Conversation()
  const port = options.port ?? (yield* freePort)
  const publicUrl = `http://127.0.0.1:${port}`
  const account = {
    ...ids,
    organizationName: "Acme & Söhne",
    settings: options.settings ?? twilio(),
    hookUrl: `${publicUrl}${hookPath}`,
    publicUrl,
    signer: testSigner,
  }
  const bound = yield* Effect.orDie(plugin.bind(account))
  const accept = acceptInto(journal)
  const hook = HttpRouter.add("POST", hookPath, (request) =>
    Effect.gen(function* () {
      const raw = {
        method: request.method,
        url: publicUrl + request.originalUrl.replace(/^https?:\/\/[^/]+/, ""),
        headers: request.headers,
        body: new Uint8Array(yield* Effect.orDie(request.arrayBuffer)),
        remoteAddress: null,
      }
      const events = yield* bound.receive?.(raw) ?? Effect.die("takes no webhooks")
      yield* accept(account, events)
      const { body, contentType, status } = bound.answer(raw)
      return HttpServerResponse.text(body, { status, contentType })
    }).pipe(
      Effect.catchTags({
        SignatureRejected: () => Effect.succeed(HttpServerResponse.empty({ status: 401 })),
        MalformedInput: () => Effect.succeed(HttpServerResponse.empty({ status: 400 })),
        StoreError: () => Effect.succeed(HttpServerResponse.empty({ status: 503 })),
      }),
    ),
  )
  const own =
    plugin.routes === null
      ? Layer.empty
      : yield* Effect.orDie(plugin.routes({ accounts: [account], accept, conversations: conversation.view }))
  const prefixed = Layer.effect(
    HttpRouter.HttpRouter,
    Effect.map(HttpRouter.HttpRouter, (router) => router.prefixed("/phone")),
  )
  const routes = Layer.mergeAll(hook, Layer.provide(own, prefixed))
  yield* Layer.build(
    HttpRouter.serve(routes, { disableListenLog: true, disableLogger: true }).pipe(
      Layer.provide(
        NodeHttpServer.layer(() => createServer(), {
          host: "127.0.0.1",
          port,
          gracefulShutdownTimeout: "50 millis",
        }),
      ),
    ),
  ).pipe(Effect.orDie)
  const opened = yield* bound.open
  const book = options.book ?? deliveryBook()
  const sender: Sender = {
    ...opened,
    send: (message, thread) => opened.send({ ...message, progress: book(message.deliveryId) }, thread),
  }
  return {
    book,
    plugin,
    bound,
    journal,
    conversation,
    sender,
    port,
    publicUrl,
    hookUrl: account.hookUrl,
    account,
  }
})

/** The phone network; ends with the scope. */
export const startNetwork: Effect.Effect<FakeRelay, never, Scope.Scope> = Effect.acquireRelease(
  Effect.promise(() => startFakeRelay({ accountSid, authToken })),
  (relay) => Effect.promise(() => relay.close()),
)

let deliveries = 1_000

/** A message on its way out, with a delivery id of its own. */
export const outgoing = (text: string, over: Partial<OutboundMessage> = {}): OutboundMessage => {
  deliveries += 1
  return sampleMessage({
    deliveryId: DeliveryId.make(`00000000-0000-4000-8000-${deliveries.toString(16).padStart(12, "0")}`),
    text: CustomerText.make(text),
    ...over,
  })
}
