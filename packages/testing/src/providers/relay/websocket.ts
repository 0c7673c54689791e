/** A WebSocket client (RFC 6455) that can set headers, as Twilio's does, and can misbehave. */
import { randomBytes } from "node:crypto"
import { request as httpRequest } from "node:http"
import { request as httpsRequest } from "node:https"
import type { Duplex } from "node:stream"

/** One open connection. */
export interface WebSocketLink {
  readonly sendText: (text: string) => void
  /** A frame of any kind: opcode 1 text, 2 binary, 8 close, 9 ping. */
  readonly sendFrame: (opcode: number, payload: Uint8Array) => void
  /** Bytes as they are, for frames that break the rules. */
  readonly sendBytes: (bytes: Uint8Array) => void
  /** Says goodbye; the other side closes. */
  readonly close: (code: number) => void
  /** Cuts the connection without a word. */
  readonly destroy: () => void
  /** Stops reading, as a client that is stuck. */
  readonly pause: () => void
}

export interface WebSocketEvents {
  readonly onText: (text: string) => void
  /** Code 1006: cut without a word. */
  readonly onClose: (code: number) => void
}

/** `link` is null when the upgrade was refused; `status` says how. */
export interface WebSocketOutcome {
  readonly status: number
  readonly link: WebSocketLink | null
}

const frame = (opcode: number, payload: Uint8Array): Buffer => {
  const size = payload.length
  const head =
    size < 126
      ? Buffer.from([0x80 | opcode, 0x80 | size])
      : size < 65_536
        ? Buffer.from([0x80 | opcode, 0xfe, size >> 8, size & 0xff])
        : Buffer.concat([Buffer.from([0x80 | opcode, 0xff, 0, 0, 0, 0]), uint32(size)])
  const mask = randomBytes(4)
  return Buffer.concat([head, mask, payload.map((byte, i) => byte ^ (mask[i % 4] ?? 0))])
}

const uint32 = (n: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(n)
  return bytes
}

/** Takes frames out of a stream of bytes. The server's are not masked. */
class Frames {
  private buffer = Buffer.alloc(0)

  add(
    bytes: Buffer,
  ): ReadonlyArray<{ readonly opcode: number; readonly final: boolean; readonly payload: Buffer }> {
    this.buffer = Buffer.concat([this.buffer, bytes])
    const frames = []
    for (let next = this.take(); next !== null; next = this.take()) frames.push(next)
    return frames
  }

  private take() {
    const [first = 0, second = 0] = this.buffer
    if (this.buffer.length < 2) return null
    const short = second & 0x7f
    const at = short < 126 ? 2 : short === 126 ? 4 : 10
    if (this.buffer.length < at) return null
    const size =
      short < 126
        ? short
        : short === 126
          ? this.buffer.readUInt16BE(2)
          : Number(this.buffer.readBigUInt64BE(2))
    if (this.buffer.length < at + size) return null
    const payload = this.buffer.subarray(at, at + size)
    this.buffer = this.buffer.subarray(at + size)
    return { opcode: first & 0x0f, final: (first & 0x80) !== 0, payload }
  }
}

const serve = (socket: Duplex, head: Buffer, events: WebSocketEvents): WebSocketLink => {
  const frames = new Frames()
  let text = ""
  let closed = false
  let code = 1006
  const write = (bytes: Uint8Array): void => {
    if (!socket.destroyed && socket.writable) socket.write(bytes)
  }
  const onBytes = (bytes: Buffer): void => {
    for (const { final, opcode, payload } of frames.add(bytes)) {
      if (opcode === 9) write(frame(10, payload))
      if (opcode === 8) {
        code = payload.length >= 2 ? payload.readUInt16BE(0) : 1005
        if (!closed) write(frame(8, payload))
        closed = true
        socket.end()
      }
      if (opcode > 1) continue
      text += payload.toString("utf8")
      if (!final) continue
      const whole = text
      text = ""
      events.onText(whole)
    }
  }
  socket.on("data", onBytes)
  socket.on("error", () => socket.destroy())
  socket.on("close", () => events.onClose(code))
  if (head.length > 0) onBytes(head)
  return {
    sendText: (message) => write(frame(1, Buffer.from(message, "utf8"))),
    sendFrame: (opcode, payload) => write(frame(opcode, payload)),
    sendBytes: write,
    close: (reason) => {
      closed = true
      write(frame(8, Buffer.from([reason >> 8, reason & 0xff])))
    },
    destroy: () => void socket.destroy(),
    pause: () => void socket.pause(),
  }
}

/** Opens `ws:` or `wss:` with these headers. */
export const openWebSocket = (
  url: string,
  headers: Readonly<Record<string, string>>,
  events: WebSocketEvents,
): Promise<WebSocketOutcome> =>
  new Promise((resolve, reject) => {
    const secure = url.startsWith("wss:")
    const request = (secure ? httpsRequest : httpRequest)(url.replace(/^ws/, "http"), {
      // A refused upgrade leaves a connection that the server closes; it must not be used again.
      agent: false,
      headers: {
        ...headers,
        connection: "Upgrade",
        upgrade: "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": randomBytes(16).toString("base64"),
      },
    })
    request.on("upgrade", (_, socket, head) => resolve({ status: 101, link: serve(socket, head, events) }))
    request.on("response", (response) => {
      response.resume()
      resolve({ status: response.statusCode ?? 0, link: null })
    })
    request.on("error", reject)
    request.end()
  })
