/** The load generator: a process of its own. Takes a job as its argument, prints one line, ends. */
import { createHmac, randomUUID } from "node:crypto"
import { Schema } from "effect"
import { spreadOf } from "../report/stats.ts"
import { Connection } from "./Connection.ts"
import { Job, type Outcome } from "./job.ts"

/** What answers may still take after the last request was due. */
const graceMs = 15_000

const job = Schema.decodeUnknownSync(Schema.fromJsonString(Job))(process.argv[2])
const url = new URL(job.url)
const target = { host: url.hostname, port: Number(url.port), path: url.pathname }
const statuses = new Map<number, number>()
const latencies: Array<number> = []

const request = (n: number): { readonly headers: string; readonly body: string } => {
  const ticket = job.tickets[n % job.tickets.length]
  const body = JSON.stringify({
    v: 1,
    ticket_id: ticket?.ticketId,
    external_id: ticket?.externalId,
    comment_id: "",
    author_id: "-1",
    status: "Open",
  })
  const at = new Date().toISOString()
  const signature = createHmac("sha256", job.secret).update(at).update(body).digest("base64")
  const headers = `x-zendesk-webhook-signature: ${signature}\r\nx-zendesk-webhook-signature-timestamp: ${at}\r\nx-zendesk-webhook-invocation-id: ${randomUUID()}\r\n`
  return { headers, body }
}

const ask = async (connection: Connection, n: number, dueAt: number): Promise<void> => {
  const { body, headers } = request(n)
  const status = await connection.post(headers, body)
  latencies.push(performance.now() - dueAt)
  statuses.set(status, (statuses.get(status) ?? 0) + 1)
}

/** Each connection asks again as soon as it has its answer. */
const asFastAsAnswered = async (connections: ReadonlyArray<Connection>): Promise<void> => {
  const until = performance.now() + job.seconds * 1000
  let n = 0
  const one = async (connection: Connection): Promise<void> => {
    while (performance.now() < until) await ask(connection, n++, performance.now())
  }
  await Promise.all(connections.map(one))
}

/** Requests fall due at fixed times; a slow server makes them queue, and the queueing counts. */
const atRate = async (connections: ReadonlyArray<Connection>, rate: number): Promise<void> => {
  const idle = [...connections]
  const total = Math.round(rate * job.seconds)
  const started = performance.now()
  let due = 0
  let sent = 0
  let done = 0
  await new Promise<void>((resolve) => {
    const one = async (connection: Connection, n: number): Promise<void> => {
      await ask(connection, n, started + (n * 1000) / rate)
      idle.push(connection)
      done += 1
      flush()
    }
    const flush = (): void => {
      while (sent < due) {
        const connection = idle.pop()
        if (connection === undefined) return
        const n = sent++
        void one(connection, n)
      }
      if (done === total) end()
    }
    const tick = setInterval(() => {
      due = Math.min(total, Math.floor(((performance.now() - started) * rate) / 1000) + 1)
      flush()
    }, 1)
    const giveUp = setTimeout(() => end(), job.seconds * 1000 + graceMs)
    const end = (): void => {
      clearInterval(tick)
      clearTimeout(giveUp)
      if (done < total) statuses.set(0, (statuses.get(0) ?? 0) + total - done)
      resolve()
    }
  })
}

const main = async (): Promise<void> => {
  const connections = Array.from({ length: job.connections }, () => new Connection(target))
  const cpu = process.cpuUsage()
  const started = performance.now()
  await (job.rate === null ? asFastAsAnswered(connections) : atRate(connections, job.rate))
  const seconds = (performance.now() - started) / 1000
  const used = process.cpuUsage(cpu)
  for (const connection of connections) connection.close()
  const { max, p50, p99 } = spreadOf(latencies)
  const outcome: Outcome = {
    answered: latencies.length,
    statuses: Object.fromEntries([...statuses].map(([status, count]) => [String(status), count])),
    perSecond: latencies.length / seconds,
    p50,
    p99,
    max,
    ownCpu: (used.user + used.system) / 1e6 / seconds,
  }
  process.stdout.write(`${JSON.stringify(outcome)}\n`, () => process.exit(0))
}

process.stdin.on("close", () => process.exit(1)).resume()
await main()
