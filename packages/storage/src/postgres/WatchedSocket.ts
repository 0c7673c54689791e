/**
 * A socket to Postgres that does not wait for ever. The driver cannot be interrupted in BEGIN and COMMIT, so a server
 * that takes bytes and never answers (frozen, or behind a firewall that has forgotten us) would hold a fiber until the
 * kernel gives up, which takes a quarter of an hour. Node edge: `node:net`.
 */
import { connect, type NetConnectOpts, type Socket } from "node:net"
import { Duplex } from "node:stream"

/** A stream of our own, and no `Socket`: TLS is then run through it, and not past it on the handle. */
class WatchedSocket extends Duplex {
  readonly #socket: Socket
  readonly #answerMs: number

  constructor(socket: Socket, answerMs: number) {
    super()
    this.#socket = socket
    this.#answerMs = answerMs
    socket.on("data", (chunk) => {
      socket.setTimeout(0)
      if (!this.push(chunk)) socket.pause()
    })
    socket.on("end", () => this.push(null))
    socket.on("error", (error) => this.destroy(error))
    socket.on("close", () => this.destroy())
    socket.on("timeout", () => this.destroy(new Error(`Postgres did not answer within ${answerMs} ms`)))
  }

  override _read(): void {
    this.#socket.resume()
  }

  /** Whatever we send is answered: from now on silence counts. */
  override _write(chunk: Uint8Array, _encoding: string, done: (error?: Error | null) => void): void {
    this.#socket.setTimeout(this.#answerMs)
    this.#socket.write(chunk, done)
  }

  override _final(done: () => void): void {
    this.#socket.end(done)
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy()
    done(error)
  }
}

const keepAliveInitialDelay = 10_000

/**
 * Where the URL leads, as libpq reads it: `host` and `port` may also be parameters, and a host that begins with `/` is
 * the directory of a Unix socket. Null when it cannot be read: the driver then says why.
 */
const target = (url: string): NetConnectOpts | null => {
  if (!URL.canParse(url)) return null
  const { hostname, port, searchParams } = new URL(url)
  const named = hostname.startsWith("[") ? hostname.slice(1, -1) : hostname
  const host = searchParams.get("host") ?? (named === "" ? "localhost" : decodeURIComponent(named))
  const number = Number(searchParams.get("port") ?? (port === "" ? "5432" : port))
  if (!Number.isInteger(number) || number < 1 || number > 65_535) return null
  return host.startsWith("/")
    ? { path: `${host}/.s.PGSQL.${number}` }
    : { host, port: number, noDelay: true, keepAlive: true, keepAliveInitialDelay }
}

/** Makes sockets to the server of this URL; they fail when what was sent stays unanswered for `answerMs`. */
export const watchedSockets = (url: string, answerMs: number): (() => Duplex) | undefined => {
  const options = target(url)
  return options === null ? undefined : () => new WatchedSocket(connect(options), answerMs)
}
