/** An SMTP server for tests: takes mails, and misbehaves on demand. */
import net from "node:net"
import { Effect } from "effect"

export type Misbehaviour =
  | { readonly at: "greeting" | "mail" | "rcpt" | "data" | "end"; readonly reply: string }
  | { readonly at: "greeting" | "mail" | "rcpt" | "data" | "body" | "end"; readonly drop: true }
  | { readonly at: "greeting" | "mail" | "end"; readonly hang: true }

export interface Caught {
  readonly from: string
  readonly to: ReadonlyArray<string>
  readonly raw: string
}

const make = () => {
  const mails: Array<Caught> = []
  const plan: Array<Misbehaviour> = []
  const sockets = new Set<net.Socket>()
  let connections = 0
  const server = net.createServer((socket) => {
    connections++
    sockets.add(socket)
    socket.on("error", () => undefined)
    socket.on("close", () => sockets.delete(socket))
    let buffer = ""
    let body: string | null = null
    let from = ""
    let to: Array<string> = []
    /** True when the plan has taken over. */
    const misbehaves = (at: Misbehaviour["at"]): boolean => {
      const next = plan[0]
      if (next === undefined || next.at !== at) return false
      plan.shift()
      if ("drop" in next) socket.destroy()
      else if ("reply" in next) socket.write(`${next.reply}\r\n`)
      return true
    }
    const reply = (at: Misbehaviour["at"], text: string) => {
      if (!misbehaves(at)) socket.write(`${text}\r\n`)
    }
    const command = (line: string) => {
      const verb = line.slice(0, 4).toUpperCase()
      if (verb === "EHLO" || verb === "HELO")
        socket.write("250-sink\r\n250-8BITMIME\r\n250 SIZE 30000000\r\n")
      else if (verb === "MAIL") {
        from = /<([^>]*)>/.exec(line)?.[1] ?? ""
        to = []
        reply("mail", "250 ok")
      } else if (verb === "RCPT") {
        to.push(/<([^>]*)>/.exec(line)?.[1] ?? "")
        reply("rcpt", "250 ok")
      } else if (verb === "DATA") {
        const before = plan.length
        reply("data", "354 go ahead")
        if (plan.length === before) body = ""
      } else if (verb === "QUIT") socket.end("221 bye\r\n")
      else socket.write("250 ok\r\n")
    }
    socket.on("data", (chunk) => {
      buffer += chunk.toString("latin1")
      for (;;) {
        if (body !== null) {
          if (misbehaves("body")) return
          const end = buffer.indexOf("\r\n.\r\n")
          if (end === -1) return
          mails.push({
            from,
            to,
            raw: Buffer.from(buffer.slice(0, end).replace(/\r\n\.\./g, "\r\n."), "latin1").toString("utf8"),
          })
          buffer = buffer.slice(end + 5)
          body = null
          reply("end", "250 queued as 42")
        } else {
          const end = buffer.indexOf("\r\n")
          if (end === -1) return
          const line = buffer.slice(0, end)
          buffer = buffer.slice(end + 2)
          command(line)
        }
      }
    })
    reply("greeting", "220 sink ESMTP")
  })
  return { server, mails, plan, sockets, connections: () => connections }
}

/** Runs a sink until the scope closes. */
export const sink = Effect.acquireRelease(
  Effect.promise(async () => {
    const made = make()
    await new Promise<void>((resolve) => made.server.listen(0, "127.0.0.1", resolve))
    const address = made.server.address()
    return { ...made, port: typeof address === "object" && address !== null ? address.port : 0 }
  }),
  (made) =>
    Effect.promise(async () => {
      made.sockets.forEach((s) => s.destroy())
      await new Promise((resolve) => made.server.close(resolve))
    }),
)
