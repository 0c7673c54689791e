/**
 * One keep-alive HTTP/1.1 connection with one request under way. Written by hand so that the load generator costs little
 * beside the server that it measures: both run on the same few cores.
 */
import { connect, type Socket } from "node:net"

export interface Target {
  readonly host: string
  readonly port: number
  readonly path: string
}

const headEnd = "\r\n\r\n"

/** Status of a complete answer, or null while bytes are missing. */
const statusOf = (text: string): number | null => {
  const end = text.indexOf(headEnd)
  if (end < 0) return null
  const head = text.slice(0, end)
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  const complete =
    length === undefined ? text.endsWith(`0${headEnd}`) : text.length >= end + headEnd.length + Number(length)
  return complete ? Number(head.slice(9, 12)) : null
}

export class Connection {
  readonly #target: Target
  #socket: Socket | null = null
  #received = ""
  #answer: ((status: number) => void) | null = null

  constructor(target: Target) {
    this.#target = target
  }

  #open(): Socket {
    const socket = connect(this.#target.port, this.#target.host)
    socket.setNoDelay(true)
    socket.setEncoding("latin1")
    socket.on("data", (chunk) => this.#take(String(chunk)))
    socket.on("error", () => undefined)
    socket.on("close", () => {
      if (this.#socket === socket) this.#socket = null
      this.#finish(0)
    })
    return socket
  }

  #take(chunk: string): void {
    this.#received += chunk
    const status = statusOf(this.#received)
    if (status === null) return
    this.#received = ""
    this.#finish(status)
  }

  #finish(status: number): void {
    const answer = this.#answer
    this.#answer = null
    answer?.(status)
  }

  /** Resolves with the status, or 0 when the connection broke. */
  post(headers: string, body: string): Promise<number> {
    return new Promise((resolve) => {
      this.#answer = resolve
      this.#received = ""
      this.#socket ??= this.#open()
      const { host, path } = this.#target
      const length = Buffer.byteLength(body)
      this.#socket.write(
        `POST ${path} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n${headers}\r\n${body}`,
      )
    })
  }

  close(): void {
    this.#socket?.destroy()
  }
}
