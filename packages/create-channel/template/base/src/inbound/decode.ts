/** A webhook's bytes → channel events, item by item: what cannot be read is ignored by name, and costs no other item. */
import { createHash } from "node:crypto"
import {
  type Account,
  type ChannelEvent,
  type IgnoredEvent,
  MalformedInput,
  type MessageSender,
  type RawRequest,
} from "@opencx/core"
import { Effect, Option, Schema } from "effect"
import { writeAddress } from "../address.ts"
import { explainFailure } from "../outbound/explain.ts"
import { nameOf, readReference } from "../outbound/Reference.ts"
import type { Settings } from "../settings.ts"
import { Delivery, Head, MessageCreated, MessageStatus } from "../wire.ts"
import { consentOf } from "./consent.ts"
import { takeMedia } from "./media.ts"

const readDelivery = Schema.decodeUnknownEffect(Delivery)
const readHead = Schema.decodeUnknownOption(Head)
const readMessage = Schema.decodeUnknownOption(MessageCreated)
const readStatus = Schema.decodeUnknownOption(MessageStatus)

const ignored = (dedupKey: string, why: string): IgnoredEvent => ({ _tag: "Ignored", dedupKey, why })

const senderOf = ({ from }: MessageCreated["message"]): MessageSender => ({
  kind: "external",
  value: from.id,
  // The provider logs its users in, so that an id is proof of a person.
  verified: true,
  name: from.name ?? null,
  ...(from.phone ? { also: [{ kind: "phone", value: from.phone, verified: true }] } : {}),
})

/** The item alone: the rest of the body may be about other people. */
const rawOf = (item: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(item) ?? "")

const messageEvent = Effect.fnUntraced(function* (
  { created_at, message }: MessageCreated,
  settings: Settings,
  raw: Uint8Array,
) {
  const text = (message.text ?? "").replaceAll("\u0000", "").trim()
  const common = {
    // By the message, not by the event: the provider may report one message in two events.
    dedupKey: `message:${message.id}`,
    sender: senderOf(message),
    thread: {
      defaultKey: message.conversation_id,
      signedKey: null,
      references: [],
      participant: message.from.id,
    },
    address: writeAddress({ conversation: message.conversation_id }),
    messageId: message.id,
  }
  const consent = consentOf(text)
  if (consent !== null) {
    const event: ChannelEvent = {
      _tag: "OptOut",
      ...common,
      optedOut: consent === "out",
      text,
      at: created_at,
    }
    return event
  }
  const { files, notes } = yield* takeMedia(message.media ?? [], settings)
  const event: ChannelEvent = {
    _tag: "Message",
    ...common,
    subject: null,
    text: [text, ...notes].filter((line) => line !== "").join("\n"),
    fullText: null,
    files,
    raw,
    sentAt: created_at,
    locale: message.locale ?? null,
    automatic: message.automatic === true ? "it is an automatic reply" : null,
  }
  return event
})

/** A long text is several messages: it has arrived when the last has, and has failed when any has. */
const statusEvent = ({ created_at, status }: MessageStatus): ChannelEvent => {
  const dedupKey = `status:${status.message_id}:${status.state}`
  const reference = readReference(status.client_reference ?? "")
  if (reference === null) return ignored(dedupKey, "a status of a message that was not sent by us")
  const { deliveryId, of, part } = reference
  const failed = status.state === "failed"
  // It clears up a doubt: whatever became of the part, the provider had it.
  const report = { deliveryId, name: nameOf(reference), providerId: status.message_id }
  if (!failed && part < of)
    return { ...ignored(dedupKey, `part ${part} of ${of}: ${status.state}`), part: report }
  const explanation = failed ? explainFailure(status.error?.code ?? null) : null
  return {
    _tag: "Delivery",
    dedupKey,
    deliveryId,
    status: status.state,
    explanation,
    at: created_at,
    part: report,
  }
}

const itemEvent = (item: unknown, settings: Settings): Effect.Effect<ChannelEvent> => {
  const head = Option.getOrNull(readHead(item))
  if (head === null) {
    const key = createHash("sha256").update(rawOf(item)).digest("hex")
    return Effect.succeed(ignored(`unreadable:${key}`, "an item without type and id"))
  }
  const unreadable = () => ignored(`event:${head.id}`, `a ${head.type} that cannot be read`)
  switch (head.type) {
    case "message.created":
      return Option.match(readMessage(item), {
        onNone: () => Effect.succeed<ChannelEvent>(unreadable()),
        onSome: (message) => messageEvent(message, settings, rawOf(item)),
      })
    case "message.status":
      return Effect.succeed(Option.match(readStatus(item), { onNone: unreadable, onSome: statusEvent }))
    default:
      return Effect.succeed(ignored(`event:${head.id}`, `nothing to do for ${head.type.slice(0, 60)}`))
  }
}

export const decode = Effect.fnUntraced(function* (request: RawRequest, { settings }: Account<Settings>) {
  const { events } = yield* readDelivery(new TextDecoder().decode(request.body)).pipe(
    Effect.mapError(
      (error) =>
        new MalformedInput({
          detail: error.message,
          hint: "The body must be JSON with a list `events`; look at the provider's webhook version.",
        }),
    ),
  )
  return yield* Effect.forEach(events, (item) => itemEvent(item, settings))
})
