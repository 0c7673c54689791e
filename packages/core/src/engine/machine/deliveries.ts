/** What became of messages on their way to the customer. */
import type { Outcome } from "../../domain/Work.ts"
import type { LaneEvent } from "../LaneEvent.ts"
import type { Draft } from "./Draft.ts"
import { humansCanRead, note } from "./steps.ts"

type Delivered = Extract<Outcome, { _tag: "Delivered" }>
type DeliveryReport = Extract<LaneEvent, { _tag: "DeliveryReport" }>

const failed = (
  draft: Draft,
  deliveryId: DeliveryReport["deliveryId"],
  explanation: string,
  at: number,
): void => {
  draft.add({ _tag: "DeliveryUpdate", deliveryId, status: "failed", providerId: null, explanation }, at)
  if (!humansCanRead(draft.session)) return
  note(draft, `A message could not be delivered to the customer: ${explanation}`)
}

/** We chose not to send it. The timeline and every transcript say so, or a human would think that the customer read it. */
export const notSent = (draft: Draft, deliveryId: DeliveryReport["deliveryId"], why: string): void => {
  draft.add({ _tag: "DeliveryUpdate", deliveryId, status: "failed", providerId: null, explanation: why })
}

/** The reply window is closed: the message waits for the customer's next one, and the humans know until when. */
export const heldBack = (
  draft: Draft,
  deliveryId: DeliveryReport["deliveryId"],
  outcome: Extract<Outcome, { _tag: "Held" }>,
): void => {
  const { explanation, seq } = outcome
  draft.add({ _tag: "DeliveryUpdate", deliveryId, status: "held", providerId: null, explanation })
  draft.set({ held: [...draft.session.held.filter((other) => other !== seq), seq] })
  if (humansCanRead(draft.session)) note(draft, `A message waits to be sent: ${explanation}`)
}

export const delivered = (
  draft: Draft,
  deliveryId: DeliveryReport["deliveryId"],
  outcome: Delivered,
): void => {
  draft.add({
    _tag: "DeliveryUpdate",
    deliveryId,
    status: "sent",
    providerId: outcome.providerId,
    explanation: null,
  })
}

export const undeliverable = (
  draft: Draft,
  deliveryId: DeliveryReport["deliveryId"],
  explanation: string,
): void => failed(draft, deliveryId, explanation, draft.env.now)

export const deliveryReport = (draft: Draft, event: DeliveryReport): void => {
  const explanation = event.explanation ?? "the provider gave no reason"
  if (event.status === "failed") failed(draft, event.deliveryId, explanation, event.at)
  else {
    draft.add(
      {
        _tag: "DeliveryUpdate",
        deliveryId: event.deliveryId,
        status: event.status,
        providerId: null,
        explanation: event.explanation,
      },
      event.at,
    )
  }
}
