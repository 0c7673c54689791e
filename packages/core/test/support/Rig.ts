/** The whole engine in one process: real lanes and queues of effect/cluster, stores in memory, a scripted outside world. */
import { Clock, Context, Effect, Layer, References, Schema } from "effect"
import {
  MessageStorage,
  RunnerHealth,
  Runners,
  RunnerStorage,
  Sharding,
  ShardingConfig,
} from "effect/cluster"
import {
  type ChannelEvent,
  AssistReconciler,
  Bookmarks,
  ChatReconciler,
  Contacts,
  Conversations,
  ConversationStore,
  defaultEngineOptions,
  definePlugin,
  DeliveryParts,
  Engine,
  type EngineOptions,
  Ingest,
  type InMemoryChat,
  type InMemoryDesk,
  InMemoryPeople,
  MemoryChat,
  MemoryDesk,
  memoryIdentityMerge,
  memoryMessaging,
  type MessageEvent,
  memoryStores,
  memoryTicketing,
  Organizations,
  type OutboundMessage,
  type OutboundThread,
  RetryPolicy,
  type RetryPolicyValues,
  type Sender,
  SendFailure,
  type Session,
  SignalInbox,
  type TicketId,
} from "../../src/index.ts"
import { FakeAgent } from "./FakeAgent.ts"
import { lane, orgId, settings, type SettingsInput } from "./fixtures.ts"

interface Journal {
  driver: MessageStorage.MemoryDriver["Service"] | null
}

/** In-memory cluster as `TestRunner` builds it, but looking for due messages more often, and with its journal in view. */
const cluster = (journal: Journal) =>
  Layer.effectDiscard(
    Effect.map(MessageStorage.MemoryDriver, (driver) => void (journal.driver = driver)),
  ).pipe(
    Layer.provideMerge(Sharding.layer),
    Layer.provideMerge(Runners.layerNoop),
    Layer.provideMerge(MessageStorage.layerMemory),
    Layer.provide([RunnerStorage.layerMemory, RunnerHealth.layerNoop]),
    Layer.provide(ShardingConfig.layer({ entityMessagePollInterval: "50 millis" })),
  )

/** Messages that are due and not handled to their end. */
const due = ({ driver }: Journal, now: number): number => {
  if (driver === null) return 0
  return [...driver.unprocessed].filter((envelope) => {
    const deliverAt = envelope._tag === "Request" ? driver.requests.get(envelope.requestId)?.deliverAt : null
    return (deliverAt ?? 0) <= now
  }).length
}

const fast: RetryPolicyValues = {
  tries: 3,
  withinMs: 60_000,
  baseMs: 2,
  maxMs: 5,
  storeMs: 5,
  confirmMs: 40,
  lookMs: 10,
}

type Send = (message: OutboundMessage) => Effect.Effect<void, SendFailure>

const plugin = (
  {
    faults,
    sent,
    threads,
    typings,
  }: Pick<Rig, "sent" | "threads" | "typings"> & { readonly faults: Array<Send> },
  handoff: "ticket" | "messaging",
) =>
  definePlugin({
    id: lane.channel,
    title: "Test mail",
    capabilities: {
      handoff,
      channelTag: "email",
      textLimit: null,
      markup: "markdown",
      media: { inbound: true, outbound: true, maxBytes: 1000 },
      receipts: true,
      typing: true,
      replyWindowMinutes: null,
      optOutWords: [],
    },
    identity: ["email"],
    settings: Schema.Struct({}),
    inbound: {},
    outbound: {
      open: () =>
        Effect.succeed<Sender>({
          send: (message, thread) =>
            Effect.suspend(() => faults.shift()?.(message) ?? Effect.void).pipe(
              Effect.andThen(
                Effect.sync(() => {
                  sent.push(message)
                  threads.push(thread)
                  return { providerId: `p${sent.length}`, messageId: null }
                }),
              ),
            ),
          typing: ({ address }) => Effect.sync(() => void typings.push(address)),
        }),
    },
  })

