/**
 * The least that answering a message can be: a webhook comes in, one request goes out, over `node:http`. No signature
 * is checked, nothing is kept, nothing is thought.
 */
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http"
import { Effect } from "effect"

export interface Outgoing {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const textOf = async (message: IncomingMessage): Promise<string> => {
  const chunks: Array<Buffer> = []
  for await (const chunk of message) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString("utf8")
}

const send = (agent: Agent, { body, headers, url }: Outgoing): void => {
  const length = String(Buffer.byteLength(body))
  const sent = request(url, { agent, method: "POST", headers: { ...headers, "content-length": length } })
  sent.on("response", (answer) => answer.resume())
  // A request that breaks is missed at the provider.
  sent.on("error", () => undefined)
  sent.end(body)
}

type Next = (webhook: string) => Outgoing | null

const relayed = async (agent: Agent, next: Next, incoming: IncomingMessage, answer: ServerResponse) => {
  const outgoing = next(await textOf(incoming))
  if (outgoing !== null) send(agent, outgoing)
  answer.end()
}

/** Answers with its URL; ends with the scope. `next`: what the webhook's body asks for; null when it asks for nothing. */
export const bareRelay = Effect.fnUntraced(function* (next: Next) {
  const agent = new Agent({ keepAlive: true })
  const server = yield* Effect.acquireRelease(
    Effect.sync(() =>
      createServer((incoming, answer) => {
        relayed(agent, next, incoming, answer).catch(() => answer.destroy())
      }),
    ),
    (open) =>
      Effect.callback<void>((resume) => {
        agent.destroy()
        open.closeAllConnections()
        open.close(() => resume(Effect.void))
      }),
  )
  const port = yield* Effect.callback<number>((resume) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : 0))
    })
  })
  return `http://127.0.0.1:${port}/`
})
