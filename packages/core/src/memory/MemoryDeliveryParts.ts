/** `DeliveryParts` in memory. */
import { Effect, Layer } from "effect"
import { DeliveryParts, type DeliveryRef, type KnownPart } from "../ports/DeliveryParts.ts"

interface Row extends KnownPart, DeliveryRef {}

const place = ({ deliveryId, orgId }: DeliveryRef, name: string): string => `${orgId}|${deliveryId}|${name}`

/** The service by itself, for tests of plugins. */
export const memoryDeliveryParts = (): DeliveryParts["Service"] => {
  const rows = new Map<string, Row>()
  const change = (delivery: DeliveryRef, name: string, to: Partial<KnownPart>) =>
    Effect.sync(() => {
      const row = rows.get(place(delivery, name))
      if (row !== undefined) rows.set(place(delivery, name), { ...row, ...to })
    })
  const ofDelivery = ({ deliveryId, orgId }: DeliveryRef) =>
    [...rows.values()].filter((row) => row.orgId === orgId && row.deliveryId === deliveryId)
  return {
    known: (delivery) =>
      Effect.sync(() =>
        ofDelivery(delivery).map(({ begunAt, doubted, name, providerId }) => ({
          begunAt,
          doubted,
          name,
          providerId,
        })),
      ),
    begin: (delivery, name, at) =>
      Effect.sync(() => {
        const { deliveryId, orgId } = delivery
        const before = rows.get(place(delivery, name))
        rows.set(place(delivery, name), {
          ...(before ?? { orgId, deliveryId, name, begunAt: at, providerId: null }),
          doubted: false,
        })
      }),
    sent: (delivery, name, providerId) => change(delivery, name, { providerId, doubted: false }),
    notSent: (delivery, name) => Effect.sync(() => void rows.delete(place(delivery, name))),
    doubted: (delivery, name) => change(delivery, name, { doubted: true }),
    isTaken: (orgId, providerId) =>
      Effect.sync(() =>
        [...rows.values()].some((row) => row.orgId === orgId && row.providerId === providerId),
      ),
    purge: (before) =>
      Effect.sync(() => {
        const old = [...rows].filter(([, row]) => row.begunAt < before)
        for (const [key] of old) rows.delete(key)
        return old.length
      }),
  }
}

/** `DeliveryParts` in memory. */
export const deliveryPartsMemory: Layer.Layer<DeliveryParts> = Layer.sync(DeliveryParts, memoryDeliveryParts)
