/** A client on a bare socket, which sends what no well-behaved one would, and as slowly as it likes. */
import { connect, type Socket } from "node:net"

export interface Heard {
  /** Everything that came, as latin1. */
  readonly text: string
  /** Whether the server closed the connection, before `withinMs` were over. */
  readonly closed: boolean
  readonly ms: number
}

export interface TalkOptions {
  readonly withinMs: number
  /** Sent over and over after `bytes`, one each `everyMs`. */
  readonly drip?: string
  readonly everyMs?: number
  /** Ends our side after `bytes`, and listens on. */
  readonly half?: boolean
}

const dripping = (socket: Socket, { drip, everyMs = 50 }: TalkOptions): NodeJS.Timeout | undefined =>
  drip === undefined ? undefined : setInterval(() => socket.writable && socket.write(drip), everyMs)

/** Sends `bytes`, then as the options say; ends when the server closes or the time is over. */
export const talk = (port: number, bytes: string, options: TalkOptions): Promise<Heard> =>
  new Promise((resolve, reject) => {
    const began = performance.now()
    const chunks: Array<Buffer> = []
    const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: options.half === true })
    const over = (closed: boolean) => {
      clearTimeout(patience)
      clearInterval(drops)
      socket.destroy()
      const text = Buffer.concat(chunks).toString("latin1")
      resolve({ text, closed, ms: performance.now() - began })
    }
    const patience = setTimeout(() => over(false), options.withinMs)
    let drops: NodeJS.Timeout | undefined
    socket.on("data", (chunk) => chunks.push(chunk))
    socket.on("end", () => over(true))
    socket.on("close", () => over(true))
    socket.on("error", (error: NodeJS.ErrnoException) => {
      // A reset is a way to close.
      if (error.code !== "ECONNRESET" && error.code !== "EPIPE") reject(error)
    })
    socket.on("connect", () => {
      if (options.half === true) socket.end(bytes)
      else socket.write(bytes)
      drops = dripping(socket, options)
    })
  })
