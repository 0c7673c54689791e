/** A small IMAP server on a real socket: one mailbox, plain text, IDLE; drops and refuses on demand. */
import net from "node:net"
import { Effect } from "effect"

export interface StoredMail {
  readonly uid: number
  readonly raw: Buffer
  seen: boolean
}

const make = () => {
  const mails: Array<StoredMail> = []
  const sockets = new Set<net.Socket>()
  const idlers = new Set<net.Socket>()
  const commands: Array<string> = []
  const state = { uidValidity: 7, refuseLogin: 0, keepsSeen: true, logins: 0 }

  const tagOfIdle = new Map<net.Socket, string>()
  const told = new Map<net.Socket, number>()
  const tellCount = (socket: net.Socket) => {
    if (told.get(socket) !== mails.length) socket.write(`* ${mails.length} EXISTS\r\n`)
    told.set(socket, mails.length)
  }

  const fetchOne = (socket: net.Socket, mail: StoredMail, items: string) => {
    const parts = [`UID ${mail.uid}`]
    if (/RFC822\.SIZE/i.test(items)) parts.push(`RFC822.SIZE ${mail.raw.length}`)
    const partial = /BODY\.PEEK\[\](?:<(\d+)\.(\d+)>)?/i.exec(items)
    const seq = mails.indexOf(mail) + 1
    if (partial === null) return void socket.write(`* ${seq} FETCH (${parts.join(" ")})\r\n`)
    const from = Number(partial[1] ?? 0)
    const bytes = partial[2] === undefined ? mail.raw : mail.raw.subarray(from, from + Number(partial[2]))
    socket.write(
      `* ${seq} FETCH (${parts.join(" ")} BODY[]${partial[2] === undefined ? "" : `<${from}>`} {${bytes.length}}\r\n`,
    )
    socket.write(bytes)
    socket.write(")\r\n")
  }

  const uidCommand = (socket: net.Socket, tag: string, rest: string) => {
    const verb = rest.split(" ")[0]?.toUpperCase()
    if (verb === "SEARCH") {
      socket.write(
        `* SEARCH${mails
          .filter((m) => !m.seen)
          .map((m) => ` ${m.uid}`)
          .join("")}\r\n${tag} OK done\r\n`,
      )
      return
    }
    const uid = Number(/^\w+ (\d+)/.exec(rest)?.[1] ?? 0)
    const mail = mails.find((m) => m.uid === uid)
    if (mail !== undefined && verb === "FETCH") fetchOne(socket, mail, rest)
    if (mail !== undefined && verb === "STORE" && state.keepsSeen) {
      mail.seen = true
      socket.write(`* ${mails.indexOf(mail) + 1} FETCH (UID ${uid} FLAGS (\\Seen))\r\n`)
    }
    socket.write(`${tag} OK done\r\n`)
  }

  const command = (socket: net.Socket, line: string) => {
    if (line.toUpperCase() === "DONE") {
      idlers.delete(socket)
      return void socket.write("idle OK done\r\n".replace("idle", tagOfIdle.get(socket) ?? "x"))
    }
    const [tag = "", verb = "", ...more] = line.split(" ")
    const rest = more.join(" ")
    commands.push(`${verb.toUpperCase()} ${rest}`.trim())
    switch (verb.toUpperCase()) {
      case "CAPABILITY":
        return void socket.write(`* CAPABILITY IMAP4rev1 IDLE\r\n${tag} OK done\r\n`)
      case "LOGIN":
        state.logins++
        if (state.refuseLogin-- > 0) return void socket.write(`${tag} NO [AUTHENTICATIONFAILED] wrong\r\n`)
        return void socket.write(`${tag} OK [CAPABILITY IMAP4rev1 IDLE] in\r\n`)
      case "LIST":
        return void socket.write(`* LIST (\\HasNoChildren) "/" "INBOX"\r\n${tag} OK done\r\n`)
      case "SELECT":
        told.set(socket, mails.length)
        socket.write(
          `* FLAGS (\\Seen)\r\n* OK [PERMANENTFLAGS (\\Seen)] ok\r\n* ${mails.length} EXISTS\r\n* 0 RECENT\r\n`,
        )
        return void socket.write(
          `* OK [UIDVALIDITY ${state.uidValidity}] ok\r\n* OK [UIDNEXT 1000] ok\r\n${tag} OK [READ-WRITE] done\r\n`,
        )
      case "UID":
        return uidCommand(socket, tag, rest)
      case "IDLE":
        idlers.add(socket)
        tagOfIdle.set(socket, tag)
        socket.write("+ idling\r\n")
        // What came between two commands is told now, as real servers do.
        return void tellCount(socket)
      case "LOGOUT":
        return void socket.end(`* BYE\r\n${tag} OK bye\r\n`)
      default:
        return void socket.write(`${tag} OK done\r\n`)
    }
  }

  const server = net.createServer((socket) => {
    sockets.add(socket)
    let buffer = ""
    socket.on("error", () => undefined)
    socket.on("close", () => {
      sockets.delete(socket)
      idlers.delete(socket)
    })
    socket.on("data", (chunk) => {
      buffer += chunk.toString("latin1")
      for (let end = buffer.indexOf("\r\n"); end !== -1; end = buffer.indexOf("\r\n")) {
        const line = buffer.slice(0, end)
        buffer = buffer.slice(end + 2)
        command(socket, line)
      }
    })
    socket.write("* OK ready\r\n")
  })

  const arrive = (raw: string) => {
    mails.push({ uid: 100 + mails.length, raw: Buffer.from(raw), seen: false })
    idlers.forEach(tellCount)
  }
  return { server, mails, sockets, idlers, commands, state, arrive }
}

/** Runs the server until the scope closes. */
export const imapServer = Effect.acquireRelease(
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
