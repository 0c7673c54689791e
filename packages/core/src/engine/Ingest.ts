/**
 * From a plugin's events to the journal. Bytes go to the blob store, the sender to a contact, the thread to a lane; then
 * one durable accept. Everything before it may be repeated, so a redelivery does no harm.
 */
import { Context, Effect, Layer, Option, Schema } from "effect"
import type { Contact, Identity } from "../domain/Contact.ts"
import { type OrgId, SessionId, ThreadKey, type TicketId } from "../domain/Ids.ts"
import { StoreError } from "../errors/PortErrors.ts"
import { type ChannelEvent, type MessageEvent, type MessageSender } from "../plugin/ChannelEvent.ts"
import { Blobs } from "../ports/Blobs.ts"
import type { Consents } from "../ports/Consents.ts"
import { Contacts } from "../ports/Contacts.ts"
import { ConversationStore } from "../ports/ConversationStore.ts"
import type { DeliveryParts } from "../ports/DeliveryParts.ts"
import type { KeptSignal } from "../ports/SignalInbox.ts"
import { Threads } from "../ports/Threads.ts"
import { canonicalPhone } from "../text/canonicalPhone.ts"
import { readPart } from "../text/readPart.ts"
import { type Arriving, arrivingOf, begin } from "./arriving.ts"
import { Engine } from "./Engine.ts"
import type { OperatorCommandName } from "./LaneEvent.ts"
import { makeTurns } from "./inTurn.ts"
import { keepFile } from "./keepFile.ts"
import { Live } from "./Live.ts"
import { laneOf, sessionOfTicket } from "./lookups.ts"
import { asksForStatus } from "./machine/decide.ts"
import { type Organization, Organizations } from "./Organizations.ts"
import type { AccountRef, SignalResult } from "./refs.ts"
import { takeDelivery, takeHeard, takePart } from "./takeDelivery.ts"
import { laneEventOf, noteBeforehand, type ThreadEvent } from "./takeThreadEvent.ts"
import { SignPace } from "./SignPace.ts"
import { type ChatInput, takeChat } from "./takeChat.ts"
import { urgently } from "./Urgency.ts"

/** What a help desk webhook tells: a signal, the facts are read afterwards. */
export interface TicketSignalInput {
  readonly orgId: OrgId
  readonly ticketId: TicketId
  readonly externalId: string | null
  readonly statusHint: string | null
  /** Dedup key of this signal. */
  readonly signalKey: string
}

export class Ingest extends Context.Service<
  Ingest,
  {
    /** Takes in a plugin's events, in order. Returns when all are journaled. */
    events(account: AccountRef, events: ReadonlyArray<ChannelEvent>): Effect.Effect<void, StoreError>
    ticketSignal(signal: TicketSignalInput): Effect.Effect<SignalResult, StoreError>
    /** News of a live chat. `ignored`: it belongs to no session of ours. */
    chat(input: ChatInput): Effect.Effect<SignalResult, StoreError>
    /** An operator's command on a session; false when there is no such session. */
    command(input: {
      readonly orgId: OrgId
      readonly sessionId: SessionId
      readonly command: OperatorCommandName
      readonly by: string
      readonly commandKey: string
    }): Effect.Effect<boolean, StoreError>
  }
>()("@opencx/core/engine/Ingest") {
  static readonly layer = Layer.effect(
    Ingest,
    Effect.gen(function* () {
      const services = yield* Effect.context<Services>()
      const inTurn = makeTurns()
      const ticketSignal = signalTaker(yield* Engine, services)
      return Ingest.of({
        events: Effect.fn("Ingest.events")((account, events) =>
          Effect.provide(takeEvents(inTurn, account, events), services),
        ),
        ticketSignal: (signal) => urgently(ticketSignal(signal)),
        chat: Effect.fn("Ingest.chat")((input) => Effect.provide(takeChatInTurn(inTurn, input), services)),
        command: Effect.fn("Ingest.command")((input) => Effect.provide(takeCommand(input), services)),
      })
    }),
  ).pipe(Layer.provide([Live.layer, SignPace.layer]))
}

const sessionIdOption = Schema.decodeUnknownOption(SessionId)
const decodeSessionId = (text: string): SessionId | null => Option.getOrNull(sessionIdOption(text))

type Services =
  | Live
  | SignPace
  | Engine
  | Consents
  | DeliveryParts
  | Contacts
  | Threads
  | Blobs
  | ConversationStore
  | Organizations

const channelOf = (organization: Organization, account: AccountRef) => {
  const channel = organization.channels.get(account.accountId)
  return channel === undefined
    ? Effect.fail(
        new StoreError({
          operation: "Ingest.events",
          detail: `no channel account "${account.accountId}" is up; the provider should come again`,
        }),
      )
    : Effect.succeed(channel)
}