export interface RigOptions {
  readonly handoff?: NonNullable<SettingsInput["handoff"]>
  /** Other settings of the organization. */
  readonly settings?: Partial<Omit<SettingsInput, "handoff">>
  readonly retry?: Partial<RetryPolicyValues>
  readonly engine?: EngineOptions
  /** `chat`: the channel hands over by live chat. `unconnected`: it would, but none is connected. */
  readonly path?: "ticket" | "chat" | "unconnected"
  /** Puts something between the engine and its inbox of signals. */
  readonly inbox?: (inbox: SignalInbox["Service"]) => SignalInbox["Service"]
}

/** Everything that a test can reach. */
export interface Rig {
  readonly desk: InMemoryDesk
  readonly chat: InMemoryChat
  readonly people: InMemoryPeople
  readonly conversations: Conversations["Service"]
  readonly chats: ChatReconciler["Service"]
  readonly assists: AssistReconciler["Service"]
  readonly bookmarks: Bookmarks["Service"]
  readonly contacts: Contacts["Service"]
  readonly agent: FakeAgent
  readonly sent: Array<OutboundMessage>
  /** Where each of `sent` went. */
  readonly threads: Array<OutboundThread>
  /** Addresses at which somebody was shown to be writing. */
  readonly typings: Array<string>
  /** The next sends meet these, one each. */
  readonly sendFaults: Array<Send>
  readonly store: ConversationStore["Service"]
  readonly parts: DeliveryParts["Service"]
  readonly engine: Engine["Service"]
  readonly ingest: Ingest["Service"]
  readonly signals: SignalInbox["Service"]
  readonly organizations: Organizations["Service"]
  /** As when somebody changes them: the organization is another one from now on. */
  readonly changeSettings: () => void
  readonly journal: Journal
}

export const makeRig = Effect.fnUntraced(function* ({
  engine = defaultEngineOptions,
  handoff = {},
  path = "ticket",
  inbox = (real) => real,
  retry = {},
  settings: other = {},
}: RigOptions = {}) {
  const journal: Journal = { driver: null }
  const desk = yield* MemoryDesk.make
  const chat = yield* MemoryChat.make
  const people = new InMemoryPeople()
  const agent = new FakeAgent()
  const sent: Array<OutboundMessage> = []
  const threads: Array<OutboundThread> = []
  const typings: Array<string> = []
  const sendFaults: Array<Send> = []
  const signer = { sign: () => "", open: () => null }
  const bound = yield* plugin(
    { sent, threads, typings, faults: sendFaults },
    path === "ticket" ? "ticket" : "messaging",
  )
    .bind({
      orgId,
      accountId: lane.accountId,
      organizationName: "Acme",
      settings: {},
      signer,
      hookUrl: "https://us.example/hooks/email/t",
      publicUrl: "https://us.example",
    })
    .pipe(Effect.orDie)
  const sender = yield* bound.open
  const organization = {
    settings: settings({ ...other, handoff }),
    agent: agent.service,
    ticketing: memoryTicketing(desk),
    messaging: path === "chat" ? memoryMessaging(chat) : null,
    identityMerge: path === "chat" ? memoryIdentityMerge(people) : null,
    channels: new Map([[lane.accountId, { bound, sender }]]),
  }
  const standing = { organization }
  const now = () => Organizations.fixed([standing.organization], "https://us.example")
  const organizations = Organizations.of({
    ...now(),
    all: Effect.suspend(() => now().all),
    get: (id) => Effect.suspend(() => now().get(id)),
  })
  const layer = Layer.mergeAll(ChatReconciler.layer, AssistReconciler.layer, Conversations.layer).pipe(
    Layer.provideMerge(Ingest.layer),
    Layer.provideMerge(Engine.layer(cluster(journal), engine)),
    Layer.provideMerge(Layer.effect(SignalInbox, Effect.map(SignalInbox, inbox))),
    Layer.provideMerge(memoryStores),
    Layer.provide(Layer.succeed(Organizations, organizations)),
    Layer.provide(Layer.succeed(RetryPolicy, { ...fast, ...retry })),
    // Failures are what these tests are about: set to "Debug" to see them told.
    Layer.provide(Layer.succeed(References.MinimumLogLevel, "Fatal")),
  )
  const context = yield* Layer.build(layer)
  const rig: Rig = {
    journal,
    organizations,
    changeSettings: () => void (standing.organization = { ...standing.organization }),
    desk,
    chat,
    people,
    conversations: Context.get(context, Conversations),
    chats: Context.get(context, ChatReconciler),
    assists: Context.get(context, AssistReconciler),
    bookmarks: Context.get(context, Bookmarks),
    contacts: Context.get(context, Contacts),
    agent,
    sent,
    threads,
    typings,
    sendFaults,
    store: Context.get(context, ConversationStore),
    parts: Context.get(context, DeliveryParts),
    engine: Context.get(context, Engine),
    ingest: Context.get(context, Ingest),
    signals: Context.get(context, SignalInbox),
  }
  return rig
})

