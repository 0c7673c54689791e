/** Other sides that say back, in their refusals, every credential that they were shown. */
import { createServer as createHttp, type IncomingMessage, type Server } from "node:http"
import { createServer as createTcp, type Server as TcpServer } from "node:net"

const listening = async (server: Server | TcpServer): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  return typeof address === "object" && address !== null ? address.port : 0
}

const read = async (request: IncomingMessage): Promise<string> => {
  let text = ""
  for await (const chunk of request) text += String(chunk)
  return text
}

/** What a header says, and what is packed in it. */
const unpacked = (authorization: string): string => {
  const [, packed = ""] = /^Basic (\S+)/.exec(authorization) ?? []
  return `${authorization} ${decodeURIComponent(
    Buffer.from(packed, "base64")
      .toString()
      .replace(/%(?![0-9a-f]{2})/gi, "%25"),
  )}`
}

/** Models, embeddings, and a sign-on provider: each call but discovery is refused, with the key in the words. */
export const startHttpEcho = async () => {
  const asked: Array<string> = []
  const server = createHttp((request, response) => {
    void read(request).then((body) => {
      const path = request.url ?? "/"
      asked.push(path)
      const discovery = {
        issuer: url,
        authorization_endpoint: `${url}/authorize`,
        token_endpoint: `${url}/token`,
        jwks_uri: `${url}/keys`,
      }
      if (path.startsWith("/.well-known"))
        return response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(discovery))
      const said = `Incorrect API key provided: ${unpacked(request.headers.authorization ?? "")} ${body}`
      const error = { error: { message: said, type: "invalid_request_error" }, error_description: said }
      return response.writeHead(401, { "content-type": "application/json" }).end(JSON.stringify(error))
    })
  })
  const url = `http://127.0.0.1:${await listening(server)}`
  return { url, asked, close: () => server.close() }
}

const startLines = async (greeting: string, answer: (line: string) => string) => {
  const heard: Array<string> = []
  const server = createTcp((socket) => {
    socket.on("error", () => undefined)
    socket.write(greeting)
    socket.on("data", (chunk) => {
      for (const line of String(chunk)
        .split("\r\n")
        .filter((one) => one !== "")) {
        heard.push(line)
        socket.write(answer(line))
      }
    })
  })
  return { port: await listening(server), heard, close: () => server.close() }
}

/** Takes no login; base64 is unpacked in its words. */
export const startSmtpEcho = () =>
  startLines("220 echo ESMTP\r\n", (line) =>
    /^EHLO|^HELO/i.test(line)
      ? "250-echo\r\n250 AUTH PLAIN LOGIN\r\n"
      : /^QUIT/i.test(line)
        ? "221 bye\r\n"
        : `535 5.7.8 refused: ${line} ${Buffer.from(line.split(" ").at(-1) ?? "", "base64")
            .toString()
            .replace(/[^\x20-\x7e]/g, " ")}\r\n`,
  )

export const startImapEcho = () =>
  startLines("* OK [CAPABILITY IMAP4rev1] echo\r\n", (line) => {
    const [tag = "*", command = ""] = line.split(" ")
    if (/^CAPABILITY$/i.test(command)) return `* CAPABILITY IMAP4rev1\r\n${tag} OK done\r\n`
    if (/^LOGOUT$/i.test(command)) return `* BYE\r\n${tag} OK done\r\n`
    return `${tag} NO [AUTHENTICATIONFAILED] refused: ${line}\r\n`
  })
