import { request as httpRequest } from "node:http"
import { request as httpsRequest } from "node:https"
import { later } from "../world/edge.ts"

export type SendResult =
  | {
      readonly kind: "answered"
      readonly status: number
      readonly retryAfter: string | undefined
      readonly excerpt: string
    }
  | { readonly kind: "timeout" }
  | { readonly kind: "unreachable"; readonly error: string }

export interface Sending {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Real milliseconds. */
  readonly timeoutMs: number
  readonly onAbort: (abort: () => void) => () => void
}

/** One real HTTP request; redirects are not followed. Never rejects. */
export const send = (sending: Sending): Promise<SendResult> =>
  new Promise((resolve) => {
    if (!URL.canParse(sending.url)) {
      resolve({ kind: "unreachable", error: "the endpoint is not a URL" })
      return
    }
    const url = new URL(sending.url)
    const start = url.protocol === "https:" ? httpsRequest : httpRequest
    let settled = false
    const done = (result: SendResult): void => {
      if (settled) return
      settled = true
      cancel()
      forget()
      resolve(result)
    }
    const outgoing = start(url, { method: sending.method, headers: { ...sending.headers } }, (response) => {
      const chunks: Array<Buffer> = []
      let size = 0
      response.on("data", (chunk: Buffer) => {
        if (size < 2_000) chunks.push(chunk)
        size += chunk.length
      })
      response.on("end", () => {
        const retryAfter = response.headers["retry-after"]
        const excerpt = Buffer.concat(chunks).toString("utf8").slice(0, 500)
        done({ kind: "answered", status: response.statusCode ?? 0, retryAfter, excerpt })
      })
      response.on("error", (error) => done({ kind: "unreachable", error: error.message }))
    })
    const cancel = later(sending.timeoutMs, () => {
      done({ kind: "timeout" })
      outgoing.destroy()
    })
    const forget = sending.onAbort(() => {
      done({ kind: "unreachable", error: "the emulator stopped" })
      outgoing.destroy()
    })
    outgoing.on("error", (error) => done({ kind: "unreachable", error: error.message }))
    outgoing.end(sending.body)
  })
