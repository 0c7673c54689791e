/** `SignalInbox` in memory. */
import { Effect, Layer } from "effect"
import { type KeptSignal, SignalInbox, type WaitingTicket } from "../ports/SignalInbox.ts"

const ticketKey = ({ orgId, ticketId }: Pick<KeptSignal, "orgId" | "ticketId">): string =>
  `${orgId}|${ticketId}`

/** Signals in memory. Methods are synchronous, so each is a transaction by itself. */
export const signalsMemory: Layer.Layer<SignalInbox> = Layer.sync(SignalInbox, () => {
  const kept = new Map<number, KeptSignal>()
  let last = 0
  return {
    keep: (signals) =>
      Effect.sync(() => {
        for (const signal of signals) kept.set(++last, signal)
      }),
    waiting: (limit) =>
      Effect.sync(() => {
        const tickets = new Map<string, WaitingTicket>()
        for (const [upTo, signal] of [...kept].slice(0, limit)) {
          const before = tickets.get(ticketKey(signal))
          const readStatus = signal.readStatus || before?.readStatus === true
          const signals = (before?.signals ?? 0) + 1
          tickets.set(ticketKey(signal), { ...signal, readStatus, signals, upTo })
        }
        return [...tickets.values()]
      }),
    handedOn: (tickets) =>
      Effect.sync(() => {
        const upTo = Math.max(0, ...tickets.map((ticket) => ticket.upTo))
        const told = new Set(tickets.map(ticketKey))
        for (const [position, signal] of kept)
          if (position <= upTo && told.has(ticketKey(signal))) kept.delete(position)
      }),
  }
})
