/** A bare SMTP client: says what the test tells it to. */
import net from "node:net"

export interface Client {
  readonly say: (line: string) => Promise<string>
  readonly write: (bytes: string | Buffer) => void
  readonly answer: () => Promise<string>
  readonly close: () => void
}

/** Connects and waits for the greeting. Answers are the whole reply, multi-line ones joined. */
export const connect = async (address: string): Promise<Client & { readonly greeting: string }> => {
  const [host, port] = [
    address.slice(0, address.lastIndexOf(":")),
    Number(address.slice(address.lastIndexOf(":") + 1)),
  ]
  const socket = net.connect(port, host)
  let buffer = ""
  let closed = false
  const waiting: Array<() => void> = []
  const wake = () => waiting.splice(0).forEach((w) => w())
  socket.on("data", (d) => {
    buffer += d.toString("latin1")
    wake()
  })
  socket.on("close", () => {
    closed = true
    wake()
  })
  socket.on("error", () => undefined)
  const answer = async (): Promise<string> => {
    for (;;) {
      const match = /^(?:\d{3}-[^\r\n]*\r\n)*\d{3}(?: [^\r\n]*)?\r\n/.exec(buffer)
      if (match !== null) {
        buffer = buffer.slice(match[0].length)
        return match[0].trim()
      }
      if (closed) return "closed"
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
  }
  const client: Client = {
    answer,
    write: (bytes) => void socket.write(bytes),
    say: (line) => {
      socket.write(`${line}\r\n`)
      return answer()
    },
    close: () => void socket.destroy(),
  }
  return { ...client, greeting: await answer() }
}

export const deliver = async (
  address: string,
  input: { readonly raw: string | Buffer; readonly from?: string; readonly to?: ReadonlyArray<string> },
): Promise<string> => {
  const client = await connect(address)
  try {
    await client.say("EHLO mx.customer.example")
    const from = await client.say(`MAIL FROM:<${input.from ?? "ann@customer.example"}>`)
    if (!from.startsWith("250")) return from
    for (const to of input.to ?? ["support@acme.example"]) {
      const rcpt = await client.say(`RCPT TO:<${to}>`)
      if (!rcpt.startsWith("250")) return rcpt
    }
    const data = await client.say("DATA")
    if (!data.startsWith("354")) return data
    const raw = typeof input.raw === "string" ? Buffer.from(input.raw, "utf8") : input.raw
    client.write(Buffer.from(raw.toString("latin1").replace(/\r\n\./g, "\r\n.."), "latin1"))
    return await client.say("\r\n.")
  } finally {
    client.close()
  }
}
