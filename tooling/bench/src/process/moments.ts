/**
 * When exactly something happens at a server in this process. Node tells of each answer that an HTTP server has given,
 * so nobody has to look at intervals, and the servers need not know that they are watched.
 */
import { subscribe, unsubscribe } from "node:diagnostics_channel"
import { Server } from "node:net"

const finished = "http.server.response.finish"

const isFrom = (message: unknown, port: number): boolean => {
  if (typeof message !== "object" || message === null || !("server" in message)) return false
  if (!(message.server instanceof Server)) return false
  // Not the socket's: a client that closes at once has taken it along.
  const address = message.server.address()
  return typeof address === "object" && address?.port === port
}

/**
 * The first answer of the server on `port` after which `look` finds what it looks for, as `performance.now()`.
 * Null when that did not happen within `withinMs`.
 */
export const momentAt = (port: number, look: () => boolean, withinMs: number): Promise<number | null> =>
  new Promise((resolve) => {
    const end = (at: number | null): void => {
      clearTimeout(giveUp)
      unsubscribe(finished, listener)
      resolve(at)
    }
    const listener = (message: unknown): void => {
      const at = performance.now()
      if (isFrom(message, port) && look()) end(at)
    }
    const giveUp = setTimeout(() => end(null), withinMs)
    subscribe(finished, listener)
  })

export const portOf = (url: string): number => Number(new URL(url).port)