/**
 * The open human session of an authenticated sender that a new thread joins, so that the human's ticket gets it. Mails only:
 * where people talk live, a second call or browser is a conversation of its own, and shows only what is said in it.
 */
const joinable = Effect.fnUntraced(function* (
  organization: Organization,
  account: AccountRef,
  contact: Contact,
) {
  if (!organization.settings.handoff.sameSenderJoins) return null
  if ((yield* channelOf(organization, account)).bound.plugin.capabilities.handoff === "messaging") return null
  const store = yield* ConversationStore
  const open = yield* store.openSessionsOf(account.orgId, contact.id)
  return (
    open.find(
      (s) => s.accountId === account.accountId && (s.state === "human" || s.state === "handing_off"),
    ) ?? null
  )
})

/** A key that is too long for the store keeps its two ends; plugins promise at most 120 characters. */
const threadKeyOf = (key: string): ThreadKey =>
  ThreadKey.make(key.length <= 120 ? key : `${key.slice(0, 59)}…${key.slice(-60)}`)

const threadOf = Effect.fnUntraced(function* (
  organization: Organization,
  account: AccountRef,
  event: MessageEvent,
  contact: Contact,
) {
  const threads = yield* Threads
  const { thread } = event
  if (thread.signedKey !== null) {
    const signed = threadKeyOf(thread.signedKey)
    if (yield* threads.exists(account, signed)) return signed
  }
  const own = event.messageId === null ? [] : [event.messageId]
  const known = yield* threads.findByMessageIds(account, [...own, ...thread.references], thread.participant)
  if (known !== null) return known
  const fresh = threadKeyOf(thread.defaultKey)
  if (!event.sender.verified || (yield* threads.exists(account, fresh))) return fresh
  const session = event.automatic === null ? yield* joinable(organization, account, contact) : null
  return session?.threadKey ?? fresh
})

/** Providers spell one number in different ways; a person is found by one of them. */
const comparable = (identity: Identity): Identity =>
  identity.kind === "phone" ? { ...identity, value: canonicalPhone(identity.value) } : identity

const personOf = (
  { orgId }: AccountRef,
  { also = [], kind, name, value, verified }: MessageSender,
  locale: string | null,
) => ({
  orgId,
  identity: comparable({ kind, value, verified }),
  also: also.map(comparable),
  name,
  locale,
})

const takeMessage = Effect.fnUntraced(function* (
  account: AccountRef,
  organization: Organization,
  event: MessageEvent,
) {
  const channel = yield* channelOf(organization, account)
  const contacts = yield* Contacts
  const threads = yield* Threads
  const engine = yield* Engine
  const contact = yield* contacts.resolve(personOf(account, event.sender, event.locale))
  const threadKey = yield* threadOf(organization, account, event, contact)
  const blobs = yield* Blobs
  const rawBlobId = event.raw === null ? null : yield* blobs.put(account.orgId, event.raw)
  const attachments = yield* Effect.forEach(event.files, (file) => keepFile(account.orgId, file, file.bytes))
  // Before the journal: should it come again because the answer got lost, it must find the same thread, whatever has
  // become of the session meanwhile.
  yield* threads.record(account, threadKey, {
    messageIds: event.messageId === null ? [] : [event.messageId],
    participants: [event.thread.participant],
  })
  yield* engine.accept({
    lane: { ...account, channel: channel.bound.plugin.id, threadKey },
    eventKey: event.dedupKey,
    sessionId: null,
    event: {
      _tag: "CustomerMessage",
      contactId: contact.id,
      identified: event.sender.verified,
      ...readPart(event),
      attachments,
      messageId: event.messageId,
      rawBlobId,
      automatic: event.automatic,
      address: event.address,
      subject: event.subject,
      sentAt: event.sentAt,
      locale: event.locale,
      chat: event.chat ?? null,
    },
  })
})

/** The lane of a thread that has no message with it: the plugin's own key, or one that we signed. */
const takeThreadEvent = Effect.fnUntraced(function* (
  account: AccountRef,
  organization: Organization,
  event: ThreadEvent,
) {
  const channel = yield* channelOf(organization, account)
  const contact = yield* (yield* Contacts).resolve(personOf(account, event.sender, null))
  const threads = yield* Threads
  const { defaultKey, signedKey } = event.thread
  const known = signedKey !== null && (yield* threads.exists(account, threadKeyOf(signedKey)))
  const threadKey = threadKeyOf(known ? signedKey : defaultKey)
  yield* threads.record(account, threadKey, {
    messageIds: [],
    participants: [event.thread.participant],
  })
  yield* noteBeforehand(account, threadKey, event, contact.id)
  yield* (yield* Engine).accept({
    lane: { ...account, channel: channel.bound.plugin.id, threadKey },
    eventKey: event.dedupKey,
    sessionId: null,
    event: laneEventOf(event, contact.id),
  })
})

