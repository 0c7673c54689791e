/** Ports for the demonstration: the wanted one, or a free one where nobody insisted. */
import { Effect, Random } from "effect"
import { createServer } from "node:net"
import { ConfigurationError } from "../config/ConfigError.ts"

const tryPort = (host: string, port: number) =>
  Effect.callback<number | null>((resume) => {
    const server = createServer()
    server.once("error", () => resume(Effect.succeed(null)))
    server.listen(port, host, () => {
      const address = server.address()
      const bound = typeof address === "object" && address !== null ? address.port : port
      server.close(() => resume(Effect.succeed(bound)))
    })
  })

/** Below the ports that systems hand out to every outgoing connection, or one would be taken between the look and its use. */
const quiet = { from: 20_000, parts: 12, each: 1000 }
const looks = 20

/** Processes that start at the same moment mostly look in different parts: between the look and its use a port is nobody's. */
const ownPart = quiet.from + (process.pid % quiet.parts) * quiet.each

/** What this process has handed out already: it may not be in use yet. */
const handedOut = new Set<number>()

const anyPort = Effect.fnUntraced(function* (host: string) {
  for (let look = 0; look < looks; look += 1) {
    const port = yield* Random.nextIntBetween(ownPart, ownPart + quiet.each)
    if (handedOut.has(port)) continue
    handedOut.add(port)
    if ((yield* tryPort(host, port)) !== null) return port
  }
  return yield* tryPort(host, 0)
})

/** `usual` where it is free, else any free port; 0 takes any. */
export const freePort = Effect.fnUntraced(function* (host: string, usual: number) {
  const free = (usual === 0 ? null : yield* tryPort(host, usual)) ?? (yield* anyPort(host))
  if (free !== null) return free
  return yield* new ConfigurationError({
    problem: `No port is free on ${host}.`,
    hint: "Stop something that listens.",
  })
})

/** The port that was asked for, and no other; 0 takes any. */
export const wantedPort = Effect.fnUntraced(function* (host: string, port: number, flag: string) {
  const free = yield* port === 0 ? anyPort(host) : tryPort(host, port)
  if (free !== null) return free
  return yield* new ConfigurationError({
    problem: `Port ${port} is in use.`,
    hint: `Choose another one with ${flag} (0 takes any free port).`,
  })
})