let counter = 0

export const mail = (text: string, change: Partial<MessageEvent> = {}): MessageEvent => {
  counter += 1
  return {
    _tag: "Message",
    dedupKey: `mail-${counter}`,
    sender: { kind: "email", value: "eve@customer.example", verified: true, name: "Eve" },
    thread: { defaultKey: "thread-1", signedKey: null, references: [], participant: "eve@customer.example" },
    address: `{"to":"eve@customer.example"}`,
    subject: "Parcel",
    text,
    fullText: null,
    files: [],
    messageId: null,
    raw: null,
    sentAt: Date.now(),
    locale: null,
    automatic: null,
    ...change,
  }
}

export const write = (rig: Rig, ...events: ReadonlyArray<ChannelEvent>) =>
  rig.ingest.events({ orgId, accountId: lane.accountId }, events)

export const signal = (
  rig: Rig,
  ticket: { readonly id: TicketId; readonly externalId: string | null },
  statusHint: string | null,
  signalKey?: string,
) => {
  counter += 1
  return rig.ingest.ticketSignal({
    orgId,
    ticketId: ticket.id,
    externalId: ticket.externalId,
    statusHint,
    signalKey: signalKey ?? `signal-${counter}`,
  })
}

/** Waits until something is so. The limit only ends a test that has failed. */
export const until = Effect.fnUntraced(function* (
  what: string,
  condition: () => Effect.Effect<boolean, unknown> | boolean,
) {
  const limit = (yield* Clock.currentTimeMillis) + 15_000
  while (true) {
    const now = condition()
    if (typeof now === "boolean" ? now : yield* Effect.orDie(now)) return
    if ((yield* Clock.currentTimeMillis) > limit)
      return yield* Effect.die(new Error(`never happened: ${what}`))
    yield* Effect.sleep(5)
  }
})

/** Everything that was journaled is done (timers that are not due aside), and every signal was handed on. */
export const settled = (rig: Rig) =>
  until("the engine comes to rest", () =>
    Effect.zipWith(
      rig.signals.waiting(1),
      Clock.currentTimeMillis,
      (signals, now) => signals.length === 0 && due(rig.journal, now) === 0,
    ),
  )

export const onlySession = Effect.fnUntraced(function* (rig: Rig) {
  const [session, ...more] = yield* rig.store.sessions(orgId, { limit: 10 })
  if (session === undefined || more.length > 0)
    return yield* Effect.die(new Error(`${more.length + 1} sessions, not one`))
  return session satisfies Session
})

export const tagsOf = (rig: Rig, session: Session) =>
  Effect.map(rig.store.timeline(session.orgId, session.id), (entries) => entries.map((e) => e.body._tag))

export const texts = (rig: Rig): ReadonlyArray<string> => rig.sent.map((m) => m.text)
