/** As much of Twilio's REST API as the WhatsApp tests need. */
import { randomUUID } from "node:crypto"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { Effect } from "effect"
import { accountSid } from "./accounts.ts"

export type Mood =
  | { readonly kind: "error"; readonly status: number; readonly code: number }
  | { readonly kind: "status"; readonly status: number }
  | { readonly kind: "reset" }
  | { readonly kind: "resetAfterCommit" }

export interface Sent {
  readonly sid: string
  readonly form: URLSearchParams
  readonly at: number
}

/** `plan`: what happens to the next creations, in order. `lists`: whether the list can be had. */
export const tinyTwilio = Effect.acquireRelease(
  Effect.promise(async () => {
    const sent: Array<Sent> = []
    const plan: Array<Mood | null> = []
    const state = { lists: true, listed: 0 }
    const files = new Map<
      string,
      { readonly type: string; readonly bytes: Uint8Array; readonly to?: string }
    >()
    const auth = `Basic ${Buffer.from(`${accountSid}:twilio-auth-token-1`).toString("base64")}`
    const credentials: Array<string | undefined> = []
    const server = createServer((request, response) => {
      const chunks: Array<Buffer> = []
      request.on("data", (chunk: Buffer) => chunks.push(chunk))
      request.on("end", () => {
        const json = (status: number, body: unknown) =>
          response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body))
        const path = (request.url ?? "").split("?")[0] ?? ""
        const file = files.get(path)
        if (file !== undefined) {
          credentials.push(request.headers.authorization)
          if (file.to !== undefined) return response.writeHead(307, { location: file.to }).end()
          return response.writeHead(200, { "content-type": file.type }).end(file.bytes)
        }
        if (request.headers.authorization !== auth) return json(401, { code: 20003, message: "Authenticate" })
        if (request.method === "GET") {
          state.listed += 1
          if (!state.lists) return json(503, {})
          const messages = sent.map((m) => ({
            sid: m.sid,
            body: m.form.get("Body") ?? "",
            direction: "outbound-api",
            date_created: new Date(m.at).toUTCString(),
            num_media: m.form.has("MediaUrl") ? "1" : "0",
          }))
          return json(200, { messages: messages.toReversed() })
        }
        const mood = plan.shift() ?? null
        if (mood?.kind === "error")
          return json(mood.status, { code: mood.code, message: "no", status: mood.status })
        if (mood?.kind === "status") return response.writeHead(mood.status).end("<html>")
        if (mood?.kind === "reset") return request.socket.resetAndDestroy()
        const sid = `SM${randomUUID().replaceAll("-", "")}`
        sent.push({ sid, form: new URLSearchParams(Buffer.concat(chunks).toString("utf8")), at: Date.now() })
        if (mood?.kind === "resetAfterCommit") return request.socket.resetAndDestroy()
        return json(201, { sid, status: "queued" })
      })
    })
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve)
    })
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    return { url, sent, plan, state, files, credentials, server }
  }),
  ({ server }) =>
    Effect.promise(async () => {
      server.closeAllConnections()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
    }),
)
