/** Webhooks on kept connections, as providers keep them. */
import { Agent, request } from "node:http"
import type { Signed } from "./outside.ts"

const shared = new Agent({ keepAlive: true, maxSockets: 64 })
const withinMs = 15_000

/** Status of the answer; 0 when none came. `over`: whose connections it takes. */
export const post = ({ body, headers, url }: Signed, over: Agent = shared): Promise<number> =>
  new Promise((resolve) => {
    const length = String(Buffer.byteLength(body))
    const sent = request(url, {
      agent: over,
      method: "POST",
      headers: { ...headers, "content-length": length },
    })
    sent.setTimeout(withinMs, () => sent.destroy(new Error("no answer in time")))
    sent.on("error", () => resolve(0))
    sent.on("response", (answer) => {
      answer.resume()
      answer.on("end", () => resolve(answer.statusCode ?? 0))
      answer.on("error", () => resolve(0))
    })
    sent.end(body)
  })

const openAll = async (agent: Agent, url: string, count: number): Promise<void> => {
  const one = (): Promise<void> =>
    new Promise((resolve) => {
      const asked = request(url, { agent, method: "GET" })
      asked.on("error", () => resolve())
      asked.on("response", (answer) => {
        answer.resume()
        answer.on("close", () => resolve())
      })
      asked.end()
    })
  await Promise.all(Array.from({ length: count }, one))
}

/**
 * Over so many connections that nobody else uses and that are open already: webhooks arrive in the order in which they are
 * sent. One that has to wait for a new connection is overtaken by the next one on an open connection.
 */
export const overOpenConnections = async <A>(
  url: string,
  count: number,
  use: (agent: Agent) => Promise<A>,
): Promise<A> => {
  const agent = new Agent({ keepAlive: true, maxSockets: count })
  try {
    await openAll(agent, url, count)
    return await use(agent)
  } finally {
    agent.destroy()
  }
}

/** All of them, so many at a time. */
export const postAll = async (webhooks: ReadonlyArray<Signed>, atOnce: number): Promise<void> => {
  const waiting = webhooks.values()
  const one = async (): Promise<void> => {
    for (const webhook of waiting) await post(webhook)
  }
  await Promise.all(Array.from({ length: atOnce }, one))
}

/** Kept connections would keep the process alive. */
export const closeConnections = (): void => shared.destroy()
