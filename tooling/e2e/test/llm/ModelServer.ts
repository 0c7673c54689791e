/** An OpenAI-compatible provider on loopback: it searches once, and answers from the first article that it was shown. */
import { createServer, type IncomingMessage } from "node:http"

const read = async (request: IncomingMessage): Promise<string> => {
  const chunks: Array<Buffer> = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString("utf8")
}

const chunk = (delta: unknown, finish: string | null = null): string =>
  `data: ${JSON.stringify({
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    created: 1,
    model: "scripted",
    choices: [{ index: 0, delta, finish_reason: finish }],
  })}\n\n`

const callOf = (name: string, args: unknown): string =>
  chunk({
    role: "assistant",
    tool_calls: [
      { index: 0, id: "call_0", type: "function", function: { name, arguments: JSON.stringify(args) } },
    ],
  }) + chunk({}, "tool_calls")

export interface ModelServer {
  readonly url: string
  /** Bodies of all requests. */
  readonly asked: ReadonlyArray<string>
  /** From now on every request fails with this status; null: works again. */
  readonly break: (status: number | null) => void
  readonly close: () => Promise<void>
}

/** `words`: what stands before the passage in its answers. */
export const startModelServer = async (words: string): Promise<ModelServer> => {
  const asked: Array<string> = []
  let broken: number | null = null
  const server = createServer((request, response) => {
    void read(request).then((body) => {
      asked.push(body)
      if (broken !== null) return response.writeHead(broken).end()
      const article = /id: ([^\\]+)\\n/.exec(body)?.[1]
      const answer =
        article === undefined
          ? callOf("searchHelpCenter", { query: "reset my password", language: "en" })
          : callOf("answer", {
              articleIds: [article],
              text: `${words} Select Sign in > Forgot password.`,
              confidence: 0.9,
            })
      response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" })
      return response.end(`${answer}data: [DONE]\n\n`)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/v1`,
    asked,
    break: (status) => {
      broken = status
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
