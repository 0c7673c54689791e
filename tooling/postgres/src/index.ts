/** A private Postgres server for tests: found on the machine, run as an ordinary user, gone afterwards. */
import { execFileSync, spawnSync } from "node:child_process"
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
} from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { delimiter, dirname, join } from "node:path"

export interface PostgresServer {
  readonly url: string
  /** Ends the server at once, as a crash would (`pg_ctl stop -m immediate`). */
  readonly stop: () => Promise<void>
  /** Starts it again on the same port, with the same data. */
  readonly start: () => Promise<void>
  /** Makes an empty database and answers with its URL. */
  readonly createDatabase: (name: string) => Promise<string>
  /** Stops the server and removes its files. */
  readonly close: () => Promise<void>
  /** Process id of the server; null when it is not ours. */
  readonly pid: () => number | null
}

export type AcquiredPostgres = PostgresServer | { readonly skipped: string }

const tools = ["initdb", "pg_ctl", "psql"] as const

const candidateDirectories = (): ReadonlyArray<string> => {
  const onPath = (process.env["PATH"] ?? "").split(delimiter)
  const debian = "/usr/lib/postgresql"
  const versions = existsSync(debian)
    ? readdirSync(debian)
        .sort((a, b) => Number(b) - Number(a))
        .map((version) => join(debian, version, "bin"))
    : []
  return [...versions, ...onPath, "/usr/local/bin", "/usr/local/pgsql/bin", "/opt/homebrew/bin"]
}

/** The directory that really holds the tools: links on the PATH are followed to it. */
const findBinaries = (): string | null => {
  for (const directory of candidateDirectories()) {
    const initdb = join(directory, "initdb")
    if (!existsSync(initdb)) continue
    for (const place of [dirname(realpathSync(initdb)), directory]) {
      if (tools.every((tool) => existsSync(join(place, tool)))) return place
    }
  }
  return null
}

const idOf = (user: string, flag: "-u" | "-g"): number | null => {
  const result = spawnSync("id", [flag, user], { encoding: "utf8" })
  return result.status === 0 ? Number(result.stdout.trim()) : null
}

interface Identity {
  readonly uid: number
  readonly gid: number
}

/** Postgres refuses to run as root. Null: we are an ordinary user already. */
const ordinaryUser = (): Identity | null | "none" => {
  if (process.getuid?.() !== 0) return null
  for (const user of ["postgres", "nobody"]) {
    const uid = idOf(user, "-u")
    const gid = idOf(user, "-g")
    if (uid !== null && gid !== null) return { uid, gid }
  }
  return "none"
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.on("error", () => resolve(false))
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)))
  })

/** Below the ports that systems hand out to every outgoing connection, or one would be taken between the look and its use. */
const freePort = async (): Promise<number> => {
  for (let look = 0; look < 20; look += 1) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    if (await isFree(port)) return port
  }
  throw new Error("no port is free for PostgreSQL on 127.0.0.1")
}

interface Installation {
  readonly binaries: string
  readonly user: Identity | null
  readonly home: string
  readonly port: number
}

const run = (at: Installation, tool: string, args: ReadonlyArray<string>): string =>
  execFileSync(join(at.binaries, tool), args, {
    encoding: "utf8",
    cwd: at.home,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, LC_ALL: "C", TZ: "UTC", HOME: at.home },
    ...(at.user === null ? {} : at.user),
  })

const dataOf = (at: Installation) => join(at.home, "data")

const startServer = (at: Installation): void => {
  const options = `-p ${at.port} -k ${at.home} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=60 -c shared_buffers=16MB`
  // The log must not be our pipe: the server would keep it open and nobody would return.
  run(at, "pg_ctl", ["-D", dataOf(at), "-l", join(at.home, "log"), "-w", "-t", "30", "-o", options, "start"])
}

const pidOf = (at: Installation): number =>
  Number(readFileSync(join(dataOf(at), "postmaster.pid"), "utf8").split("\n")[0])

const stopServer = (at: Installation): void => {
  try {
    process.kill(pidOf(at), "SIGCONT") // a test may have frozen it
    run(at, "pg_ctl", ["-D", dataOf(at), "-w", "-t", "30", "-m", "immediate", "stop"])
  } catch {
    // it was down already
  }
}

const install = async (binaries: string, user: Identity | null): Promise<Installation> => {
  const home = mkdtempSync(join(tmpdir(), "opencx-pg-"))
  const at = { binaries, user, home, port: await freePort() }
  mkdirSync(dataOf(at))
  if (user !== null) for (const path of [home, dataOf(at)]) chownSync(path, user.uid, user.gid)
  run(at, "initdb", ["-D", dataOf(at), "-U", "opencx", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"])
  return at
}

const privateServer = (at: Installation): PostgresServer => {
  const urlOf = (database: string) => `postgres://opencx@127.0.0.1:${at.port}/${database}`
  const onExit = () => stopServer(at)
  process.once("exit", onExit)
  return {
    url: urlOf("postgres"),
    stop: async () => stopServer(at),
    start: async () => startServer(at),
    createDatabase: async (name) => {
      run(at, "psql", ["-q", "-d", urlOf("postgres"), "-c", `CREATE DATABASE "${name}"`])
      return urlOf(name)
    },
    pid: () => pidOf(at),
    close: async () => {
      process.removeListener("exit", onExit)
      stopServer(at)
      rmSync(at.home, { recursive: true, force: true })
    },
  }
}

/** A server that is someone else's: it can be used, but not stopped. */
const givenServer = (url: string): PostgresServer => {
  const cannot = () => Promise.reject(new Error("OPENCX_TEST_POSTGRES_URL is not ours to stop"))
  return {
    url,
    stop: cannot,
    start: cannot,
    createDatabase: async (name) => {
      const result = spawnSync("psql", ["-q", "-d", url, "-c", `CREATE DATABASE "${name}"`], {
        encoding: "utf8",
      })
      if (result.status !== 0) throw new Error(`createDatabase: ${result.stderr}`)
      const made = new URL(url)
      made.pathname = `/${name}`
      return made.toString()
    },
    pid: () => null,
    close: async () => {},
  }
}

/**
 * `OPENCX_TEST_POSTGRES_URL` if set, else a server of our own, else the reason why there is none. Call `close` at the end.
 */
export const acquirePostgres = async (): Promise<AcquiredPostgres> => {
  const given = process.env["OPENCX_TEST_POSTGRES_URL"]
  if (given !== undefined && given !== "") return givenServer(given)
  const binaries = findBinaries()
  if (binaries === null) return { skipped: "no Postgres binaries on this machine (initdb, pg_ctl, psql)" }
  const user = ordinaryUser()
  if (user === "none") return { skipped: "running as root, and there is no user to run Postgres as" }
  try {
    const at = await install(binaries, user)
    startServer(at)
    return privateServer(at)
  } catch (cause) {
    return {
      skipped: `Postgres could not be started: ${cause instanceof Error ? cause.message : String(cause)}`,
    }
  }
}

/** Prints why Postgres tests do not run, so that nobody takes silence for success. */
export const reportSkipped = (reason: string): void =>
  console.warn(`\n*** POSTGRES TESTS SKIPPED: ${reason}. Set OPENCX_TEST_POSTGRES_URL to run them. ***\n`)
