/**
 * What is said to requests that never reach a route: those that are no HTTP, too long or too slow. Node answers them by itself,
 * without the headers that every answer of ours carries. Node edge: `node:http`.
 */
import { type Server, type ServerResponse, STATUS_CODES } from "node:http"
import type { Duplex } from "node:stream"

/** The statuses that Node gives them, too. */
const statuses: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  HPE_HEADER_OVERFLOW: 431,
}

const rawAnswer = (status: number, headers: Readonly<Record<string, string>>): string =>
  [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    "content-length: 0",
    "connection: close",
    "",
    "",
  ].join("\r\n")

/** The last answer that was begun on each connection. */
const begun = new WeakMap<Duplex, ServerResponse>()

const isAnswering = (socket: Duplex): boolean => {
  const answer = begun.get(socket)
  return answer !== undefined && answer.headersSent && !answer.writableFinished
}

/** `headers`: what every answer carries. */
export const answerTheUnreadable = (server: Server, headers: Readonly<Record<string, string>>): Server => {
  server.on("request", (request, response) => void begun.set(request.socket, response))
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    // Words of ours in the middle of an answer would be read as a part of it.
    if (!socket.writable || error.code === "ECONNRESET" || isAnswering(socket)) return socket.destroy()
    return socket.end(rawAnswer(statuses[error.code ?? ""] ?? 400, headers), () => socket.destroy())
  })
  // RFC 9110, 10.1.1: nothing but `100-continue` is expected of anybody.
  server.on("checkExpectation", (_, response) =>
    response.writeHead(417, { ...headers, connection: "close" }).end(),
  )
  return server
}
