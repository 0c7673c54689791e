/** What the suite is told about the example channel. */
import { createServer } from "node:http"
import { Effect } from "effect"
import type { ChannelFixtures, FakeProvider } from "../../src/index.ts"
import { signatureOf } from "./postPlugin.ts"

const secret = "post-secret-123"

const provider = (status: number) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const received: Array<string> = []
      const server = createServer((request, response) => {
        const chunks: Array<Buffer> = []
        request.on("data", (chunk: Buffer) => chunks.push(chunk))
        request.on("end", () => {
          if (status === 0) return void request.socket.destroy()
          received.push(Buffer.concat(chunks).toString("utf8"))
          response.writeHead(status).end()
        })
      })
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
      const address = server.address()
      const port = typeof address === "object" && address !== null ? address.port : 0
      const fake: FakeProvider = {
        settings: { url: `http://127.0.0.1:${port}`, secret },
        address: JSON.stringify({ to: "ann" }),
        received: Effect.sync(() => [...received]),
      }
      return { fake, server }
    }),
    ({ server }) =>
      Effect.sync(() => {
        server.closeAllConnections()
        server.close()
      }),
  ).pipe(Effect.map(({ fake }) => fake))

const request = (body: unknown, key = secret) => {
  const bytes = new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body))
  return {
    method: "POST",
    url: "https://hooks.example/x",
    headers: { "x-signature": signatureOf(key, bytes) },
    body: bytes,
    remoteAddress: null,
  }
}

const hello = { id: "m1", type: "message", from: "ann", text: "Hello" }
const settings = { url: "https://post.example", secret }

export const postFixtures: ChannelFixtures = {
  settings,
  secrets: [secret],
  rejected: [
    { name: "no URL", settings: { secret }, mentions: "url" },
    { name: "a short secret", settings: { ...settings, secret: "short" }, mentions: "secret" },
  ],
  webhooks: [
    {
      name: "Post",
      settings,
      request: () => request({ items: [hello] }),
      yields: ["Message"],
      texts: ["Hello"],
      forgeries: [{ name: "another key", request: () => request({ items: [hello] }, "another-key") }],
      coversBody: true,
      redelivered: () => request({ items: [hello], attempt: 2 }),
      withUnknownFields: () => request({ items: [{ ...hello, sparkle: true }], more: 1 }),
      unknownType: () => request({ items: [{ ...hello, type: "dance" }] }),
      batchWithOneBad: {
        request: () => request({ items: [hello, { id: 7 }, { ...hello, id: "m2" }] }),
        yields: ["Message", "Message"],
      },
      malformed: [{ name: "no JSON", request: () => request("{") }],
    },
  ],
  sending: [
    { name: "taken", start: provider(200), expect: "sent" },
    { name: "blocked", start: provider(403), expect: "Permanent" },
    { name: "down", start: provider(503), expect: "Retry" },
    { name: "gone after the request", start: provider(0), expect: "Ambiguous" },
  ],
  rendering: { start: provider(200) },
}