const takeEvent = (
  account: AccountRef,
  organization: Organization,
  event: ChannelEvent,
): Effect.Effect<void, StoreError, Services> => {
  switch (event._tag) {
    case "Message":
      return takeMessage(account, organization, event)
    case "Delivery":
      return Effect.andThen(takePart(account, event.part), takeDelivery(account, event))
    case "Heard":
      return takeHeard(account, event)
    case "IdentityChanged":
      return Effect.flatMap(Effect.service(Contacts), (contacts) =>
        contacts.moveIdentity(account.orgId, comparable(event.from), comparable(event.to)),
      )
    case "Ignored":
      return Effect.andThen(takePart(account, event.part), Effect.logInfo("An event was ignored", event.why))
    default:
      return takeThreadEvent(account, organization, event)
  }
}

type InTurn = ReturnType<typeof makeTurns>

const takeInTurn = (
  inTurn: InTurn,
  account: AccountRef,
  organization: Organization,
  { event, whole }: Arriving,
) => {
  // Files that are under way are not urgent.
  const taking = Effect.flatMap(whole, (it) => urgently(takeEvent(account, organization, it)))
  return "thread" in event
    ? inTurn(`${account.orgId}|${account.accountId}|${event.thread.defaultKey}`, taking)
    : taking
}

/** News of one chat in the order in which it came; that somebody types is no news. */
const takeChatInTurn = Effect.fnUntraced(function* (inTurn: InTurn, input: ChatInput) {
  if (input._tag === "HumanTyping") return yield* takeChat(input)
  const contents = input._tag === "Replied" && input.fetch !== undefined ? yield* begin(input.fetch) : null
  const taking = Effect.flatMap(contents ?? Effect.succeed({}), (known) =>
    urgently(takeChat({ ...input, ...known })),
  )
  return yield* inTurn(`${input.orgId}|chat|${input.chatId}`, taking)
})

const takeEvents = Effect.fnUntraced(function* (
  inTurn: InTurn,
  account: AccountRef,
  events: ReadonlyArray<ChannelEvent>,
) {
  const organizations = yield* Organizations
  const organization = yield* organizations
    .get(account.orgId)
    .pipe(Effect.mapError((error) => new StoreError({ operation: "Ingest.events", detail: error.message })))
  for (const arriving of yield* arrivingOf(events)) {
    yield* takeInTurn(inTurn, account, organization, arriving)
  }
})

/** Most tickets to remember as ours. */
const maxTickets = 50_000

/**
 * Keeps signals about tickets of ours. A ticket that was found to be ours once is not looked up again: that may be out of
 * date, so it is asked once more before the lane gets the signal.
 */
const signalTaker = (engine: Engine["Service"], services: Context.Context<Services>) => {
  const known = new Set<string>()
  const isOurs = Effect.fnUntraced(function* (
    key: string,
    ticket: Pick<KeptSignal, "orgId" | "ticketId" | "sessionId">,
  ) {
    if ((yield* sessionOfTicket(ticket)) === null) return false
    if (known.size >= maxTickets) known.clear()
    known.add(key)
    return true
  }, Effect.provide(services))
  return Effect.fn("Ingest.ticketSignal")(function* (signal: TicketSignalInput) {
    const { orgId, signalKey, statusHint, ticketId } = signal
    const sessionId = signal.externalId === null ? null : decodeSessionId(signal.externalId)
    const key = `${orgId}|${ticketId}`
    if (!known.has(key) && !(yield* isOurs(key, { orgId, ticketId, sessionId })))
      return "ignored" satisfies SignalResult
    yield* engine.acceptSignal({
      orgId,
      ticketId,
      sessionId,
      readStatus: asksForStatus(statusHint),
      signalKey,
    })
    return "accepted" satisfies SignalResult
  })
}

const takeCommand = Effect.fnUntraced(function* (input: {
  readonly orgId: OrgId
  readonly sessionId: SessionId
  readonly command: OperatorCommandName
  readonly by: string
  readonly commandKey: string
}) {
  const store = yield* ConversationStore
  const session = yield* store.session(input.orgId, input.sessionId)
  if (session === null) return false
  const engine = yield* Engine
  yield* engine.accept({
    lane: laneOf(session),
    eventKey: input.commandKey,
    sessionId: session.id,
    event: { _tag: "OperatorCommand", command: input.command, by: input.by },
  })
  return true
})
