/** What a customer does besides writing: asks for a human, lets them go, rates, leaves an address, reads. */
import { type ChannelEvent, DeliveryId } from "@opencx/core"
import { Effect, Schema } from "effect"
import { threadRef, type Visitor } from "../identity/visitor.ts"
import { type Call, visitorFor } from "./access.ts"
import { done, json } from "./answers.ts"
import { jsonBody } from "./body.ts"
import { Refusal } from "./Refusal.ts"

/** The browser's own id of what it does: the same one again has no further effect. */
const id = Schema.String.check(Schema.isUUID())

const threadEvent = (visitor: Visitor, dedupKey: string, at: number) => ({
  dedupKey: `${visitor.thread.defaultKey}-${dedupKey}`,
  sender: visitor.sender,
  thread: visitor.thread,
  address: visitor.address,
  at,
})

const accept = (call: Call, events: ReadonlyArray<ChannelEvent>) =>
  events.length === 0 ? Effect.void : call.site.accept(call.site.account, events)

const pressBody = jsonBody(Schema.Struct({ id }))

/** `POST /human`: the customer wants a human. */
export const postHuman = Effect.fnUntraced(function* (call: Call) {
  const visitor = yield* visitorFor(call)
  const body = yield* pressBody(call.request)
  yield* accept(call, [{ _tag: "HumanWanted", ...threadEvent(visitor, `human-${body.id}`, call.now) }])
  return json({ id: body.id }, 202)
})

/** `POST /dismiss`: the customer goes back to the assistant. */
export const postDismiss = Effect.fnUntraced(function* (call: Call) {
  const visitor = yield* visitorFor(call)
  const body = yield* pressBody(call.request)
  yield* accept(call, [{ _tag: "HumanDismissed", ...threadEvent(visitor, `dismiss-${body.id}`, call.now) }])
  return json({ id: body.id }, 202)
})

const comment = Schema.optionalKey(Schema.NullOr(Schema.String.check(Schema.isMaxLength(2_000))))

const rateBody = jsonBody(
  Schema.Union([
    Schema.Struct({
      id,
      kind: Schema.Literal("answer"),
      lineId: DeliveryId,
      score: Schema.Literals([0, 1]),
      comment,
    }),
    Schema.Struct({
      id,
      kind: Schema.Literal("conversation"),
      score: Schema.Literals([1, 2, 3, 4, 5]),
      comment,
    }),
  ]),
)

/** Ids of what was said to the customer in this thread: nobody rates or reads what is not theirs. */
const ownLines = Effect.fnUntraced(function* (call: Call, visitor: Visitor) {
  const ref = threadRef(call.site.account, visitor)
  const ids = new Set<string>()
  let after: string | null = null
  for (;;) {
    const lines: ReadonlyArray<{ readonly cursor: string; readonly id: string; readonly author: string }> =
      yield* call.site.view.lines(ref, after, 500)
    for (const line of lines) if (line.author !== "customer") ids.add(line.id)
    after = lines.at(-1)?.cursor ?? after
    if (lines.length < 500) return ids
  }
})

/** `POST /rate`: thumbs on an answer, or one to five on the conversation. */
export const postRate = Effect.fnUntraced(function* (call: Call) {
  const visitor = yield* visitorFor(call)
  const body = yield* rateBody(call.request)
  const deliveryId = body.kind === "answer" ? body.lineId : null
  if (deliveryId !== null && !(yield* ownLines(call, visitor)).has(deliveryId)) {
    return yield* new Refusal({
      status: 404,
      code: "unknown_line",
      detail: "There is no such answer in this conversation.",
    })
  }
  yield* accept(call, [
    {
      _tag: "Rated",
      ...threadEvent(visitor, `rate-${body.id}`, call.now),
      kind: body.kind,
      score: body.score,
      comment: body.comment ?? null,
      deliveryId,
    },
  ])
  return json({ id: body.id }, 202)
})

const contactBody = jsonBody(
  Schema.Struct({
    id,
    email: Schema.String.check(
      Schema.isPattern(/^[^\s@<>,;:"()[\]\\]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/, {
        expected: "an e-mail address",
      }),
      Schema.isMaxLength(320),
    ),
    name: Schema.optionalKey(Schema.NullOr(Schema.String.check(Schema.isMaxLength(200)))),
  }),
)

/** `POST /contact`: where to write when nobody is there. Not verified. */
export const postContact = Effect.fnUntraced(function* (call: Call) {
  const visitor = yield* visitorFor(call)
  const body = yield* contactBody(call.request)
  yield* accept(call, [
    {
      _tag: "ContactDetails",
      ...threadEvent(visitor, `contact-${body.id}`, call.now),
      email: body.email,
      name: body.name ?? null,
    },
  ])
  return json({ id: body.id }, 202)
})

const lineIds = Schema.Array(Schema.String.check(Schema.isMaxLength(100))).check(Schema.isMaxLength(200))
const readBody = jsonBody(
  Schema.Struct({ delivered: Schema.optionalKey(lineIds), read: Schema.optionalKey(lineIds) }),
)

const isDelivery = Schema.is(DeliveryId)

/** `POST /read`: what has arrived in the browser, and what was seen. */
export const postRead = Effect.fnUntraced(function* (call: Call) {
  const visitor = yield* visitorFor(call)
  const { delivered = [], read = [] } = yield* readBody(call.request)
  const known = yield* call.site.view.deliveries(threadRef(call.site.account, visitor))
  const news = [
    ...delivered.map((lineId) => ({ lineId, status: "delivered" as const })),
    ...read.map((lineId) => ({ lineId, status: "read" as const })),
  ].filter(({ lineId, status }) => {
    const now = known.get(lineId)
    return now !== "read" && now !== status
  })
  const own = news.every(({ lineId }) => known.has(lineId)) ? known : yield* ownLines(call, visitor)
  yield* accept(
    call,
    news
      .filter(({ lineId }) => own.has(lineId) && isDelivery(lineId))
      .map(({ lineId, status }) => ({
        _tag: "Delivery",
        dedupKey: `${status}-${lineId}`,
        deliveryId: DeliveryId.make(lineId),
        status,
        explanation: null,
        at: call.now,
      })),
  )
  return done
})

/**
 * `POST /typing`: taken and counted, and no more. Zendesk has no way to show it: Sunshine's activities know a customer's
 * `conversation:read` only (OpenAPI document 17.12.1).
 */
export const postTyping = Effect.fnUntraced(function* (call: Call) {
  yield* visitorFor(call)
  return done
})
