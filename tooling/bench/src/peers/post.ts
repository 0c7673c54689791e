/** Webhooks on kept connections, as providers keep them. */
import { Agent, request } from "node:http"
import type { Signed } from "./outside.ts"

const agent = new Agent({ keepAlive: true, maxSockets: 64 })
const withinMs = 15_000

/** Status of the answer; 0 when none came. */
export const post = ({ body, headers, url }: Signed): Promise<number> =>
  new Promise((resolve) => {
    const length = String(Buffer.byteLength(body))
    const sent = request(url, { agent, method: "POST", headers: { ...headers, "content-length": length } })
    sent.setTimeout(withinMs, () => sent.destroy(new Error("no answer in time")))
    sent.on("error", () => resolve(0))
    sent.on("response", (answer) => {
      answer.resume()
      answer.on("end", () => resolve(answer.statusCode ?? 0))
      answer.on("error", () => resolve(0))
    })
    sent.end(body)
  })

/** Opens so many connections that the next webhooks leave in the order in which they are sent. */
export const openConnections = async (url: string, count: number): Promise<void> => {
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

/** All of them, so many at a time. */
export const postAll = async (webhooks: ReadonlyArray<Signed>, atOnce: number): Promise<void> => {
  const waiting = webhooks.values()
  const one = async (): Promise<void> => {
    for (const webhook of waiting) await post(webhook)
  }
  await Promise.all(Array.from({ length: atOnce }, one))
}

/** Kept connections would keep the process alive. */
export const closeConnections = (): void => agent.destroy()
