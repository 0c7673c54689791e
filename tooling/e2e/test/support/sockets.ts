/** Plain sockets, for what no well-behaved client would send. */
import { connect } from "node:net"

export interface RawAnswer {
  readonly text: string
  readonly ms: number
}

/** Connects, says nothing, and waits until the other side has had enough. Answers with the time that took. */
export const waitInSilence = (port: number, withinMs: number): Promise<RawAnswer> =>
  talk(port, "", { withinMs })

/** Sends bytes and collects the answer until the other side closes, or `untilText` is seen, or `withinMs` pass. */
export const talk = (
  port: number,
  bytes: string | Uint8Array,
  options: { readonly withinMs?: number; readonly untilText?: RegExp } = {},
): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    const began = Date.now()
    const socket = connect({ host: "127.0.0.1", port })
    let text = ""
    const end = () => {
      clearTimeout(timer)
      socket.destroy()
      resolve({ text, ms: Date.now() - began })
    }
    const timer = setTimeout(end, options.withinMs ?? 20_000)
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString("latin1")
      if (options.untilText?.test(text) === true) end()
    })
    socket.on("close", end)
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "ECONNRESET" && error.code !== "EPIPE") reject(error)
    })
    socket.on("connect", () => socket.write(bytes))
  })

/** Says one SMTP line after the other, each after the answer to the one before; answers with all answers. */
export const smtpDialogue = (
  port: number,
  lines: ReadonlyArray<string>,
  withinMs = 20_000,
): Promise<ReadonlyArray<string>> =>
  new Promise((resolve, reject) => {
    const answers: Array<string> = []
    const socket = connect({ host: "127.0.0.1", port })
    const end = () => {
      clearTimeout(timer)
      socket.destroy()
      resolve(answers)
    }
    const timer = setTimeout(end, withinMs)
    let buffered = ""
    let next = 0
    socket.on("data", (chunk: Buffer) => {
      buffered += chunk.toString("latin1")
      // The last line of an answer has a blank after its code.
      const last = /^\d{3} .*\r\n/m.exec(buffered)
      if (last === null) return
      answers.push(buffered.trim())
      buffered = ""
      const line = lines[next]
      next += 1
      if (line === undefined) end()
      else socket.write(`${line}\r\n`)
    })
    socket.on("close", end)
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "ECONNRESET" && error.code !== "EPIPE") reject(error)
    })
  })
