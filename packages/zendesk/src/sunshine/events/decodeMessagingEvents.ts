/**
 * Reads a Sunshine webhook's body into typed events, item by item: one bad item never loses its siblings, a kind that we
 * do not know comes out as such.
 */
import { createHash } from "node:crypto"
import { MalformedInput } from "@opencx/core"
import { Clock, DateTime, Effect, Option, Result, Schema } from "effect"
import { jsonText } from "../../client/Json.ts"
import {
  ActivityPayload,
  Body,
  ControlPayload,
  DeliveryPayload,
  Head,
  MessagePayload,
  OtherPayload,
  PostbackPayload,
  UserMergePayload,
} from "../wire/EventWire.ts"

/** `id`: the same over redeliveries; `at`: epoch milliseconds by Zendesk's clock. */
interface Common {
  readonly id: string
  readonly type: string
  readonly at: number
}

export type ControlAction = "pass" | "release" | "offer" | "accept"

export type MessagingEvent =
  | (Common & { readonly _tag: "Message" } & typeof MessagePayload.Type)
  | (Common & { readonly _tag: "Activity" } & typeof ActivityPayload.Type)
  | (Common & { readonly _tag: "Postback" } & typeof PostbackPayload.Type)
  /** `stage`: with the channel, on the customer's device, or failed. */
  | (Common & {
      readonly _tag: "Delivery"
      readonly stage: "channel" | "user" | "failure"
    } & typeof DeliveryPayload.Type)
  | (Common & {
      readonly _tag: "Control"
      readonly action: ControlAction
      readonly failed: boolean
    } & typeof ControlPayload.Type)
  | (Common & { readonly _tag: "UserMerge" } & typeof UserMergePayload.Type)
  /** A kind that we know and that only tells who has the conversation. */
  | (Common & { readonly _tag: "Other" } & typeof OtherPayload.Type)
  /** A kind that is not in Zendesk's documents of 2026-06. */
  | (Common & { readonly _tag: "Unknown" } & typeof OtherPayload.Type)
  /** Could not be read. `detail` names fields, never values. */
  | (Common & { readonly _tag: "Unreadable"; readonly detail: string })

/** Zendesk's bodies hold several events of at most 100 kB each. */
export const maxMessagingBytes = 5_000_000

const others = new Set([
  "client:add",
  "client:remove",
  "client:update",
  "conversation:create",
  "conversation:join",
  "conversation:leave",
  "conversation:referral",
  "conversation:remove",
  "user:update",
  "user:remove",
])

const decodeBody = Schema.decodeUnknownResult(Schema.fromJsonString(Body))
const decodeHead = Schema.decodeUnknownResult(Head)

const timeOf = (text: string | null | undefined, fallback: number): number =>
  Option.match(DateTime.make(text ?? ""), { onNone: () => fallback, onSome: DateTime.toEpochMillis })

/** An event without an id is known by what it says: a redelivery says the same. */
const idOf = (id: string | null | undefined, item: unknown): string =>
  id === null || id === undefined || id === ""
    ? `sha256:${createHash("sha256").update(jsonText(item)).digest("hex").slice(0, 32)}`
    : id

const unreadable = (common: Common, error: Schema.SchemaError): MessagingEvent => ({
  ...common,
  _tag: "Unreadable",
  detail: error.message.replaceAll(/\s+/g, " ").slice(0, 300),
})

type Reader = (payload: unknown, common: Common) => MessagingEvent

const reader = <A>(
  schema: Schema.ConstraintDecoder<A>,
  make: (payload: A, common: Common) => MessagingEvent,
): Reader => {
  const decode = Schema.decodeUnknownResult(schema)
  return (payload, common) => {
    const read = decode(payload)
    return Result.isSuccess(read) ? make(read.success, common) : unreadable(common, read.failure)
  }
}

const message = reader(MessagePayload, (payload, common) => ({ ...common, ...payload, _tag: "Message" }))
const activity = reader(ActivityPayload, (payload, common) => ({ ...common, ...payload, _tag: "Activity" }))
const postback = reader(PostbackPayload, (payload, common) => ({ ...common, ...payload, _tag: "Postback" }))
const userMerge = reader(UserMergePayload, (payload, common) => ({
  ...common,
  ...payload,
  _tag: "UserMerge",
}))
const other = reader(OtherPayload, (payload, common) => ({ ...common, ...payload, _tag: "Other" }))
const unknown = reader(OtherPayload, (payload, common) => ({ ...common, ...payload, _tag: "Unknown" }))
const delivery = (stage: "channel" | "user" | "failure"): Reader =>
  reader(DeliveryPayload, (payload, common) => ({ ...common, ...payload, _tag: "Delivery", stage }))
const control = (action: ControlAction, failed: boolean): Reader =>
  reader(ControlPayload, (payload, common) => ({ ...common, ...payload, _tag: "Control", action, failed }))

const readers: Readonly<Record<string, Reader>> = {
  "conversation:message": message,
  "conversation:read": activity,
  "conversation:typing": activity,
  "conversation:postback": postback,
  "conversation:message:delivery:channel": delivery("channel"),
  "conversation:message:delivery:user": delivery("user"),
  "conversation:message:delivery:failure": delivery("failure"),
  "switchboard:passControl": control("pass", false),
  "switchboard:passControl:failure": control("pass", true),
  "switchboard:releaseControl": control("release", false),
  "switchboard:offerControl": control("offer", false),
  "switchboard:offerControl:failure": control("offer", true),
  "switchboard:acceptControl": control("accept", false),
  "switchboard:acceptControl:failure": control("accept", true),
  "user:merge": userMerge,
}

const readerOf = (type: string): Reader =>
  readers[type] ?? (others.has(type) || type.startsWith("passthrough:") ? other : unknown)

const decodeItem = (item: unknown, now: number): MessagingEvent => {
  const head = decodeHead(item)
  if (Result.isFailure(head)) return unreadable({ id: idOf(null, item), type: "", at: now }, head.failure)
  const { createdAt, id, payload, type } = head.success
  return readerOf(type)(payload ?? {}, { id: idOf(id, item), type, at: timeOf(createdAt, now) })
}

const hint =
  "Sunshine Conversations sends {app, webhook, events: […]}. Check that the sender is a Conversations webhook."

/**
 * Events of a raw body, in their order. Fails with `MalformedInput` only when the whole body is no such thing. Never throws
 * away an item: what cannot be read comes out as `Unreadable`.
 */
export const decodeMessagingEvents = Effect.fnUntraced(function* (rawBody: Uint8Array) {
  if (rawBody.byteLength > maxMessagingBytes) {
    const detail = `the body has ${rawBody.byteLength} bytes, more than ${maxMessagingBytes}`
    return yield* new MalformedInput({ detail, hint })
  }
  const body = decodeBody(new TextDecoder().decode(rawBody))
  if (Result.isFailure(body))
    return yield* new MalformedInput({ detail: "the body is no list of Sunshine events", hint })
  const now = yield* Clock.currentTimeMillis
  return body.success.events.map((item) => decodeItem(item, now))
})
