/** Twilio's news about a text message that we sent: `?event=sms` on the hook URL. */
import {
  type ChannelEvent,
  DeliveryId,
  type DeliveryStatus,
  MalformedInput,
  type PartReport,
} from "@opencx/core"
import { Effect, Option, Schema } from "effect"
import { firstOf } from "../twilio/calls.ts"
import type { HookQuery } from "../twilio/links.ts"
import type { Params } from "../twilio/signature.ts"
import { explainCode } from "./refusals.ts"

const Status = Schema.Struct({
  MessageSid: Schema.NonEmptyString,
  MessageStatus: Schema.String,
  ErrorCode: Schema.optionalKey(Schema.String),
})
const decodeStatus = Schema.decodeUnknownEffect(Status)
const decodeDelivery = Schema.decodeUnknownOption(DeliveryId)

const statuses: Readonly<Record<string, typeof DeliveryStatus.Type>> = {
  sent: "sent",
  delivered: "delivered",
  read: "read",
  undelivered: "failed",
  failed: "failed",
}

/**
 * Of several parts only the last one reports success; a failure of any part counts. `at`: epoch milliseconds of the request.
 */
export const decodeReceipt = Effect.fnUntraced(function* (params: Params, query: HookQuery, at: number) {
  const status = yield* decodeStatus(firstOf(params)).pipe(
    Effect.mapError(
      (error) =>
        new MalformedInput({
          detail: error.message.slice(0, 300),
          hint: "this URL takes Twilio's message status callbacks",
        }),
    ),
  )
  const dedupKey = `sms:${status.MessageSid}:${status.MessageStatus}`
  const deliveryId = Option.getOrNull(decodeDelivery(query.get("delivery")))
  const known = statuses[status.MessageStatus]
  const counts = known === "failed" || query.get("part") === "last"
  const name = query.get("name")
  // Whatever became of it: Twilio had it, and sending it again would make two of it.
  const reported =
    deliveryId === null || name === null
      ? {}
      : { part: { deliveryId, name, providerId: status.MessageSid } satisfies PartReport }
  const event: ChannelEvent =
    deliveryId === null || known === undefined || !counts
      ? {
          _tag: "Ignored",
          dedupKey,
          why: `text message is ${status.MessageStatus.slice(0, 40)}`,
          ...reported,
        }
      : {
          _tag: "Delivery",
          dedupKey,
          deliveryId,
          status: known,
          explanation:
            known === "failed"
              ? `The call had ended, and the reply could not be texted: ${explainCode(Number(status.ErrorCode) || null)}.`
              : null,
          at,
          ...reported,
        }
  return event
})
