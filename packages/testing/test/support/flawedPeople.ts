/** Contacts, their sessions, and opt-outs with one flaw each: every suite here must fail. */
import {
  type Contact,
  ContactId,
  Consents,
  consentsMemory,
  Contacts,
  ConversationStore,
  DeliveryParts,
  deliveryPartsMemory,
  memoryStores,
  OrgId,
} from "@opencx/core"
import { Effect, Layer } from "effect"
import { describe } from "vitest"
import {
  consentsContract,
  contactsContract,
  conversationStoreContract,
  deliveryPartsContract,
} from "../../src/index.ts"

type People = Contacts["Service"]
type Conversations = ConversationStore["Service"]

const contacts = (flaw: string, change: (sound: People) => Partial<People>) =>
  describe(flaw, () =>
    contactsContract(
      "flawed",
      Layer.effect(
        Contacts,
        Contacts.use((sound) => Effect.succeed({ ...sound, ...change(sound) })),
      ).pipe(Layer.provideMerge(memoryStores)),
    ),
  )

const proven = <A extends { readonly verified: boolean }>(identity: A): A => ({ ...identity, verified: true })

contacts("trusts-claims", (sound) => ({
  resolve: (input) => sound.resolve({ ...input, identity: proven(input.identity) }),
}))
contacts("also-ignored", (sound) => ({
  resolve: ({ identity, locale, name, orgId }) => sound.resolve({ orgId, identity, name, locale }),
}))
contacts("also-decides", (sound) => ({
  resolve: (input) => {
    const [identity = input.identity, ...also] = [...(input.also ?? []), input.identity]
    return sound.resolve({ ...input, identity, also })
  },
}))
/** Takes addresses from others, by becoming one with them. */
contacts("takes-over", (sound) => ({
  addIdentity: (orgId, id, identity) =>
    Effect.gen(function* () {
      const other = yield* sound.resolve({ orgId, identity, name: null, locale: null })
      yield* sound.merge(orgId, id, other.id)
    }),
}))
contacts("claims-added-as-proof", (sound) => ({
  addIdentity: (orgId, id, identity) => sound.addIdentity(orgId, id, proven(identity)),
}))
contacts("keeps-old-address", (sound) => ({
  moveIdentity: (orgId, from, to) =>
    Effect.gen(function* () {
      const moved = yield* sound.moveIdentity(orgId, from, to)
      if (moved !== null) yield* sound.addIdentity(orgId, moved.id, from)
      return moved === null ? null : yield* sound.get(orgId, moved.id)
    }),
}))
contacts("merged-are-gone", (sound) => ({
  get: (orgId, id) =>
    Effect.map(sound.get(orgId, id), (found: Contact | null) => (found?.id === id ? found : null)),
}))
contacts("merges-nothing", () => ({ merge: () => Effect.void }))

const conversations = (flaw: string, change: (sound: Conversations) => Partial<Conversations>) => {
  const flawed = Layer.effect(
    ConversationStore,
    ConversationStore.use((sound) => Effect.succeed({ ...sound, ...change(sound) })),
  ).pipe(Layer.provideMerge(memoryStores))
  describe(flaw, () => {
    conversationStoreContract("flawed", flawed)
    contactsContract("flawed", flawed)
  })
}

/** All sessions of the store, oldest first. */
const oldestFirst = (sound: Conversations, orgId: OrgId) =>
  Effect.map(sound.sessions(orgId, { limit: 999 }), (all) =>
    [...all].sort((a, b) => a.createdAt - b.createdAt),
  )

conversations("oldest-chat", (sound) => ({
  sessionByChat: (orgId, chatId) =>
    Effect.map(
      oldestFirst(sound, orgId),
      (all) => all.find((one) => one.chat?.conversationId === chatId) ?? null,
    ),
}))
conversations("chats-everywhere", (sound) => ({
  sessionByChat: (orgId, chatId) =>
    Effect.gen(function* () {
      const here = yield* sound.sessionByChat(orgId, chatId)
      return here ?? (yield* oldestFirst(sound, orgId))[0] ?? null
    }),
}))
conversations("lane-backwards", (sound) => ({
  sessionsOfLane: (lane, limit) => Effect.map(sound.sessionsOfLane(lane, limit), (all) => all.toReversed()),
}))
conversations("lane-from-the-start", (sound) => ({
  sessionsOfLane: (lane, limit) => Effect.map(sound.sessionsOfLane(lane, 999), (all) => all.slice(0, limit)),
}))
conversations("watches-chats", (sound) => ({
  watched: (orgId) =>
    Effect.map(oldestFirst(sound, orgId), (all) => all.filter((one) => one.state !== "closed")),
}))
conversations("merged-sessions-lost", (sound) => ({
  openSessionsOf: (orgId, contactId) =>
    Effect.map(sound.openSessionsOf(orgId, contactId), (all) =>
      all.filter((one) => one.contactId === ContactId.make(contactId)),
    ),
}))

const consents = (flaw: string, change: (sound: Consents["Service"]) => Partial<Consents["Service"]>) =>
  describe(flaw, () =>
    consentsContract(
      "flawed",
      Layer.effect(
        Consents,
        Consents.use((sound) => Effect.succeed({ ...sound, ...change(sound) })),
      ).pipe(Layer.provide(consentsMemory)),
    ),
  )

let now = 0
const everywhere = OrgId.make("everywhere")

consents("last-come-decides", (sound) => ({
  record: (scope, thread, decision) => sound.record(scope, thread, { ...decision, at: now++ }),
}))
consents("forgets-consent", (sound) => ({
  record: (scope, thread, decision) =>
    decision.optedOut ? sound.record(scope, thread, decision) : Effect.void,
}))
consents("consents-shared", (sound) => ({
  record: (scope, thread, decision) => sound.record({ ...scope, orgId: everywhere }, thread, decision),
  decision: (scope, thread) => sound.decision({ ...scope, orgId: everywhere }, thread),
}))

const parts = (
  flaw: string,
  change: (sound: DeliveryParts["Service"]) => Partial<DeliveryParts["Service"]>,
) =>
  describe(flaw, () =>
    deliveryPartsContract(
      "flawed",
      Layer.effect(
        DeliveryParts,
        DeliveryParts.use((sound) => Effect.succeed({ ...sound, ...change(sound) })),
      ).pipe(Layer.provide(deliveryPartsMemory)),
    ),
  )

parts("begins-anew", (sound) => ({
  begin: (delivery, name, at) =>
    Effect.andThen(sound.notSent(delivery, name), sound.begin(delivery, name, at)),
}))
parts("reports-bring-back", (sound) => ({
  sent: (delivery, name, providerId) =>
    Effect.andThen(sound.begin(delivery, name, 0), sound.sent(delivery, name, providerId)),
}))
parts("parts-shared", (sound) => ({
  isTaken: (_, providerId) => sound.isTaken(everywhere, providerId),
  known: (delivery) => sound.known({ ...delivery, orgId: everywhere }),
  begin: (delivery, name, at) => sound.begin({ ...delivery, orgId: everywhere }, name, at),
  sent: (delivery, name, providerId) => sound.sent({ ...delivery, orgId: everywhere }, name, providerId),
}))
